/**
 * Eigenvalues of a small symmetric matrix by cyclic Jacobi rotations (Golub & Van Loan, Matrix Computations, 4th
 * ed., section 8.5): slow and accurate, for checks on a design rather than for voxels.
 *
 * @param matrix n x n, row-major, symmetric; left as it is
 * @returns n eigenvalues, descending
 */
export function symmetricEigenvalues(matrix: ArrayLike<number>, n: number): number[] {
  const a = Float64Array.from(matrix);
  const at = (row: number, column: number): number => a[row * n + column] ?? 0;
  for (let sweep = 0; sweep < 60; sweep++) {
    let offDiagonal = 0;
    let diagonal = 0;
    for (let i = 0; i < n; i++) {
      diagonal += at(i, i) ** 2;
      for (let j = i + 1; j < n; j++) offDiagonal += at(i, j) ** 2;
    }
    if (offDiagonal <= 1e-30 * diagonal) break;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, n, p, q);
  }
  return Array.from({ length: n }, (_, i) => at(i, i)).sort((x, y) => y - x);
}

/** Smallest and largest eigenvalue of a symmetric matrix. */
export function symmetricEigenvalueRange(
  matrix: ArrayLike<number>,
  n: number,
): { smallest: number; largest: number } {
  const values = symmetricEigenvalues(matrix, n);
  return { smallest: values.at(-1) ?? 0, largest: values[0] ?? 0 };
}

/** One Jacobi rotation that makes a[p][q] zero. */
function rotate(a: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q] ?? 0;
  if (apq === 0) return;
  const theta = ((a[q * n + q] ?? 0) - (a[p * n + p] ?? 0)) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (let k = 0; k < n; k++) {
    const akp = a[k * n + p] ?? 0;
    const akq = a[k * n + q] ?? 0;
    a[k * n + p] = c * akp - s * akq;
    a[k * n + q] = s * akp + c * akq;
  }
  for (let k = 0; k < n; k++) {
    const apk = a[p * n + k] ?? 0;
    const aqk = a[q * n + k] ?? 0;
    a[p * n + k] = c * apk - s * aqk;
    a[q * n + k] = s * apk + c * aqk;
  }
}
