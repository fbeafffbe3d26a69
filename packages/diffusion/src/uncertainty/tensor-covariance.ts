import { CholeskySolver } from '../fitting/cholesky-solver';
import { TENSOR_PARAMETERS, type TensorDesign } from '../tensor/design-matrix';
import { eigenSymmetric } from '../tensor/eigen-symmetric';

/** Variances of tensor quantities, in the design's units, and the bias of FA, for noise of standard deviation 1. */
export interface TensorVariances {
  fa: number;
  md: number;
  ad: number;
  rd: number;
  /** Expected FA less true FA, to second order, for the given noise (not for noise 1). */
  faBias: number;
}

/**
 * How noise in the signal becomes noise in FA, MD, AD and RD: covariance of the weighted fit, then the delta method.
 *
 * Weighted by predicted signal (as WLS, NLLS and the robust fit are, to first order) the covariance of the parameters is
 * `sigma^2 (X' W X)^-1`, `W` the squared predicted signals; of ordinary least squares it is
 * `sigma^2 (X'X)^-1 X' W^-1 X (X'X)^-1`. Derivatives of eigenvalues by first-order perturbation. Compare Koay et al.,
 * IEEE Trans Med Imaging 2007;26:1017-1034.
 */
export class TensorCovariance {
  readonly variances: TensorVariances = { fa: 0, md: 0, ad: 0, rd: 0, faBias: 0 };
  private readonly solver = new CholeskySolver(TENSOR_PARAMETERS);
  private readonly inverse = new Float64Array(TENSOR_PARAMETERS * TENSOR_PARAMETERS);
  private readonly middle = new Float64Array(TENSOR_PARAMETERS * TENSOR_PARAMETERS);
  private readonly eigen = new Float64Array(6);
  private readonly gradient = new Float64Array(6);
  private readonly moved = new Float64Array(6);

  constructor(
    private readonly design: TensorDesign,
    private readonly ordinary: boolean,
  ) {}

  /**
   * @param tensor six scaled elements at `at`
   * @param predicted predicted signals, one per measurement
   * @param used 0 where a measurement was left out; all are used without it
   * @param sigma standard deviation of the noise, for the bias of FA
   * @returns false when the system is singular
   */
  find(
    tensor: Float64Array,
    at: number,
    predicted: Float64Array,
    used: Uint8Array | null,
    sigma: number,
  ): boolean {
    this.addUp(predicted, used, this.ordinary ? 0 : 2);
    if (!this.solver.solve()) return false;
    this.solver.inverseOfFactor(this.inverse);
    if (this.ordinary) this.sandwich(predicted);
    eigenSymmetric(tensor, at, this.eigen);
    const { variances, gradient } = this;
    gradient.set([1 / 3, 1 / 3, 1 / 3, 0, 0, 0]);
    variances.md = this.varianceAlong();
    const [, , , x = 0, y = 0, z = 0] = this.eigen;
    gradient.set([x * x, y * y, z * z, 2 * x * y, 2 * x * z, 2 * y * z]);
    variances.ad = this.varianceAlong();
    for (let i = 0; i < 6; i++) gradient[i] = ((i < 3 ? 1 : 0) - (gradient[i] ?? 0)) / 2;
    variances.rd = this.varianceAlong();
    this.gradientOfFa(tensor, at);
    variances.fa = this.varianceAlong();
    variances.faBias = this.biasOfFa(tensor, at, sigma);
    return true;
  }

  /** X' diag(predicted^power) X into the solver, lower triangle. */
  private addUp(predicted: Float64Array, used: Uint8Array | null, power: number): void {
    const { matrix } = this.solver;
    this.solver.left.fill(0);
    matrix.fill(0);
    const n = TENSOR_PARAMETERS;
    const { rows, weighting } = this.design;
    for (let row = 0; row < rows; row++) {
      if (used?.[row] === 0) continue;
      const weight = (predicted[row] ?? 0) ** power;
      for (let i = 0; i < n; i++) {
        const wi = weight * (i === 0 ? 1 : -(weighting[6 * row + i - 1] ?? 0));
        for (let j = 0; j <= i; j++) {
          const xj = j === 0 ? 1 : -(weighting[6 * row + j - 1] ?? 0);
          matrix[i * n + j] = (matrix[i * n + j] ?? 0) + wi * xj;
        }
      }
    }
  }

  /** inverse := inverse X' W^-1 X inverse. */
  private sandwich(predicted: Float64Array): void {
    const n = TENSOR_PARAMETERS;
    this.addUp(predicted, null, -2);
    const { matrix } = this.solver;
    const { inverse, middle } = this;
    const entry = (i: number, j: number): number => (i >= j ? matrix[i * n + j] : matrix[j * n + i]) ?? 0;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += (inverse[i * n + k] ?? 0) * entry(k, j);
        middle[i * n + j] = sum;
      }
    const left = inverse.slice();
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += (middle[i * n + k] ?? 0) * (left[k * n + j] ?? 0);
        inverse[i * n + j] = sum;
      }
  }

  private covariance(i: number, j: number): number {
    return this.inverse[(i + 1) * TENSOR_PARAMETERS + j + 1] ?? 0;
  }

  private varianceAlong(): number {
    let sum = 0;
    for (let i = 0; i < 6; i++)
      for (let j = 0; j < 6; j++)
        sum += (this.gradient[i] ?? 0) * (this.gradient[j] ?? 0) * this.covariance(i, j);
    return sum;
  }

  /** Of FA^2 = 3/2 - T^2 / (2 N), T the trace and N the sum of squared elements. */
  private gradientOfFa(tensor: Float64Array, at: number): void {
    const fa = faOf(tensor, at);
    const { trace, norm } = invariants(tensor, at);
    const factor = fa > 0 ? 1 / (2 * fa) : 0;
    for (let i = 0; i < 6; i++) {
      const ofTrace = i < 3 ? 1 : 0;
      const ofNorm = (i < 3 ? 2 : 4) * (tensor[at + i] ?? 0);
      this.gradient[i] = factor * ((-trace / norm) * ofTrace + ((0.5 * trace * trace) / norm ** 2) * ofNorm);
    }
  }

  /** Half the curvature of FA along the principal axes of the noise: second differences by the columns of its factor. */
  private biasOfFa(tensor: Float64Array, at: number, sigma: number): number {
    const { moved } = this;
    const factor = this.factorOfCovariance();
    const centre = faOf(tensor, at);
    let sum = 0;
    for (let column = 0; column < 6; column++)
      for (const side of [-1, 1]) {
        for (let i = 0; i < 6; i++)
          moved[i] = (tensor[at + i] ?? 0) + side * sigma * (factor[6 * i + column] ?? 0);
        sum += faOf(moved, 0) - centre;
      }
    return sum / 2;
  }

  /** Lower triangular L with L L' the covariance of the six elements. */
  private factorOfCovariance(): Float64Array {
    const factor = new Float64Array(36);
    for (let i = 0; i < 6; i++)
      for (let j = 0; j <= i; j++) {
        let sum = this.covariance(i, j);
        for (let k = 0; k < j; k++) sum -= (factor[6 * i + k] ?? 0) * (factor[6 * j + k] ?? 0);
        factor[6 * i + j] = i === j ? Math.sqrt(Math.max(sum, 0)) : sum / (factor[7 * j] || Infinity);
      }
    return factor;
  }
}

function invariants(tensor: Float64Array, at: number): { trace: number; norm: number } {
  let trace = 0;
  let norm = 0;
  for (let i = 0; i < 6; i++) {
    const element = tensor[at + i] ?? 0;
    if (i < 3) trace += element;
    norm += (i < 3 ? 1 : 2) * element * element;
  }
  return { trace, norm };
}

function faOf(tensor: Float64Array, at: number): number {
  const { trace, norm } = invariants(tensor, at);
  return norm > 0 ? Math.sqrt(Math.max(1.5 - (0.5 * trace * trace) / norm, 0)) : 0;
}
