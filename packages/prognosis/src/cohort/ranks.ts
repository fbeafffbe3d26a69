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

/** Mid-ranks (Kendall, Biometrika 1945;33:239). */
export function midRanks(values: ArrayLike<number>): Ranks {
  const order = sortOrder(values);
  const ranks = new Float64Array(values.length);
  let tieCorrection = 0;
  for (let start = 0; start < order.length;) {
    const value = values[order[start] ?? 0];
    let end = start + 1;
    while (end < order.length && values[order[end] ?? 0] === value) end++;
    for (let k = start; k < end; k++) ranks[order[k] ?? 0] = (start + 1 + end) / 2;
    const tied = end - start;
    tieCorrection += tied ** 3 - tied;
    start = end;
  }
  return { ranks, tieCorrection };
}
