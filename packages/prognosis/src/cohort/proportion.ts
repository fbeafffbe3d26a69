import type { Interval } from './correlation';
import { Z_975, betaQuantile } from './distributions/distributions';

export interface Proportion {
  readonly k: number;
  readonly n: number;
  /** k / n; null when n is 0. */
  readonly estimate: number | null;
  readonly wilson: Interval | null;
  readonly clopperPearson: Interval | null;
}

/** A share with its two usual 95 % intervals. */
export function proportion(k: number, n: number): Proportion {
  if (n === 0) return { k, n, estimate: null, wilson: null, clopperPearson: null };
  return { k, n, estimate: k / n, wilson: wilsonInterval(k, n), clopperPearson: clopperPearson(k, n) };
}

/** Exact 95 % interval (Clopper and Pearson, Biometrika 1934;26:404). */
export function clopperPearson(k: number, n: number): Interval {
  return [k === 0 ? 0 : betaQuantile(0.025, k, n - k + 1), k === n ? 1 : betaQuantile(0.975, k + 1, n - k)];
}

/** Score interval, 95 % (Wilson, J Am Stat Assoc 1927;22:209). */
export function wilsonInterval(k: number, n: number): Interval {
  const z2 = Z_975 * Z_975;
  const share = k / n;
  const centre = (share + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z_975 / (1 + z2 / n)) * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n));
  return [k === 0 ? 0 : centre - half, k === n ? 1 : centre + half];
}
