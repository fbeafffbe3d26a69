import type { LeastSquaresModel } from '../fitting/levenberg-marquardt';

/** Ranges of the free fits, mm2/s. D* is also at least {@link DSTAR_OVER_D} x D. */
export const D_TO = 5e-3;
export const DSTAR_FROM = 4e-3;
export const DSTAR_TO = 0.2;
export const DSTAR_OVER_D = 2;

/** Parameters of {@link BiexponentialModel}, in this order. */
export const PERFUSED = 0;
export const UNPERFUSED = 1;
export const D_SCALED = 2;
export const LN_DSTAR = 3;

/** D is fitted in units of 1 / this, mm2/s, so that parameters are of one order. */
export const D_SCALE = 1000;

/**
 * `S = p exp(-b D*) + q exp(-b D)` with p, q >= 0 (f = p / (p + q)). Parameters: p, q, D x 1000, ln D*.
 *
 * While `tied` is set, D* is {@link DSTAR_OVER_D} x D: the edge of what is allowed.
 */
export class BiexponentialModel implements LeastSquaresModel {
  readonly parameters = 4;
  readonly measurements: number;
  readonly lower = Float64Array.of(0, 0, 0, Math.log(DSTAR_FROM));
  readonly upper = Float64Array.of(Infinity, Infinity, D_TO * D_SCALE, Math.log(DSTAR_TO));
  tied = false;

  /** @param bValues s/mm2 */
  constructor(private readonly bValues: Float64Array) {
    this.measurements = bValues.length;
  }

  evaluate(at: Float64Array, predicted: Float64Array, jacobian: Float64Array): void {
    const [p = 0, q = 0, scaled = 0, lnDStar = 0] = at;
    const d = scaled / D_SCALE;
    const dStar = this.tied ? DSTAR_OVER_D * d : Math.exp(lnDStar);
    for (let row = 0; row < this.measurements; row++) {
      const b = this.bValues[row] ?? 0;
      const fast = Math.exp(-b * dStar);
      const slow = Math.exp(-b * d);
      const byDStar = -b * p * fast;
      predicted[row] = p * fast + q * slow;
      const out = 4 * row;
      jacobian[out] = fast;
      jacobian[out + 1] = slow;
      jacobian[out + 2] = (-b * q * slow + (this.tied ? DSTAR_OVER_D * byDStar : 0)) / D_SCALE;
      jacobian[out + 3] = this.tied ? 0 : byDStar * dStar;
    }
  }
}
