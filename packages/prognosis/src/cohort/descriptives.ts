export interface Descriptives {
  readonly n: number;
  readonly mean: number | null;
  /** With n - 1; null below two values. */
  readonly sd: number | null;
  readonly median: number | null;
  readonly q1: number | null;
  readonly q3: number | null;
  readonly min: number | null;
  readonly max: number | null;
}

/** An array of numbers of any kind. */
export type NumberList = ArrayLike<number> & Iterable<number>;

export function mean(values: NumberList): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Sum of squared deviations from the mean. */
export function sumOfSquares(values: NumberList): number {
  const centre = mean(values);
  let sum = 0;
  for (const value of values) sum += (value - centre) ** 2;
  return sum;
}

/** With n - 1; NaN below two values. */
export function standardDeviation(values: NumberList): number {
  return Math.sqrt(sumOfSquares(values) / (values.length - 1));
}

/** Quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan, Am Stat 1996;50:361). */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number): number {
  const at = p * (sorted.length - 1);
  const low = Math.floor(at);
  const below = sorted[low] ?? NaN;
  const above = sorted[Math.min(low + 1, sorted.length - 1)] ?? NaN;
  return below + (at - low) * (above - below);
}

/** Quartiles as in {@link quantileOfSorted}. */
export function describeValues(values: NumberList): Descriptives {
  const n = values.length;
  if (n === 0) return { n, mean: null, sd: null, median: null, q1: null, q3: null, min: null, max: null };
  const sorted = Float64Array.from(values).sort();
  return {
    n,
    mean: mean(values),
    sd: n > 1 ? standardDeviation(values) : null,
    median: quantileOfSorted(sorted, 0.5),
    q1: quantileOfSorted(sorted, 0.25),
    q3: quantileOfSorted(sorted, 0.75),
    min: sorted[0] ?? null,
    max: sorted[n - 1] ?? null,
  };
}
