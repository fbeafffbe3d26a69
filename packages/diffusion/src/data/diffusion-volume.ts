import type { GradientTable } from './gradient-table';
import { InputRefused } from './refusal';
import { checkGrid, voxelCount, type VoxelGrid } from './voxel-grid';

/** The DICOM frame one slice of one volume came from. */
export interface SliceSource {
  readonly sopInstanceUID: string;
  /** Frame number, from 1. */
  readonly frame: number;
}

/** A diffusion series in memory. */
export interface DiffusionVolume {
  readonly grid: VoxelGrid;
  readonly gradients: GradientTable;
  /** Signal, `[volume][slice][row][column]`, after rescale. */
  readonly signal: Float32Array;
  /** `[volume][slice]`; empty when the series did not come from DICOM. */
  readonly sources: readonly SliceSource[];
  /** What a person calls this series ("DTI 30 directions", "dwi.nii.gz"). */
  readonly name: string;
}

/**
 * @param parts all fields of a {@link DiffusionVolume}
 * @throws InputRefused when the signal does not fit grid x gradient table, or sources do not fit slices
 */
export function diffusionVolume(parts: DiffusionVolume): DiffusionVolume {
  const { grid, gradients, signal, sources, name } = parts;
  checkGrid(grid, name);
  const expected = voxelCount(grid) * gradients.count;
  if (signal.length !== expected) {
    throw new InputRefused(
      `${String(signal.length)} signal values where ${String(gradients.count)} volumes of ` +
        `${String(grid.columns)} x ${String(grid.rows)} x ${String(grid.slices)} need ${String(expected)}`,
      name,
      'images and gradient table do not belong together: give the table of this series',
    );
  }
  if (sources.length !== 0 && sources.length !== grid.slices * gradients.count) {
    throw new InputRefused(
      `${String(sources.length)} source frames for ${String(grid.slices * gradients.count)} slices`,
      name,
      'report this as a defect of the reader',
    );
  }
  return parts;
}

/** A view (not a copy) of one volume of the signal. */
export function signalOfVolume(volume: DiffusionVolume, index: number): Float32Array {
  const size = voxelCount(volume.grid);
  return volume.signal.subarray(index * size, (index + 1) * size);
}

/** Mean of some volumes, voxel by voxel: the b0 image, or the mean diffusion-weighted image. */
export function meanOfVolumes(volume: DiffusionVolume, indices: readonly number[]): Float32Array {
  const size = voxelCount(volume.grid);
  const mean = new Float32Array(size);
  for (const index of indices) {
    const one = signalOfVolume(volume, index);
    for (let voxel = 0; voxel < size; voxel++) mean[voxel] = (mean[voxel] ?? 0) + (one[voxel] ?? 0);
  }
  for (let voxel = 0; voxel < size; voxel++) mean[voxel] = (mean[voxel] ?? 0) / Math.max(indices.length, 1);
  return mean;
}
