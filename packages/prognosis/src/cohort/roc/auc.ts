import { sortedByOutcome, type MarkedOutcomes } from './roc-curve';

/** Pairs of one good and one poor patient. */
export interface PairCounts {
  /** The good one has the better value. */
  readonly concordant: number;
  readonly tied: number;
  readonly all: number;
}

/** Counted by merging the sorted values of both outcomes. */
export function countPairs(data: MarkedOutcomes): PairCounts {
  const { good, poor } = sortedByOutcome(data);
  let [below, notAbove] = [0, 0];
  let [concordant, tied] = [0, 0];
  for (const value of good) {
    while (below < poor.length && (poor[below] ?? 0) < value) below++;
    while (notAbove < poor.length && (poor[notAbove] ?? 0) <= value) notAbove++;
    concordant += below;
    tied += notAbove - below;
  }
  return { concordant, tied, all: good.length * poor.length };
}

/** Area under the ROC curve, ties 1/2 (Bamber, J Math Psychol 1975;12:387). */
export function areaUnderCurve(data: MarkedOutcomes): number {
  const { concordant, tied, all } = countPairs(data);
  return (concordant + tied / 2) / all;
}
