/** Mean squared difference of predicted probability and outcome (Brier, Mon Weather Rev 1950;78:1). */
export function brierScore(probability: ArrayLike<number>, good: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < good.length; i++) sum += ((probability[i] ?? 0) - (good[i] ?? 0)) ** 2;
  return sum / good.length;
}
