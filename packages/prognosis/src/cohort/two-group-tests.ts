import { normalTwoSided, student975, studentTwoSided } from './distributions/distributions';
import { mean, sumOfSquares, type NumberList } from './descriptives';
import type { Interval } from './correlation';
import { needValues, notDefined } from './not-defined';
import { midRanks } from './ranks';

export interface WelchTest {
  readonly t: number;
  readonly degreesOfFreedom: number;
  readonly p: number;
  /** 95 % of mean(a) - mean(b). */
  readonly interval: Interval;
}

/**
 * Difference of two means without assuming equal variances (Welch, Biometrika 1947;34:28).
 * @throws InputRefused below 2 patients per group or without any spread
 */
export function welchTest(a: NumberList, b: NumberList): WelchTest {
  needValues(Math.min(a.length, b.length), 2, 'Welch test');
  const va = sumOfSquares(a) / (a.length - 1) / a.length;
  const vb = sumOfSquares(b) / (b.length - 1) / b.length;
  const variance = va + vb;
  if (!(Math.sqrt(variance) > 1e-14 * Math.max(Math.abs(mean(a)), Math.abs(mean(b)))))
    throw notDefined('no spread in either group', 'Welch test');
  const degreesOfFreedom = variance ** 2 / (va ** 2 / (a.length - 1) + vb ** 2 / (b.length - 1));
  const difference = mean(a) - mean(b);
  const t = difference / Math.sqrt(variance);
  const half = student975(degreesOfFreedom) * Math.sqrt(variance);
  return {
    t,
    degreesOfFreedom,
    p: studentTwoSided(t, degreesOfFreedom),
    interval: [difference - half, difference + half],
  };
}

export interface RankTest {
  readonly statistic: number;
  /** Normal approximation with tie and continuity correction. */
  readonly p: number;
  /** Exact p; null with ties or when a group is too large to count the arrangements. */
  readonly exactP: number | null;
}

/** Up to here the exact distribution is counted out. */
const EXACT_BELOW = 50;

/**
 * Mann and Whitney's U of the first group (Ann Math Stat 1947;18:50): pairs in which a is larger, ties 1/2.
 * @throws InputRefused when a group is empty or all values are equal
 */
export function mannWhitney(a: NumberList, b: NumberList): RankTest {
  const [m, n] = [a.length, b.length];
  needValues(Math.min(m, n), 1, 'Mann-Whitney test');
  const { ranks, tieCorrection } = midRanks([...Array.from(a), ...Array.from(b)]);
  let rankSum = 0;
  for (let i = 0; i < m; i++) rankSum += ranks[i] ?? 0;
  const statistic = rankSum - (m * (m + 1)) / 2;
  const total = m + n;
  const variance = ((m * n) / 12) * (total + 1 - tieCorrection / (total * (total - 1)));
  if (!(variance > 0)) throw notDefined('all values are the same', 'Mann-Whitney test');
  const small = m < EXACT_BELOW && n < EXACT_BELOW && tieCorrection === 0;
  return {
    statistic,
    p: continuityCorrectedP(statistic - (m * n) / 2, variance),
    exactP: small ? twoSidedCount(rankSumCounts(m, n), statistic) : null,
  };
}

export function continuityCorrectedP(fromCentre: number, variance: number): number {
  const z = (fromCentre - 0.5 * Math.sign(fromCentre)) / Math.sqrt(variance);
  return Math.min(1, normalTwoSided(z));
}

/** Twice the smaller tail of a symmetric distribution given as counts of each whole value from 0. */
export function twoSidedCount(counts: readonly number[], statistic: number): number {
  const all = counts.reduce((sum, count) => sum + count, 0);
  const lower = counts.slice(0, statistic + 1).reduce((sum, count) => sum + count, 0);
  const upper = counts.slice(statistic).reduce((sum, count) => sum + count, 0);
  return Math.min(1, (2 * Math.min(lower, upper)) / all);
}

/** How many of the arrangements of m and n values give each U: Gaussian binomial coefficients. */
function rankSumCounts(m: number, n: number): number[] {
  // Whole numbers beyond 2^53 are subtracted, and the tails would not survive rounding.
  const counts = new Array<bigint>(m * n + 1).fill(0n);
  counts[0] = 1n;
  // Product over i = 1..m of (1 - q^(n + i)) / (1 - q^i), one factor after the other.
  for (let i = 1; i <= m; i++) {
    for (let u = m * n; u >= n + i; u--) counts[u] = (counts[u] ?? 0n) - (counts[u - n - i] ?? 0n);
    for (let u = i; u <= m * n; u++) counts[u] = (counts[u] ?? 0n) + (counts[u - i] ?? 0n);
  }
  return counts.map(Number);
}
