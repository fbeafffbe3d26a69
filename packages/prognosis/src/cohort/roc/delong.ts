import { Z_975, normalTwoSided } from '../distributions/distributions';
import type { Interval } from '../correlation';
import { needValues, notDefined } from '../not-defined';
import { countAtOrBelow, countBelow } from '../ranks';
import { sortedByOutcome, type MarkedOutcomes } from './roc-curve';

/**
 * Placements of DeLong, DeLong and Clarke-Pearson (Biometrics 1988;44:837): for each patient the share of patients of
 * the other outcome he is on the right side of, ties 1/2.
 */
export interface Placements {
  readonly auc: number;
  /** One per patient, in the order given: of good ones among the poor, of poor ones among the good. */
  readonly perPatient: Float64Array;
}

/** From sorted values and one binary search per patient: O(n log n) (as Sun and Xu, IEEE Signal Process Lett 2014;21:1389). */
export function placements(data: MarkedOutcomes): Placements {
  const { good, poor } = sortedByOutcome(data);
  const sign = data.direction === 'higher is good' ? 1 : -1;
  const perPatient = new Float64Array(data.values.length);
  let sum = 0;
  for (let i = 0; i < perPatient.length; i++) {
    const value = sign * (data.values[i] ?? 0) + 0;
    if (data.good[i] === 1) {
      const share = (countBelow(poor, value) + countAtOrBelow(poor, value)) / 2 / poor.length;
      perPatient[i] = share;
      sum += share;
    } else {
      perPatient[i] = 1 - (countBelow(good, value) + countAtOrBelow(good, value)) / 2 / good.length;
    }
  }
  return { auc: sum / good.length, perPatient };
}

/**
 * Covariance of two AUCs of the same patients: sample covariance of the placements of good patients over their number,
 * plus the same of poor ones.
 * @throws InputRefused below 2 patients per outcome
 */
export function delongCovariance(a: Placements, b: Placements, good: ArrayLike<number>): number {
  return covarianceOver(a, b, good, 1) + covarianceOver(a, b, good, 0);
}

function covarianceOver(a: Placements, b: Placements, good: ArrayLike<number>, outcome: 0 | 1): number {
  let n = 0;
  let [ma, mb] = [0, 0];
  for (let i = 0; i < good.length; i++) {
    if (good[i] !== outcome) continue;
    n++;
    ma += a.perPatient[i] ?? 0;
    mb += b.perPatient[i] ?? 0;
  }
  needValues(n, 2, `DeLong variance, patients with a ${outcome === 1 ? 'good' : 'poor'} recovery`);
  let sum = 0;
  for (let i = 0; i < good.length; i++)
    if (good[i] === outcome) sum += ((a.perPatient[i] ?? 0) - ma / n) * ((b.perPatient[i] ?? 0) - mb / n);
  return sum / (n - 1) / n;
}

export interface AucInterval {
  readonly variance: number;
  readonly standardError: number;
  /** 95 % of the normal approximation, cut at 0 and 1. */
  readonly interval: Interval;
  /** 95 % on the logit scale. */
  readonly logitInterval: Interval;
}

/**
 * DeLong's interval of an AUC.
 * @throws InputRefused below 2 patients per outcome, and when all placements agree (AUC 0 or 1, all values tied): a
 * standard error of 0 is not certainty
 */
export function delongInterval(of: Placements, good: ArrayLike<number>): AucInterval {
  const variance = delongCovariance(of, of, good);
  const { auc } = of;
  if (isZeroVariance(variance))
    throw notDefined(
      `AUC ${String(auc)} without any spread: interval not estimable`,
      'DeLong interval',
      'a standard error of 0 is not certainty; add patients',
    );
  const standardError = Math.sqrt(variance);
  const half = Z_975 * standardError;
  const logit = Math.log(auc / (1 - auc));
  const logitHalf = half / (auc * (1 - auc));
  const expit = (x: number) => 1 / (1 + Math.exp(-x));
  return {
    variance,
    standardError,
    interval: [Math.max(0, auc - half), Math.min(1, auc + half)],
    logitInterval: [expit(logit - logitHalf), expit(logit + logitHalf)],
  };
}

/** Placements are multiples of 1 / n, so a true variance is never this small. */
export function isZeroVariance(variance: number): boolean {
  return !(variance > 1e-20);
}

export interface AucComparison {
  readonly difference: number;
  readonly z: number;
  readonly p: number;
  /** 95 % of the difference. */
  readonly interval: Interval;
}

/**
 * DeLong's paired test of two AUCs of the same patients.
 * @throws InputRefused below 2 patients per outcome, and when the two rank the patients alike
 */
export function compareAucs(a: Placements, b: Placements, good: ArrayLike<number>): AucComparison {
  const variance =
    delongCovariance(a, a, good) + delongCovariance(b, b, good) - 2 * delongCovariance(a, b, good);
  if (isZeroVariance(variance))
    throw notDefined('both rank the patients alike', 'paired DeLong test', 'there is nothing to test');
  const difference = a.auc - b.auc;
  const standardError = Math.sqrt(variance);
  const half = Z_975 * standardError;
  const z = difference / standardError;
  return { difference, z, p: normalTwoSided(z), interval: [difference - half, difference + half] };
}
