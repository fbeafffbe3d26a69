/**
 * The weighted normal equations of the log-linear tensor model need, per voxel, 22 weighted sums over measurements
 * (1, the 6 weightings q, and their 15 distinct products) and 7 sums of weight x ln signal (1 and q). The 21 products of
 * two weightings are 15 distinct quartic monomials of the direction, times 1, 2 or 4.
 */
export const WEIGHT_SUMS = 22;
export const SIGNAL_SUMS = 7;

/**
 * The functions of one measurement that are summed.
 *
 * @param weighting `[row][6]` as of a tensor design
 * @param columns number of columns of the result, at least 22; the rest is 0
 * @returns `[row][columns]`: 1, q (6), quartic monomials (15)
 */
export function momentBasis(weighting: Float64Array, rows: number, columns: number): Float64Array {
  const basis = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const q = weighting.subarray(6 * row, 6 * row + 6);
    const [xx = 0, yy = 0, zz = 0, xy2 = 0, xz2 = 0, yz2 = 0] = q;
    const [xy, xz, yz] = [xy2 / 2, xz2 / 2, yz2 / 2];
    // prettier-ignore
    const quartic = [
      xx * xx, yy * yy, zz * zz, xx * yy, xx * zz, yy * zz,
      xx * xy, xx * xz, xx * yz, yy * xy, yy * xz, yy * yz, zz * xy, zz * xz, zz * yz,
    ];
    basis.set([1, ...q, ...quartic], row * columns);
  }
  return basis;
}

/** Pivots below this fraction of their diagonal element mean that the weighted measurements determine no tensor. */
const PIVOT_BELOW = 1e-12;

/**
 * Solves the normal equations of one voxel: ln S0 is eliminated, the remaining 6 x 6 system is factorised (Cholesky,
 * L D L').
 */
export class NormalEquationsSolver {
  /** Lower triangle of the 6 x 6 system, row-major 6 x 6, then its factor. */
  private readonly a = new Float64Array(36);
  private readonly x = new Float64Array(6);

  /**
   * @param sums {@link WEIGHT_SUMS} numbers at `at`
   * @param signalSums {@link SIGNAL_SUMS} numbers at `signalAt`
   * @param out receives ln S0, then the tensor xx, yy, zz, xy, xz, yz (times the design's b scale) at `outAt`
   * @returns false when the system is singular; `out` is then left as it was
   */
  solve(
    sums: Float64Array,
    at: number,
    signalSums: Float64Array,
    signalAt: number,
    out: Float64Array,
    outAt: number,
  ): boolean {
    const total = sums[at] ?? 0;
    if (!(total > 0)) return false;
    this.loadMatrix(sums, at);
    const { a, x } = this;
    const y0 = (signalSums[signalAt] ?? 0) / total;
    for (let i = 0; i < 6; i++) {
      const qi = sums[at + 1 + i] ?? 0;
      for (let j = 0; j <= i; j++)
        a[6 * i + j] = (a[6 * i + j] ?? 0) - (qi * (sums[at + 1 + j] ?? 0)) / total;
      x[i] = qi * y0 - (signalSums[signalAt + 1 + i] ?? 0);
    }
    if (!this.factorise() || !this.substitute()) return false;
    let lnS0 = y0;
    for (let i = 0; i < 6; i++) {
      const d = x[i] ?? 0;
      lnS0 += (d * (sums[at + 1 + i] ?? 0)) / total;
      out[outAt + 1 + i] = d;
    }
    out[outAt] = lnS0;
    return true;
  }

  /** The lower triangle of sum(w q q') from the quartic moments. */
  private loadMatrix(sums: Float64Array, at: number): void {
    const { a } = this;
    const m = at + SIGNAL_SUMS;
    const x2y2 = sums[m + 3] ?? 0;
    const x2z2 = sums[m + 4] ?? 0;
    const y2z2 = sums[m + 5] ?? 0;
    const x2yz = sums[m + 8] ?? 0;
    const y2xz = sums[m + 10] ?? 0;
    const z2xy = sums[m + 12] ?? 0;
    a[0] = sums[m] ?? 0;
    a[6] = x2y2;
    a[7] = sums[m + 1] ?? 0;
    a[12] = x2z2;
    a[13] = y2z2;
    a[14] = sums[m + 2] ?? 0;
    a[18] = 2 * (sums[m + 6] ?? 0);
    a[19] = 2 * (sums[m + 9] ?? 0);
    a[20] = 2 * z2xy;
    a[21] = 4 * x2y2;
    a[24] = 2 * (sums[m + 7] ?? 0);
    a[25] = 2 * y2xz;
    a[26] = 2 * (sums[m + 13] ?? 0);
    a[27] = 4 * x2yz;
    a[28] = 4 * x2z2;
    a[30] = 2 * x2yz;
    a[31] = 2 * (sums[m + 11] ?? 0);
    a[32] = 2 * (sums[m + 14] ?? 0);
    a[33] = 4 * y2xz;
    a[34] = 4 * z2xy;
    a[35] = 4 * y2z2;
  }

  /** L D L' in place: D on the diagonal, L below it. */
  private factorise(): boolean {
    const { a } = this;
    for (let j = 0; j < 6; j++) {
      const before = a[7 * j] ?? 0;
      let pivot = before;
      for (let k = 0; k < j; k++) pivot -= (a[6 * j + k] ?? 0) ** 2 * (a[7 * k] ?? 0);
      if (!(pivot > PIVOT_BELOW * before)) return false;
      a[7 * j] = pivot;
      for (let i = j + 1; i < 6; i++) {
        let sum = a[6 * i + j] ?? 0;
        for (let k = 0; k < j; k++) sum -= (a[6 * i + k] ?? 0) * (a[6 * j + k] ?? 0) * (a[7 * k] ?? 0);
        a[6 * i + j] = sum / pivot;
      }
    }
    return true;
  }

  private substitute(): boolean {
    const { a, x } = this;
    for (let i = 1; i < 6; i++) {
      let sum = x[i] ?? 0;
      for (let k = 0; k < i; k++) sum -= (a[6 * i + k] ?? 0) * (x[k] ?? 0);
      x[i] = sum;
    }
    for (let i = 5; i >= 0; i--) {
      let sum = (x[i] ?? 0) / (a[7 * i] ?? 1);
      for (let k = i + 1; k < 6; k++) sum -= (a[6 * k + i] ?? 0) * (x[k] ?? 0);
      x[i] = sum;
    }
    return Number.isFinite(x[0]) && Number.isFinite(x[1]) && Number.isFinite(x[2]);
  }
}
