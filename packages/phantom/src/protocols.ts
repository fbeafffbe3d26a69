import { GradientTable, type Affine, type Vector3, type VoxelGrid } from '@myelon/diffusion';
import { spreadDirections, TRACE_DIRECTIONS } from './directions';

/** b-values of the IVIM series, s/mm2. */
export const IVIM_B_VALUES: readonly number[] = [
  0, 5, 10, 15, 20, 30, 40, 60, 80, 100, 150, 200, 300, 400, 600, 800,
];

let directionsOfDti: Vector3[] | null = null;

/** 5 b0, spread through the series, and 30 directions at b 800; directions in LPS. */
export function dtiGradients(): GradientTable {
  directionsOfDti ??= spreadDirections(30);
  const directions = directionsOfDti;
  const bValues: number[] = [];
  const vectors: number[] = [];
  directions.forEach((direction, index) => {
    if (index % 6 === 0) {
      bValues.push(0);
      vectors.push(0, 0, 0);
    }
    bValues.push(800);
    vectors.push(...direction);
  });
  return new GradientTable(bValues, vectors);
}

/** 3 b0 and 15 b-values in 3 directions each; directions in LPS. */
export function ivimGradients(): GradientTable {
  const bValues = IVIM_B_VALUES.flatMap((bValue) => [bValue, bValue, bValue]);
  const vectors = IVIM_B_VALUES.flatMap((bValue) =>
    TRACE_DIRECTIONS.flatMap((direction) => (bValue === 0 ? [0, 0, 0] : [...direction])),
  );
  return new GradientTable(bValues, vectors);
}

/** One slice stack: how many voxels, how large. */
export interface StackSize {
  readonly columns: number;
  readonly rows: number;
  readonly slices: number;
  /** In plane and through plane, mm. */
  readonly pixelMm: number;
  readonly sliceMm: number;
}

export interface PhantomProtocol {
  readonly diffusion: StackSize;
  readonly axialT2: StackSize;
  readonly sagittalT2: StackSize;
}

/** `full` is the demo; `small` keeps the cord and its compression for fast tests. */
export const PROTOCOLS: Readonly<Record<'full' | 'small', PhantomProtocol>> = {
  full: {
    diffusion: { columns: 64, rows: 64, slices: 15, pixelMm: 0.9, sliceMm: 5 },
    axialT2: { columns: 128, rows: 128, slices: 25, pixelMm: 0.6, sliceMm: 3 },
    sagittalT2: { columns: 240, rows: 256, slices: 15, pixelMm: 0.8, sliceMm: 3 },
  },
  small: {
    diffusion: { columns: 24, rows: 24, slices: 5, pixelMm: 0.9, sliceMm: 5 },
    axialT2: { columns: 40, rows: 40, slices: 5, pixelMm: 0.6, sliceMm: 5 },
    sagittalT2: { columns: 48, rows: 64, slices: 3, pixelMm: 0.8, sliceMm: 3 },
  },
};

/** Row, column and slice directions of a stack before it is turned. */
export const AXIAL_AXES: readonly Vector3[] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];
export const SAGITTAL_AXES: readonly Vector3[] = [
  [0, 1, 0],
  [0, 0, -1],
  [-1, 0, 0],
];

/**
 * A stack centred on the origin.
 * @param axes directions of growing column, row and slice index
 * @param turnDegrees rotation of the stack about x, then y, then z
 */
export function stackGrid(
  size: StackSize,
  axes: readonly Vector3[],
  turnDegrees: Vector3,
  frameOfReferenceUID: string,
): VoxelGrid {
  const [r, c, n] = axes.map((axis) => turn(axis, turnDegrees)) as [Vector3, Vector3, Vector3];
  const half = [(size.columns - 1) / 2, (size.rows - 1) / 2, (size.slices - 1) / 2] as const;
  const row = (k: 0 | 1 | 2): [number, number, number, number] => {
    const [u, v, w] = [r[k] * size.pixelMm, c[k] * size.pixelMm, n[k] * size.sliceMm];
    return [u, v, w, -(u * half[0] + v * half[1] + w * half[2])];
  };
  const affine: Affine = [...row(0), ...row(1), ...row(2)];
  return { columns: size.columns, rows: size.rows, slices: size.slices, affine, frameOfReferenceUID };
}

function turn(vector: Vector3, [aboutX, aboutY, aboutZ]: Vector3): Vector3 {
  let [x, y, z] = vector;
  const rotate = (p: number, q: number, degrees: number): [number, number] => {
    const angle = (degrees * Math.PI) / 180;
    return [p * Math.cos(angle) - q * Math.sin(angle), p * Math.sin(angle) + q * Math.cos(angle)];
  };
  [y, z] = rotate(y, z, aboutX);
  [z, x] = rotate(z, x, aboutY);
  [x, y] = rotate(x, y, aboutZ);
  return [x, y, z];
}
