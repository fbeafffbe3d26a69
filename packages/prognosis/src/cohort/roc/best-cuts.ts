import type { RocCurve, RocPoint } from './roc-curve';

/**
 * Cuts of largest J = sensitivity + specificity - 1 (Youden, Cancer 1950;3:32). Several cuts may share it. When no cut
 * is better than none at all (J = 0), these are ends of the curve, with infinite cuts.
 */
export function youdenCuts({ points }: RocCurve): { readonly j: number; readonly cuts: readonly RocPoint[] } {
  return best(points, ({ sensitivity, specificity }) => sensitivity + specificity - 1);
}

/** Cuts closest to the corner of perfect sensitivity and specificity, by squared distance. */
export function closestTopLeft({ points }: RocCurve): readonly RocPoint[] {
  return best(points, ({ sensitivity, specificity }) => -((1 - sensitivity) ** 2) - (1 - specificity) ** 2)
    .cuts;
}

function best(
  points: readonly RocPoint[],
  merit: (point: RocPoint) => number,
): { j: number; cuts: RocPoint[] } {
  let j = -Infinity;
  for (const point of points) j = Math.max(j, merit(point));
  // Equal fractions may differ in the last digit.
  return { j, cuts: points.filter((point) => merit(point) > j - 1e-12) };
}
