import type { GradientTable } from '../data/gradient-table';
import { symmetricEigenvalueRange } from './jacobi';

/** Columns of the design: ln S0 and Dxx, Dyy, Dzz, Dxy, Dxz, Dyz. */
export const TENSOR_PARAMETERS = 7;

/** Smallest over largest eigenvalue of the scaled normal matrix below which the tensor is not determined. */
const SINGULAR_BELOW = 1e-6;

/**
 * Design of the log-linear tensor model, with b scaled to the largest b of the table so that all columns are of
 * order 1.
 */
export interface TensorDesign {
  /** Number of measurements. */
  readonly rows: number;
  /** Factor the b-values were divided by, s/mm2: fitted diffusivities are in 1/bScale mm2/s. */
  readonly bScale: number;
  /**
   * `[row][6]`: b/bScale x (gx gx, gy gy, gz gz, 2 gx gy, 2 gx gz, 2 gy gz). The model is
   * `ln S = ln S0 - sum(q x D)`.
   */
  readonly weighting: Float64Array;
}

/** Design of the given volumes of a table. */
export function tensorDesign(table: GradientTable, volumes: readonly number[]): TensorDesign {
  const bScale = Math.max(...volumes.map((volume) => table.bValue(volume)), Number.MIN_VALUE);
  const weighting = new Float64Array(6 * volumes.length);
  volumes.forEach((volume, row) => {
    const b = table.bValue(volume) / bScale;
    const [x, y, z] = table.direction(volume);
    weighting.set([b * x * x, b * y * y, b * z * z, 2 * b * x * y, 2 * b * x * z, 2 * b * y * z], 6 * row);
  });
  return { rows: volumes.length, bScale, weighting };
}

/** One entry of the full design matrix: column 0 is ln S0, columns 1 to 6 are minus the weighting. */
export function designEntry(design: TensorDesign, row: number, column: number): number {
  return column === 0 ? 1 : -(design.weighting[6 * row + column - 1] ?? 0);
}

/** Unweighted normal matrix X'X / rows, 7 x 7 row-major. */
export function normalMatrix(design: TensorDesign): Float64Array {
  const p = TENSOR_PARAMETERS;
  const matrix = new Float64Array(p * p);
  for (let row = 0; row < design.rows; row++)
    for (let i = 0; i < p; i++)
      for (let j = 0; j < p; j++) {
        const at = i * p + j;
        matrix[at] =
          (matrix[at] ?? 0) + (designEntry(design, row, i) * designEntry(design, row, j)) / design.rows;
      }
  return matrix;
}

/** True when the measurements determine S0 and all six tensor elements. */
export function determinesTensor(design: TensorDesign): boolean {
  if (design.rows < TENSOR_PARAMETERS) return false;
  const { smallest, largest } = symmetricEigenvalueRange(normalMatrix(design), TENSOR_PARAMETERS);
  return largest > 0 && smallest / largest > SINGULAR_BELOW;
}

/**
 * Transposed pseudo-inverse of the design, for ordinary least squares: parameters = ln signal x this.
 *
 * @param columns columns of the result, at least 7; the rest is 0
 * @returns `[row][columns]`
 */
export function pseudoInverse(design: TensorDesign, columns: number): Float64Array {
  const p = TENSOR_PARAMETERS;
  const inverse = invertSymmetric(normalMatrix(design), p);
  const result = new Float64Array(design.rows * columns);
  for (let row = 0; row < design.rows; row++)
    for (let i = 0; i < p; i++) {
      let sum = 0;
      for (let j = 0; j < p; j++) sum += (inverse[i * p + j] ?? 0) * designEntry(design, row, j);
      result[row * columns + i] = sum / design.rows;
    }
  return result;
}

/** Inverse of a positive-definite matrix by Gauss-Jordan elimination (no pivoting needed). */
function invertSymmetric(matrix: Float64Array, n: number): Float64Array {
  const a = matrix.slice();
  for (let k = 0; k < n; k++) {
    const pivot = a[k * n + k] ?? 1;
    a[k * n + k] = 1;
    for (let j = 0; j < n; j++) a[k * n + j] = (a[k * n + j] ?? 0) / pivot;
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      const factor = a[i * n + k] ?? 0;
      a[i * n + k] = 0;
      for (let j = 0; j < n; j++) a[i * n + j] = (a[i * n + j] ?? 0) - factor * (a[k * n + j] ?? 0);
    }
  }
  return a;
}
