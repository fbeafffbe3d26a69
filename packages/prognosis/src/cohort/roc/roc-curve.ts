import { needValues, notDefined } from '../not-defined';

/** Which values speak for a good recovery. Fixed beforehand, never chosen from the data. */
export type MarkerDirection = 'higher is good' | 'lower is good';

/** A marker and the outcome of the same patients. */
export interface MarkedOutcomes {
  readonly values: ArrayLike<number>;
  /** 1: good recovery, 0: not. */
  readonly good: ArrayLike<number>;
  readonly direction: MarkerDirection;
}

/** A cut and what it does. "Positive" is the side of the cut that speaks for a good recovery. */
export interface RocPoint {
  /** Half-way between two neighbouring values (the convention of pROC); infinite at both ends of the curve. */
  readonly midpoint: number;
  /**
   * The last value that still counts as positive: "at or above" where higher is good, "at or below" where lower is (the
   * convention of scikit-learn). Infinite where nothing counts as positive.
   */
  readonly lastPositive: number;
  readonly sensitivity: number;
  readonly specificity: number;
}

export interface RocCurve {
  readonly nGood: number;
  readonly nPoor: number;
  /** From the cut where all count as positive to the one where none do. */
  readonly points: readonly RocPoint[];
}

/** Values of both outcomes, sorted, turned so that higher is good. @throws InputRefused when a class is empty */
export function sortedByOutcome({ values, good, direction }: MarkedOutcomes): {
  good: Float64Array;
  poor: Float64Array;
} {
  needValues(values.length, 1, 'ROC curve');
  const sign = direction === 'higher is good' ? 1 : -1;
  const pick = (outcome: 0 | 1) => {
    const found = new Float64Array(values.length);
    let n = 0;
    for (let i = 0; i < values.length; i++)
      // Adding 0 turns -0 into 0, which sorts as equal to 0.
      if (good[i] === outcome) found[n++] = sign * (values[i] ?? 0) + 0;
    return found.subarray(0, n).sort();
  };
  const sorted = { good: pick(1), poor: pick(0) };
  if (sorted.good.length === 0 || sorted.poor.length === 0)
    throw notDefined(
      `all ${String(values.length)} patients have the same outcome`,
      'ROC curve',
      'both outcomes are needed',
    );
  return sorted;
}

/** The empirical ROC curve, one point per distinct value and one more. O(n log n). */
export function rocCurve(data: MarkedOutcomes): RocCurve {
  const { good, poor } = sortedByOutcome(data);
  const sign = data.direction === 'higher is good' ? 1 : -1;
  const points: RocPoint[] = [];
  let [g, p] = [0, 0];
  let below = -Infinity;
  for (;;) {
    const next = Math.min(good[g] ?? Infinity, poor[p] ?? Infinity);
    points.push({
      midpoint: sign * between(below, next),
      lastPositive: sign * next,
      sensitivity: (good.length - g) / good.length,
      specificity: p / poor.length,
    });
    if (next === Infinity) return { nGood: good.length, nPoor: poor.length, points };
    while (good[g] === next) g++;
    while (poor[p] === next) p++;
    below = next;
  }
}

/** Half-way, without losing the point to overflow; the upper of two neighbours that nothing lies between. */
function between(below: number, above: number): number {
  if (below === -Infinity) return below;
  const middle = (below + above) / 2;
  return middle === below ? above : middle;
}

/** Number of distinct values. */
export function distinctValues({ points }: RocCurve): number {
  return points.length - 1;
}
