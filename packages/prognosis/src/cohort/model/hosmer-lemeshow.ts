import { chiSquaredUpper } from '../distributions/distributions';
import { notDefined } from '../not-defined';
import type { CalibrationGroup } from './calibration';

/**
 * Hosmer and Lemeshow's goodness of fit (Commun Stat A 1980;9:1043) of groups of equal size.
 * @throws InputRefused below 3 groups or when a group expects nobody
 */
export function hosmerLemeshow(groups: readonly CalibrationGroup[]): {
  chisq: number;
  df: number;
  p: number;
} {
  let chisq = 0;
  for (const { n, observed, expected } of groups)
    chisq += (observed - expected) ** 2 / (expected * (1 - expected / n));
  const df = groups.length - 2;
  if (df < 1 || !Number.isFinite(chisq)) throw notDefined('too few patients', 'Hosmer-Lemeshow test');
  return { chisq, df, p: chiSquaredUpper(chisq, df) };
}
