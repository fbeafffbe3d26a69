import { Z_975, studentTwoSided } from './distributions/distributions';
import { mean, type NumberList } from './descriptives';
import { needValues, notDefined } from './not-defined';
import { midRanks } from './ranks';

export type Interval = readonly [low: number, high: number];

export interface Correlation {
  readonly n: number;
  readonly r: number;
  /** 95 %; null below 4 patients and when all points lie on a line. */
  readonly interval: Interval | null;
  /** t statistic with n - 2 degrees of freedom; null when all points lie on a line. */
  readonly t: number | null;
  readonly p: number;
}

/**
 * Pearson's r, tested by Student's t, with Fisher's z interval (Metron 1921;1:3), standard error 1 / sqrt(n - 3).
 * @throws InputRefused below 3 patients or when one of the two is constant
 */
export function pearson(x: NumberList, y: NumberList): Correlation {
  const r = productMoment(x, y, 'Pearson correlation');
  return withInterval(r, x.length, 1);
}

/**
 * Spearman's rho: Pearson's r of mid-ranks. Interval with standard error sqrt((1 + rho^2 / 2) / (n - 3)) of Fisher's z
 * (Bonett and Wright, Psychometrika 2000;65:23).
 * @throws InputRefused below 3 patients or when one of the two is constant
 */
export function spearman(x: NumberList, y: NumberList): Correlation {
  const rho = productMoment(midRanks(x).ranks, midRanks(y).ranks, 'Spearman correlation');
  return withInterval(rho, x.length, Math.sqrt(1 + (rho * rho) / 2));
}

function productMoment(x: NumberList, y: NumberList, method: string): number {
  needValues(x.length, 3, method);
  const [mx, my] = [mean(x), mean(y)];
  let [sxx, syy, sxy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const dx = (x[i] ?? 0) - mx;
    const dy = (y[i] ?? 0) - my;
    sxx += dx * dx;
    syy += dy * dy;
    sxy += dx * dy;
  }
  // The mean of equal values may differ from them by rounding.
  const constant = (values: NumberList) => Array.from(values).every((value) => value === values[0]);
  if (constant(x) || constant(y))
    throw notDefined('all values are the same', method, 'nothing correlates with a constant');
  return Math.max(-1, Math.min(1, sxy / Math.sqrt(sxx * syy)));
}

function withInterval(r: number, n: number, widening: number): Correlation {
  const onLine = 1 - r * r < 1e-15;
  const t = onLine ? null : r * Math.sqrt((n - 2) / (1 - r * r));
  const p = t === null ? 0 : studentTwoSided(t, n - 2);
  if (onLine || n < 4) return { n, r, interval: null, t, p };
  const half = (Z_975 * widening) / Math.sqrt(n - 3);
  const z = Math.atanh(r);
  return { n, r, interval: [Math.tanh(z - half), Math.tanh(z + half)], t, p };
}
