import {
  diffusionVolume,
  singleShell,
  tensorFit,
  voxelCount,
  voxelToPatient,
  type Affine,
  type DiffusionVolume,
  type Vector3,
  type VoxelGrid,
} from '@myelon/diffusion';
import { parsePart10 } from '@myelon/dicom';
import { diffusionVolumeToDicom, simulatedStudy, type DicomEncoding } from '@myelon/phantom';
import { axialAngle, seriesOf, signalOf } from './dicom-support';

/**
 * A known fibre in a known place, through every encoding and back. An axis or a sign exchanged anywhere between
 * gradient table, image planes and voxels turns the fibre; nothing else shows it: FA and MD stay as they are.
 */
const ENCODINGS: readonly DicomEncoding[] = ['classic', 'enhanced', 'mosaic', 'tiles'];
const POSITIONS = ['HFS', 'HFP', 'FFS', 'FFP', 'HFDR', 'HFDL', 'FFDR', 'FFDL'];
const LARGEST_ANGLE_DEGREES = 0.5;

const rotated = ([x, y, z]: Vector3, axis: 0 | 1 | 2, degrees: number): Vector3 => {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  if (axis === 0) return [x, y * c - z * s, y * s + z * c];
  return axis === 1 ? [x * c + z * s, y, z * c - x * s] : [x * c - y * s, x * s + y * c, z];
};
const doubleOblique = (v: Vector3) => rotated(rotated(v, 0, 24), 2, -17);
const tripleOblique = (v: Vector3) => rotated(rotated(rotated(v, 0, -31), 1, 12), 2, 41);

type Plane = readonly [name: string, row: Vector3, column: Vector3];
const STRAIGHT: readonly Plane[] = [
  ['axial', [1, 0, 0], [0, 1, 0]],
  ['sagittal', [0, 1, 0], [0, 0, -1]],
  ['coronal', [1, 0, 0], [0, 0, -1]],
];
const PLANES: readonly Plane[] = [
  ...STRAIGHT,
  ...STRAIGHT.map(([name, r, c]): Plane => [`${name}, double oblique`, doubleOblique(r), doubleOblique(c)]),
  ['axial, turned about all axes', tripleOblique([1, 0, 0]), tripleOblique([0, 1, 0])],
  ['axial, rows from left to right and back to front', [-1, 0, 0], [0, -1, 0]],
];

const FIBRE: Vector3 = [0.36, 0.48, 0.8];
/** Along the fibre and across it, mm2/s. */
const [ALONG, ACROSS] = [1.7e-3, 0.4e-3];

/** @param handed 1: slices run along row x column; -1: against it */
function gridOf(row: Vector3, column: Vector3, handed: 1 | -1): VoxelGrid {
  const normal: Vector3 = [
    row[1] * column[2] - row[2] * column[1],
    row[2] * column[0] - row[0] * column[2],
    row[0] * column[1] - row[1] * column[0],
  ];
  const [columnMm, rowMm, sliceMm] = [1.25, 2, 3.5 * handed];
  const affine = [0, 1, 2].flatMap((axis) => [
    row[axis]! * columnMm,
    column[axis]! * rowMm,
    normal[axis]! * sliceMm,
    [-31.5, 12.25, 80][axis]!,
  ]) as unknown as Affine;
  // Three slices leave a tile empty in either tiling; columns, rows and slices differ.
  return { columns: 6, rows: 4, slices: 3, affine, frameOfReferenceUID: '2.25.77' };
}

/** Brightness that names a place in the body: no two voxels of a grid share it, and it does not know the grid. */
function brightness([x, y, z]: Vector3): number {
  return 20000 + 131 * x + 57 * y + 89 * z;
}

function simulated(grid: VoxelGrid): DiffusionVolume {
  const gradients = singleShell(1, 7, 800);
  const perVolume = voxelCount(grid);
  const signal = Float32Array.from({ length: perVolume * gradients.count }, (_, index) => {
    const volume = Math.floor(index / perVolume);
    const g = gradients.direction(volume);
    const along = g[0] * FIBRE[0] + g[1] * FIBRE[1] + g[2] * FIBRE[2];
    const decay = Math.exp(-gradients.bValue(volume) * (ACROSS + (ALONG - ACROSS) * along ** 2));
    return Math.round(brightness(voxelToPatient(grid, indexOf(grid, index % perVolume))) * decay);
  });
  return diffusionVolume({ grid, gradients, signal, sources: [], name: 'fibre' });
}

function indexOf({ columns, rows }: VoxelGrid, voxel: number): Vector3 {
  return [voxel % columns, Math.floor(voxel / columns) % rows, Math.floor(voxel / (columns * rows))];
}

async function throughDicom(volume: DiffusionVolume, encoding: DicomEncoding, patientPosition: string) {
  const study = simulatedStudy(5, { patientPosition });
  const as = { encoding, description: 'fibre', seriesNumber: 3, folder: 'dwi' };
  // Backwards: the order of files must mean nothing.
  const files = diffusionVolumeToDicom(volume, study, as)
    .reverse()
    .map(({ bytes }) => parsePart10(bytes));
  const series = seriesOf(files);
  const { grid, gradients, name } = series;
  return diffusionVolume({ grid, gradients, signal: await signalOf(series, files), sources: [], name });
}

async function expectFibre(read: DiffusionVolume): Promise<void> {
  const { maps, principalDirections } = await tensorFit(read, { method: 'wls' });
  for (let voxel = 0; voxel < voxelCount(read.grid); voxel++) {
    const [x, y, z] = principalDirections.subarray(3 * voxel, 3 * voxel + 3);
    expect(axialAngle([x!, y!, z!], FIBRE)).toBeLessThan(LARGEST_ANGLE_DEGREES);
    const place = brightness(voxelToPatient(read.grid, indexOf(read.grid, voxel)));
    expect(Math.abs(maps.s0.values[voxel]! - place)).toBeLessThan(3);
  }
}

jest.setTimeout(60_000);

describe.each(ENCODINGS)('%s', (encoding) => {
  test.each(PLANES)('%s', async (name, row, column) => {
    for (const handed of name.includes(',') ? ([-1] as const) : ([1, -1] as const))
      await expectFibre(await throughDicom(simulated(gridOf(row, column, handed)), encoding, 'HFS'));
  });

  test.each(POSITIONS)('patient position %s', async (position) => {
    const [, row, column] = PLANES[5]!;
    await expectFibre(await throughDicom(simulated(gridOf(row, column, 1)), encoding, position));
  });
});
