/** Positions of the values in ascending order. */
export function sortOrder(values: ArrayLike<number>): Uint32Array {
  return Uint32Array.from({ length: values.length }, (_, i) => i).sort(
    (p, q) => (values[p] ?? 0) - (values[q] ?? 0),
  );
}

export interface Ranks {
  /** Rank from 1 of each value; tied values share the mean of their ranks. */
  readonly ranks: Float64Array;
  /** Sum over groups of t tied values of t^3 - t. */
  readonly tieCorrection: number;
}

/** Mid-ranks (Kendall, Biometrika 1945;33:239). Numbers sort far faster than positions, so each value is looked up. */
export function midRanks(values: ArrayLike<number>): Ranks {
  // Adding 0 turns -0 into 0, which sorts as equal to 0.
  const sorted = Float64Array.from(values, (value) => value + 0).sort();
  let tieCorrection = 0;
  for (let start = 0; start < sorted.length;) {
    let end = start + 1;
    while (end < sorted.length && sorted[end] === sorted[start]) end++;
    const tied = end - start;
    tieCorrection += tied ** 3 - tied;
    start = end;
  }
  const rankOf = (value: number) => (countBelow(sorted, value) + 1 + countAtOrBelow(sorted, value)) / 2;
  return { ranks: Float64Array.from(values, rankOf), tieCorrection };
}

/** How many of the values, sorted ascending, are smaller. */
export function countBelow(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of the values, sorted ascending, are not larger. */
export function countAtOrBelow(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
