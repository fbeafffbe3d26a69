import { noiseSource } from '@myelon/diffusion';
import type { Interval } from '../correlation';
import { quantileOfSorted } from '../descriptives';
import { needValues } from '../not-defined';
import type { MarkedOutcomes, RocCurve } from './roc-curve';
import { poissonCounts, redrawnCounts, valueGroups, type ValueGroups } from './value-groups';

export interface YoudenBootstrap {
  readonly replicates: number;
  readonly seed: number;
  /** How patients were drawn: one by one, or in large cohorts as Poisson counts of groups of neighbouring values. */
  readonly method: 'patients drawn within each outcome' | 'Poisson counts of 1000 groups of values';
  /** 95 % percentile intervals. */
  readonly cut: Interval;
  readonly sensitivity: Interval;
  readonly specificity: Interval;
  /** Replicates in which no cut was better than none; they are left out. */
  readonly withoutCut: number;
}

/** Above this many patients single ones no longer matter to a cut, and drawing each of them takes too long. */
const ONE_BY_ONE_UP_TO = 20_000;
const GROUPS = 1000;

/**
 * How far the Youden cut moves from cohort to cohort: patients drawn with replacement within each outcome, the first
 * best mid-point of each draw (percentile interval: Efron and Tibshirani, An Introduction to the Bootstrap, 1993,
 * chapter 13). Draws counts per distinct value, so a replicate costs O(n) without sorting. In large cohorts neighbouring
 * values are joined to 1000 groups whose counts are drawn from Poisson distributions (Hanley and MacGibbon, Comput Methods
 * Programs Biomed 2006;83:57), and a replicate costs the same however many patients there are.
 * @param curve of the same data
 * @throws InputRefused below 2 patients per outcome, or when hardly any draw has a cut
 */
export function bootstrapYouden(
  data: MarkedOutcomes,
  curve: RocCurve,
  { replicates, seed }: { replicates: number; seed: number },
  oneByOneUpTo = ONE_BY_ONE_UP_TO,
): YoudenBootstrap {
  const { points, nGood, nPoor } = curve;
  needValues(Math.min(nGood, nPoor), 2, 'bootstrap of the Youden cut, per outcome');
  const few = data.values.length <= oneByOneUpTo;
  const distinct = points.slice(0, -1).map(({ lastPositive }) => lastPositive);
  const groups = valueGroups(data, distinct, few ? Infinity : GROUPS);
  const noise = noiseSource(seed);
  const found: BestCut[] = [];
  for (let replicate = 0; replicate < replicates; replicate++) {
    const drawn = few ? redrawnCounts(groups, noise) : poissonCounts(groups, noise);
    const cut = bestOfCounts(groups, drawn);
    if (cut) found.push(cut);
  }
  needValues(found.length, Math.ceil(replicates / 2), 'bootstrap of the Youden cut, draws with a cut');
  const interval = (pick: (one: BestCut) => number): Interval => {
    const sorted = Float64Array.from(found, pick).sort();
    return [quantileOfSorted(sorted, 0.025), quantileOfSorted(sorted, 0.975)];
  };
  return {
    replicates,
    seed,
    method: few ? 'patients drawn within each outcome' : 'Poisson counts of 1000 groups of values',
    cut: interval(({ cut }) => cut),
    sensitivity: interval(({ sensitivity }) => sensitivity),
    specificity: interval(({ specificity }) => specificity),
    withoutCut: replicates - found.length,
  };
}

interface BestCut {
  readonly cut: number;
  readonly sensitivity: number;
  readonly specificity: number;
}

/** The best cut of a draw; null when no cut is better than none. */
function bestOfCounts(
  { first, last }: ValueGroups,
  { good, poor }: { good: Uint32Array; poor: Uint32Array },
): BestCut | null {
  const nGood = good.reduce((sum, count) => sum + count, 0);
  const nPoor = poor.reduce((sum, count) => sum + count, 0);
  let best: BestCut | null = null;
  let most = 1e-12;
  let [goodBelow, poorBelow] = [0, 0];
  let previous: number | undefined;
  for (let group = 0; group < first.length; group++) {
    const here = (good[group] ?? 0) + (poor[group] ?? 0);
    if (here === 0) continue;
    const sensitivity = (nGood - goodBelow) / nGood;
    const specificity = poorBelow / nPoor;
    const j = sensitivity + specificity - 1;
    if (previous !== undefined && j > most + 1e-12) {
      most = j;
      best = { cut: (previous + (first[group] ?? 0)) / 2, sensitivity, specificity };
    }
    goodBelow += good[group] ?? 0;
    poorBelow += poor[group] ?? 0;
    previous = last[group] ?? 0;
  }
  return best;
}
