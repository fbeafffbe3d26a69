import { noiseSource } from '@myelon/diffusion';
import type { Interval } from '../correlation';
import { quantileOfSorted } from '../descriptives';
import { needValues } from '../not-defined';
import { rocCurve, type MarkedOutcomes } from './roc-curve';

export interface YoudenBootstrap {
  readonly replicates: number;
  readonly seed: number;
  /** 95 % percentile intervals. */
  readonly cut: Interval;
  readonly sensitivity: Interval;
  readonly specificity: Interval;
  /** Replicates in which no cut was better than none; they are left out. */
  readonly withoutCut: number;
}

/**
 * How far the Youden cut moves from cohort to cohort: patients drawn with replacement within each outcome, the first
 * best mid-point of each draw (percentile interval: Efron and Tibshirani, An Introduction to the Bootstrap, 1993,
 * chapter 13). Draws counts per distinct value, so a replicate costs O(n) without sorting.
 * @throws InputRefused below 2 patients per outcome, or when hardly any draw has a cut
 */
export function bootstrapYouden(
  data: MarkedOutcomes,
  { replicates, seed }: { replicates: number; seed: number },
): YoudenBootstrap {
  const { points, nGood, nPoor } = rocCurve(data);
  needValues(Math.min(nGood, nPoor), 2, 'bootstrap of the Youden cut, per outcome');
  const levels = levelsOf(
    data,
    points.map(({ lastPositive }) => lastPositive),
  );
  const noise = noiseSource(seed);
  const draw = () => {
    const counts = { good: new Uint32Array(points.length), poor: new Uint32Array(points.length) };
    for (const side of ['good', 'poor'] as const) {
      const from = levels[side];
      for (let drawn = 0, size = from.length; drawn < size; drawn++) {
        const level = from[Math.floor(noise.uniform() * from.length)] ?? 0;
        counts[side][level] = (counts[side][level] ?? 0) + 1;
      }
    }
    return counts;
  };
  const found: { cut: number; sensitivity: number; specificity: number }[] = [];
  for (let replicate = 0; replicate < replicates; replicate++) {
    const { good, poor } = draw();
    const cut = bestOfCounts(
      points.map(({ lastPositive }) => lastPositive),
      good,
      poor,
      nGood,
      nPoor,
    );
    if (cut) found.push(cut);
  }
  needValues(found.length, Math.ceil(replicates / 2), 'bootstrap of the Youden cut, draws with a cut');
  const interval = (pick: (one: (typeof found)[number]) => number): Interval => {
    const sorted = Float64Array.from(found, pick).sort();
    return [quantileOfSorted(sorted, 0.025), quantileOfSorted(sorted, 0.975)];
  };
  return {
    replicates,
    seed,
    cut: interval(({ cut }) => cut),
    sensitivity: interval(({ sensitivity }) => sensitivity),
    specificity: interval(({ specificity }) => specificity),
    withoutCut: replicates - found.length,
  };
}

/** For each patient the position of his value among the distinct values, worst first. */
function levelsOf(
  { values, good }: MarkedOutcomes,
  distinct: readonly number[],
): { good: Uint32Array; poor: Uint32Array } {
  const position = new Map(distinct.map((value, i) => [value, i]));
  const of = (outcome: 0 | 1) =>
    Uint32Array.from(
      Array.from(values)
        .filter((_, i) => good[i] === outcome)
        .map((value) => position.get(value) ?? 0),
    );
  return { good: of(1), poor: of(0) };
}

/** The best cut of a draw; null when no cut is better than none. */
function bestOfCounts(
  distinct: readonly number[],
  good: Uint32Array,
  poor: Uint32Array,
  nGood: number,
  nPoor: number,
): { cut: number; sensitivity: number; specificity: number } | null {
  let best: { cut: number; sensitivity: number; specificity: number } | null = null;
  let most = 1e-12;
  let [goodBelow, poorBelow] = [0, 0];
  let previous: number | undefined;
  for (let level = 0; level < distinct.length; level++) {
    const here = (good[level] ?? 0) + (poor[level] ?? 0);
    if (here === 0) continue;
    const value = distinct[level] ?? 0;
    const sensitivity = (nGood - goodBelow) / nGood;
    const specificity = poorBelow / nPoor;
    const j = sensitivity + specificity - 1;
    if (previous !== undefined && j > most + 1e-12) {
      most = j;
      best = { cut: (previous + value) / 2, sensitivity, specificity };
    }
    goodBelow += good[level] ?? 0;
    poorBelow += poor[level] ?? 0;
    previous = value;
  }
  return best;
}
