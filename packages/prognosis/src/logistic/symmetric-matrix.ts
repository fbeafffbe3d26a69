/** A small symmetric positive definite matrix, factorised: A = L L^T. */
export interface Cholesky {
  /** Solves A x = b. */
  solve(b: readonly number[]): number[];
  /** A^-1, row by row. */
  inverse(): number[][];
  /** Natural logarithm of the determinant. */
  readonly logDeterminant: number;
  /** L, row by row up to the diagonal. */
  readonly lower: readonly (readonly number[])[];
}

/** Smallest pivot, relative to its diagonal element, that still counts as information and not as rounding. */
const SINGULAR = 1e-13;

/**
 * Cholesky factorisation; the test for singularity is relative to each diagonal element, so units do not matter.
 *
 * @param matrix `[row][column]`, symmetric; the lower triangle is read
 * @returns null when the matrix is not positive definite within rounding
 */
export function cholesky(matrix: readonly (readonly number[])[]): Cholesky | null {
  const n = matrix.length;
  const lower: number[][] = [];
  for (let i = 0; i < n; i++) {
    const row: number[] = [];
    for (let j = 0; j <= i; j++) {
      const other = j === i ? row : (lower[j] ?? []);
      let sum = at(matrix, i, j);
      for (let k = 0; k < j; k++) sum -= (row[k] ?? 0) * (other[k] ?? 0);
      if (j < i) row.push(sum / (other[j] ?? 1));
      else if (sum > SINGULAR * Math.abs(at(matrix, i, i))) row.push(Math.sqrt(sum));
      else return null;
    }
    lower.push(row);
  }
  return new LowerFactor(lower);
}

function at(matrix: readonly (readonly number[])[], row: number, column: number): number {
  return matrix[row]?.[column] ?? 0;
}

class LowerFactor implements Cholesky {
  constructor(readonly lower: readonly (readonly number[])[]) {}

  get logDeterminant(): number {
    return this.lower.reduce((sum, row, i) => sum + 2 * Math.log(row[i] ?? 1), 0);
  }

  solve(b: readonly number[]): number[] {
    const n = this.lower.length;
    const x = [...b];
    for (let i = 0; i < n; i++) {
      let sum = x[i] ?? 0;
      for (let k = 0; k < i; k++) sum -= at(this.lower, i, k) * (x[k] ?? 0);
      x[i] = sum / at(this.lower, i, i);
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = x[i] ?? 0;
      for (let k = i + 1; k < n; k++) sum -= at(this.lower, k, i) * (x[k] ?? 0);
      x[i] = sum / at(this.lower, i, i);
    }
    return x;
  }

  inverse(): number[][] {
    return this.lower.map((_, i) => this.solve(this.lower.map((__, j) => (i === j ? 1 : 0))));
  }
}
