import type { Vector3 } from '@myelon/diffusion';
import { distance, length, scaled } from '../vectors';

/** b-matrix in s/mm2: XX, XY, XZ, YY, YZ, ZZ. */
export type BMatrix = readonly [number, number, number, number, number, number];

const LARGEST_ELEMENT = 1e5;
const ITERATIONS = 200;
/** Relative change from one step to the next that is rounding alone. */
const SETTLED = 1e-14;

/** Six finite numbers of a physical size, or undefined. */
export function bMatrix(list: readonly (number | undefined)[] | undefined): BMatrix | undefined {
  const [xx, xy, xz, yy, yz, zz] = list ?? [];
  const six = [xx, xy, xz, yy, yz, zz];
  if (six.some((value) => value === undefined || !(Math.abs(value) < LARGEST_ELEMENT))) return undefined;
  return six as unknown as BMatrix;
}

/** b-value of the matrix: its trace, in s/mm2. */
export function traceOf(matrix: BMatrix): number {
  return matrix[0] + matrix[3] + matrix[5];
}

/**
 * Principal eigenvector: the gradient axis. Its sign is not in a b-matrix. Undefined for a matrix without one
 * (b0, or isotropic weighting).
 */
export function principalAxis(matrix: BMatrix): Vector3 | undefined {
  const [xx, xy, xz, yy, yz, zz] = matrix;
  const trace = traceOf(matrix);
  if (!(trace >= 1)) return undefined;
  const columns: Vector3[] = [
    [xx, xy, xz],
    [xy, yy, yz],
    [xz, yz, zz],
  ];
  let axis = columns.reduce((longest, column) => (length(column) > length(longest) ? column : longest));
  for (let step = 0; step < ITERATIONS; step++) {
    const [x, y, z] = scaled(axis, 1 / length(axis));
    const next: Vector3 = [xx * x + xy * y + xz * z, xy * x + yy * y + yz * z, xz * x + yz * y + zz * z];
    const settled = distance(next, axis) <= SETTLED * length(next);
    axis = next;
    if (settled) break;
  }
  const largest = length(axis);
  return largest > 0.8 * trace ? scaled(axis, 1 / largest) : undefined;
}
