import type { CordMask } from '@myelon/cord';
import {
  diffusionVolume,
  GradientTable,
  singleShell,
  voxelCount,
  voxelIndex,
  type DiffusionVolume,
  type VoxelGrid,
} from '@myelon/diffusion';
import type { InputOrigin } from './analysis-session';

/** Known diffusion of one slice of a synthetic cord along z. For tests. */
export interface SliceTruth {
  /** Eigenvalues of the tensor, mm2/s. */
  readonly axial: number;
  readonly radial: number;
  readonly f: number;
  /** mm2/s. */
  readonly d: number;
  readonly dStar: number;
}

export const SAMPLE_GRID: VoxelGrid = {
  columns: 14,
  rows: 14,
  slices: 3,
  affine: [0.9, 0, 0, -6, 0, 0.9, 0, -6, 0, 0, 5, 0],
  frameOfReferenceUID: '2.25.1',
};

const healthy: SliceTruth = { axial: 1.8e-3, radial: 0.5e-3, f: 0.12, d: 0.9e-3, dStar: 12e-3 };
const compressed: SliceTruth = { axial: 1.3e-3, radial: 0.8e-3, f: 0.06, d: 1.1e-3, dStar: 12e-3 };

/** Slice 1 (the second) is compressed. */
export const SAMPLE_TRUTH: readonly SliceTruth[] = [healthy, compressed, healthy];

/** The middle 6 x 6 voxels of every slice. */
export function sampleMask(): CordMask {
  const labels = new Uint8Array(voxelCount(SAMPLE_GRID));
  for (let slice = 0; slice < SAMPLE_GRID.slices; slice++)
    for (let row = 4; row < 10; row++)
      for (let column = 4; column < 10; column++) labels[voxelIndex(SAMPLE_GRID, column, row, slice)] = 1;
  return { grid: SAMPLE_GRID, labels, method: 'manual' };
}

/** 5 b0 and 30 directions at b 800, free of noise. */
export function sampleTensorVolume(): DiffusionVolume {
  return simulate('DTI', singleShell(5, 30, 800), ({ axial, radial }, b, [x, y, z]) =>
    Math.exp(-b * (radial * (x * x + y * y) + axial * z * z)),
  );
}

/** 16 b-values in 3 directions, free of noise; the same in each direction. */
export function sampleIvimVolume(): DiffusionVolume {
  const bValues = [0, 5, 10, 20, 30, 40, 60, 80, 100, 150, 200, 300, 400, 500, 600, 800];
  const axes = [1, 0, 0, 0, 1, 0, 0, 0, 1];
  const table = new GradientTable(
    bValues.flatMap((b) => [b, b, b]),
    bValues.flatMap((b) => (b === 0 ? new Array<number>(9).fill(0) : axes)),
  );
  return simulate(
    'IVIM',
    table,
    ({ f, d, dStar }, b) => f * Math.exp(-b * dStar) + (1 - f) * Math.exp(-b * d),
  );
}

export const SAMPLE_ORIGIN: InputOrigin = {
  source: { kind: 'nifti', file: 'dwi.nii.gz', sha256: '0'.repeat(64) },
  leftOut: [],
  warnings: [],
};

function simulate(
  name: string,
  gradients: GradientTable,
  attenuation: (truth: SliceTruth, b: number, direction: readonly [number, number, number]) => number,
): DiffusionVolume {
  const size = voxelCount(SAMPLE_GRID);
  const perSlice = SAMPLE_GRID.columns * SAMPLE_GRID.rows;
  const signal = new Float32Array(size * gradients.count);
  for (let volume = 0; volume < gradients.count; volume++) {
    SAMPLE_TRUTH.forEach((truth, slice) => {
      const start = volume * size + slice * perSlice;
      signal.fill(
        1000 * attenuation(truth, gradients.bValue(volume), gradients.direction(volume)),
        start,
        start + perSlice,
      );
    });
  }
  return diffusionVolume({ grid: SAMPLE_GRID, gradients, signal, sources: [], name });
}
