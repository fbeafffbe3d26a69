import { InputRefused } from '@myelon/diffusion';
import { normalQuantile } from './normal';

/** Areas under the ROC curves: each marker alone, and the best linear combination of the two. */
export interface MarkerAucs {
  readonly aucFa: number;
  readonly aucF: number;
  readonly aucCombined: number;
}

/** Two-marker normal model that gives these areas. */
export interface DerivedWeights {
  /** Differences between the outcomes in within-class standard deviations. */
  readonly distanceFa: number;
  readonly distanceF: number;
  readonly distanceCombined: number;
  /** Correlation of the markers within a class. */
  readonly correlation: number;
  /** Log likelihood ratio per within-class standard deviation. */
  readonly weightFa: number;
  readonly weightF: number;
  /** True when no normal model has exactly these areas, and the nearest one was taken. */
  readonly clamped: boolean;
}

/**
 * Weights of FA and f from three areas under the curve, for markers that are bivariate normal with equal covariance in
 * both outcomes: `d = sqrt(2) z(AUC)`, and `D^2 (1 - rho^2) = d1^2 + d2^2 - 2 rho d1 d2`, solved for the correlation
 * `rho`. Of the two roots the smaller is taken: the other makes f a suppressor, higher f meaning worse recovery,
 * against its own area and correlation.
 *
 * @throws InputRefused when an area is not between 0.5 and 1
 */
export function deriveWeights({ aucFa, aucF, aucCombined }: MarkerAucs): DerivedWeights {
  const areas = [aucFa, aucF, aucCombined];
  if (areas.some((area) => !(area >= 0.5 && area < 1))) {
    throw new InputRefused(
      `areas ${areas.join(', ')} do not all lie between 0.5 and 1`,
      'FA + f score',
      'give areas of markers that point towards recovery',
    );
  }
  const [d1, d2] = [distance(aucFa), distance(aucF)];
  const least = Math.max(d1, d2);
  const wanted = distance(aucCombined);
  const combined = Math.max(wanted, least);
  const square = combined ** 2;
  const discriminant = (d1 * d2) ** 2 - square * (d1 ** 2 + d2 ** 2 - square);
  const correlation = square === 0 ? 0 : (d1 * d2 - Math.sqrt(Math.max(0, discriminant))) / square;
  const rest = 1 - correlation ** 2;
  return {
    distanceFa: d1,
    distanceF: d2,
    distanceCombined: combined,
    correlation,
    weightFa: (d1 - correlation * d2) / rest,
    weightF: (d2 - correlation * d1) / rest,
    clamped: wanted < least || discriminant < 0,
  };
}

function distance(auc: number): number {
  return Math.SQRT2 * normalQuantile(auc);
}
