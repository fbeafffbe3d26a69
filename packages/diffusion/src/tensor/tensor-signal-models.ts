import type { LeastSquaresModel } from '../fitting/levenberg-marquardt';
import type { TensorDesign } from './design-matrix';
import { TENSOR_PARAMETERS } from './design-matrix';
import { eigenSymmetric } from './eigen-symmetric';

/** A signal model of the tensor whose parameters can be set from and turned into ln S0 and tensor elements. */
export interface TensorSignalModel extends LeastSquaresModel {
  /** @param linear ln S0, xx, yy, zz, xy, xz, yz (tensor times the design's b scale) at `at` */
  fromLinear(linear: Float64Array, at: number, parameters: Float64Array): void;
  toLinear(parameters: Float64Array, linear: Float64Array, at: number): void;
}

/** `S = exp(ln S0 - q'D)` with the six tensor elements as parameters: eigenvalues of any sign. */
export class FreeTensorModel implements TensorSignalModel {
  readonly parameters = TENSOR_PARAMETERS;
  readonly measurements: number;

  constructor(private readonly design: TensorDesign) {
    this.measurements = design.rows;
  }

  evaluate(at: Float64Array, predicted: Float64Array, jacobian: Float64Array): void {
    const { weighting, rows } = this.design;
    for (let row = 0; row < rows; row++) {
      const s = predictedSignal(weighting, row, at);
      predicted[row] = s;
      const out = row * TENSOR_PARAMETERS;
      jacobian[out] = s;
      for (let i = 0; i < 6; i++) jacobian[out + 1 + i] = -s * (weighting[6 * row + i] ?? 0);
    }
  }

  fromLinear(linear: Float64Array, at: number, parameters: Float64Array): void {
    for (let i = 0; i < TENSOR_PARAMETERS; i++) parameters[i] = linear[at + i] ?? 0;
  }

  toLinear(parameters: Float64Array, linear: Float64Array, at: number): void {
    for (let i = 0; i < TENSOR_PARAMETERS; i++) linear[at + i] = parameters[i] ?? 0;
  }
}

/**
 * Smallest eigenvalue of a starting tensor, times the largest b-value: at 0 the derivative by the Cholesky factor would
 * vanish, and with it the way out. A tensor below it is made rounder.
 */
const SMALLEST_START = 1e-2;

/**
 * `S = exp(ln S0 - q'D)` with `D = L L'`: no eigenvalue is negative. Parameters: ln S0, then L row by row.
 *
 * Koay et al., J Magn Reson 2006;182:115-125.
 */
export class PositiveTensorModel implements TensorSignalModel {
  readonly parameters = TENSOR_PARAMETERS;
  readonly measurements: number;
  private readonly linear = new Float64Array(TENSOR_PARAMETERS);
  private readonly eigen = new Float64Array(6);

  constructor(private readonly design: TensorDesign) {
    this.measurements = design.rows;
  }

  evaluate(at: Float64Array, predicted: Float64Array, jacobian: Float64Array): void {
    const { weighting, rows } = this.design;
    const [, a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = at;
    this.toLinear(at, this.linear, 0);
    for (let row = 0; row < rows; row++) {
      const s = predictedSignal(weighting, row, this.linear);
      predicted[row] = s;
      const q = 6 * row;
      const xx = weighting[q] ?? 0;
      const yy = weighting[q + 1] ?? 0;
      const zz = weighting[q + 2] ?? 0;
      const xy = weighting[q + 3] ?? 0;
      const xz = weighting[q + 4] ?? 0;
      const yz = weighting[q + 5] ?? 0;
      const out = row * TENSOR_PARAMETERS;
      jacobian[out] = s;
      jacobian[out + 1] = -s * (2 * a * xx + b * xy + d * xz);
      jacobian[out + 2] = -s * (2 * b * yy + a * xy + d * yz);
      jacobian[out + 3] = -s * (2 * c * yy + e * yz);
      jacobian[out + 4] = -s * (2 * d * zz + a * xz + b * yz);
      jacobian[out + 5] = -s * (2 * e * zz + c * yz);
      jacobian[out + 6] = -s * 2 * f * zz;
    }
  }

  fromLinear(linear: Float64Array, at: number, parameters: Float64Array): void {
    eigenSymmetric(linear, at + 1, this.eigen);
    const [, , smallest = 0] = this.eigen;
    const lift = Math.max(SMALLEST_START - smallest, 0);
    const [xx = 0, yy = 0, zz = 0, xy = 0, xz = 0, yz = 0] = linear.subarray(at + 1, at + 7);
    const a = Math.sqrt(xx + lift);
    const b = xy / a;
    const c = Math.sqrt(yy + lift - b * b);
    const d = xz / a;
    const e = (yz - b * d) / c;
    const f = Math.sqrt(Math.max(zz + lift - d * d - e * e, 0));
    parameters.set([linear[at] ?? 0, a, b, c, d, e, f]);
  }

  toLinear(parameters: Float64Array, linear: Float64Array, at: number): void {
    const [lnS0 = 0, a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = parameters;
    linear[at] = lnS0;
    linear[at + 1] = a * a;
    linear[at + 2] = b * b + c * c;
    linear[at + 3] = d * d + e * e + f * f;
    linear[at + 4] = a * b;
    linear[at + 5] = a * d;
    linear[at + 6] = b * d + c * e;
  }
}

/**
 * Signal of one measurement.
 *
 * @param linear ln S0 and the scaled tensor at `at`
 */
export function predictedSignal(weighting: Float64Array, row: number, linear: Float64Array, at = 0): number {
  let exponent = linear[at] ?? 0;
  for (let i = 0; i < 6; i++) exponent -= (weighting[6 * row + i] ?? 0) * (linear[at + 1 + i] ?? 0);
  return Math.exp(exponent);
}
