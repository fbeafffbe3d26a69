import { InputRefused } from './refusal';

/** Rows of a 3 x 4 matrix, row-major: voxel index (column, row, slice, 1) to LPS mm. */
export type Affine = readonly [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

export type Vector3 = readonly [number, number, number];

/**
 * Where voxels lie. Index order everywhere is `[slice][row][column]`, column fastest. The affine takes the index of
 * a voxel's centre to millimetres in the patient frame (LPS).
 */
export interface VoxelGrid {
  readonly columns: number;
  readonly rows: number;
  readonly slices: number;
  readonly affine: Affine;
  /** Frame of Reference UID, when the source has one. */
  readonly frameOfReferenceUID?: string;
}

/** Number of voxels of a grid. */
export function voxelCount(grid: VoxelGrid): number {
  return grid.columns * grid.rows * grid.slices;
}

/** Linear index of a voxel, column fastest. */
export function voxelIndex(grid: VoxelGrid, column: number, row: number, slice: number): number {
  return (slice * grid.rows + row) * grid.columns + column;
}

/** Position of a (possibly fractional) voxel index in LPS mm. */
export function voxelToPatient(grid: VoxelGrid, [column, row, slice]: Vector3): Vector3 {
  const a = grid.affine;
  return [
    a[0] * column + a[1] * row + a[2] * slice + a[3],
    a[4] * column + a[5] * row + a[6] * slice + a[7],
    a[8] * column + a[9] * row + a[10] * slice + a[11],
  ];
}

/** Fractional voxel index (column, row, slice) of a position in LPS mm. */
export function patientToVoxel(grid: VoxelGrid, [x, y, z]: Vector3): Vector3 {
  const [a, b, c, tx, d, e, f, ty, g, h, i, tz] = grid.affine;
  const [px, py, pz] = [x - tx, y - ty, z - tz];
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  return [
    (px * (e * i - f * h) - b * (py * i - f * pz) + c * (py * h - e * pz)) / determinant,
    (a * (py * i - f * pz) - px * (d * i - f * g) + c * (d * pz - py * g)) / determinant,
    (a * (e * pz - py * h) - b * (d * pz - py * g) + px * (d * h - e * g)) / determinant,
  ];
}

/** Distances in mm between voxel centres along column index, row index and slice index. */
export function spacingMm(grid: VoxelGrid): Vector3 {
  const a = grid.affine;
  return [Math.hypot(a[0], a[4], a[8]), Math.hypot(a[1], a[5], a[9]), Math.hypot(a[2], a[6], a[10])];
}

/** Volume of one voxel in mm3. */
export function voxelVolumeMm3(grid: VoxelGrid): number {
  const [a, b, c, , d, e, f, , g, h, i] = grid.affine;
  return Math.abs(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g));
}

/** True when two grids have the same matrix and place every corner within `toleranceMm`. */
export function sameGrid(p: VoxelGrid, q: VoxelGrid, toleranceMm = 0.01): boolean {
  if (p.columns !== q.columns || p.rows !== q.rows || p.slices !== q.slices) return false;
  const corners: Vector3[] = [
    [0, 0, 0],
    [p.columns - 1, 0, 0],
    [0, p.rows - 1, 0],
    [0, 0, p.slices - 1],
  ];
  return corners.every((corner) => {
    const [px, py, pz] = voxelToPatient(p, corner);
    const [qx, qy, qz] = voxelToPatient(q, corner);
    return Math.hypot(px - qx, py - qy, pz - qz) <= toleranceMm;
  });
}

/**
 * Refuses a grid that no image can have.
 * @throws InputRefused for sizes below 1 or not whole, or an affine that is singular or not finite
 */
export function checkGrid(grid: VoxelGrid, where: string): void {
  for (const [name, size] of Object.entries({
    columns: grid.columns,
    rows: grid.rows,
    slices: grid.slices,
  })) {
    if (!Number.isInteger(size) || size < 1) {
      throw new InputRefused(
        `${String(size)} ${name}`,
        where,
        'the image header is damaged: fetch the series again',
      );
    }
  }
  if (!grid.affine.every(Number.isFinite) || !(voxelVolumeMm3(grid) > 0)) {
    throw new InputRefused(
      'position, orientation or spacing do not describe a volume',
      where,
      'check Image Position, Image Orientation and Pixel Spacing of the series',
    );
  }
}
