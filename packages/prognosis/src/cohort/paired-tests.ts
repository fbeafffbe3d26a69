import { student975, studentTwoSided } from './distributions/distributions';
import { mean, standardDeviation, type NumberList } from './descriptives';
import type { Interval } from './correlation';
import { needValues, notDefined } from './not-defined';
import { midRanks } from './ranks';
import { continuityCorrectedP, twoSidedCount, type RankTest } from './two-group-tests';

export interface PairedTTest {
  readonly t: number;
  readonly degreesOfFreedom: number;
  readonly p: number;
  readonly meanDifference: number;
  /** 95 %. */
  readonly interval: Interval;
}

/**
 * Student's t test of differences against 0.
 * @throws InputRefused below 2 differences or when all are the same
 */
export function pairedTTest(differences: NumberList): PairedTTest {
  const n = differences.length;
  needValues(n, 2, 'paired t test');
  const meanDifference = mean(differences);
  const standardError = standardDeviation(differences) / Math.sqrt(n);
  if (!(standardError > 1e-15 * Math.abs(meanDifference)))
    throw notDefined('all differences are the same', 'paired t test');
  const t = meanDifference / standardError;
  const half = student975(n - 1) * standardError;
  return {
    t,
    degreesOfFreedom: n - 1,
    p: studentTwoSided(t, n - 1),
    meanDifference,
    interval: [meanDifference - half, meanDifference + half],
  };
}

/**
 * Wilcoxon's signed ranks (Biometrics Bulletin 1945;1:80): V, the sum of ranks of positive differences; zeros are left
 * out. Exact p below 50 differences without ties and zeros.
 * @throws InputRefused when every difference is 0
 */
export function signedRank(differences: NumberList): RankTest {
  const changed = Array.from(differences).filter((difference) => difference !== 0);
  const n = changed.length;
  if (n === 0) throw notDefined('no patient changed', 'Wilcoxon signed-rank test');
  const { ranks, tieCorrection } = midRanks(changed.map(Math.abs));
  const statistic = changed.reduce((sum, difference, i) => sum + (difference > 0 ? (ranks[i] ?? 0) : 0), 0);
  const variance = (n * (n + 1) * (2 * n + 1)) / 24 - tieCorrection / 48;
  const small = n < 50 && tieCorrection === 0 && n === differences.length;
  return {
    statistic,
    p: continuityCorrectedP(statistic - (n * (n + 1)) / 4, variance),
    exactP: small ? twoSidedCount(signedRankCounts(n), statistic) : null,
  };
}

/** How many of the 2^n choices of signs give each V. */
function signedRankCounts(n: number): number[] {
  const most = (n * (n + 1)) / 2;
  const counts = new Array<number>(most + 1).fill(0);
  counts[0] = 1;
  for (let rank = 1; rank <= n; rank++)
    for (let v = most; v >= rank; v--) counts[v] = (counts[v] ?? 0) + (counts[v - rank] ?? 0);
  return counts;
}
