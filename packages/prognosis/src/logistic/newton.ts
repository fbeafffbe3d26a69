import type { LogisticSums } from './logistic-sums';
import { cholesky } from './symmetric-matrix';

export type LogisticPenalty = 'none' | 'firth';

/** Log-likelihood (penalised with Firth) at some coefficients, its gradient, and the Newton step from there. */
export interface NewtonPoint {
  /** Penalised with Firth: log L + 1/2 log det I. */
  readonly objective: number;
  /** Intercept first; 0 where a coefficient is held. */
  readonly step: readonly number[];
  /** Twice the expected gain of the step: gradient . step. */
  readonly decrement: number;
}

/**
 * One Newton (Fisher scoring) step from sums over patients alone, so it is the same whether they lie at one site or at
 * several. With Firth's penalty the gradient is U_j + 1/2 trace(I^-1 dI/db_j).
 *
 * @param held coefficients that stay as they are (profile likelihood); the penalty still counts all of them
 * @returns null when the information is singular: a constant or redundant predictor, or separation
 */
export function newtonPoint(
  sums: LogisticSums,
  penalty: LogisticPenalty,
  held: readonly number[] = [],
): NewtonPoint | null {
  const p = sums.score.length;
  const whole = penalty === 'firth' ? cholesky(sums.information) : null;
  if (penalty === 'firth' && !whole) return null;
  const inverse = whole?.inverse();
  const gradient = sums.score.map(
    (score, j) => score + (inverse ? halfTrace(inverse, sums.informationSlope[j] ?? []) : 0),
  );
  const free = Array.from({ length: p }, (_, j) => j).filter((j) => !held.includes(j));
  const objective = sums.logLikelihood + (whole ? whole.logDeterminant / 2 : 0);
  if (free.length === 0) return { objective, step: gradient.map(() => 0), decrement: 0 };
  const factor = cholesky(free.map((j) => free.map((k) => sums.information[j]?.[k] ?? 0)));
  if (!factor) return null;
  const freeStep = factor.solve(free.map((j) => gradient[j] ?? 0));
  const step = gradient.map((_, j) => (free.includes(j) ? (freeStep[free.indexOf(j)] ?? 0) : 0));
  return { objective, step, decrement: step.reduce((sum, s, j) => sum + s * (gradient[j] ?? 0), 0) };
}

function halfTrace(inverse: readonly (readonly number[])[], slope: readonly (readonly number[])[]): number {
  let sum = 0;
  inverse.forEach((row, i) => {
    row.forEach((value, k) => (sum += value * (slope[k]?.[i] ?? 0)));
  });
  return sum / 2;
}

type Gain = Pick<NewtonPoint, 'objective' | 'decrement'>;

/** Near the maximum a gain is lost in rounding, and only the shrinking decrement still tells the way. */
export function isBetter(next: Gain, point: Gain): boolean {
  if (next.objective > point.objective) return true;
  const rounding = 1e-13 * (1 + Math.abs(point.objective));
  return next.decrement < point.decrement && next.objective > point.objective - rounding;
}
