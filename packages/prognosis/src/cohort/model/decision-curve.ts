/**
 * Net benefit of calling those "good" whose probability is at or above a threshold: true positives per patient minus
 * false ones at the odds of the threshold (Vickers and Elkin, Med Decis Making 2006;26:565).
 */
export function netBenefit(
  isPositive: (patient: number) => boolean,
  good: ArrayLike<number>,
  threshold: number,
): number {
  let [truePositive, falsePositive] = [0, 0];
  for (let i = 0; i < good.length; i++) {
    if (!isPositive(i)) continue;
    if (good[i] === 1) truePositive++;
    else falsePositive++;
  }
  const n = good.length;
  return truePositive / n - ((falsePositive / n) * threshold) / (1 - threshold);
}
