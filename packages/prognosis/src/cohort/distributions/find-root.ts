/**
 * Root of a continuous function between two points where its signs differ, to the last digits: the method of Ridders
 * (IEEE Trans Circuits Syst 1979;26:979), which halves like bisection at worst.
 *
 * @returns NaN when the signs do not differ
 */
export function findRoot(f: (x: number) => number, from: number, to: number, tolerance = 0): number {
  let [a, b] = [from, to];
  let [fa, fb] = [f(a), f(b)];
  if (fa === 0) return a;
  if (fb === 0) return b;
  if (!(fa * fb < 0)) return NaN;
  for (let i = 0; i < 200; i++) {
    const middle = (a + b) / 2;
    const fm = f(middle);
    const x = middle + (middle - a) * ((Math.sign(fa - fb) * fm) / Math.sqrt(fm * fm - fa * fb));
    const fx = f(x);
    if (fm === 0) return middle;
    if (fx === 0) return x;
    // The narrowest of the brackets the two new points make.
    const points = [
      [a, fa],
      [Math.min(middle, x), middle < x ? fm : fx],
      [Math.max(middle, x), middle < x ? fx : fm],
      [b, fb],
    ] as const;
    const at = [0, 1, 2].find((k) => (points[k]?.[1] ?? 0) * (points[k + 1]?.[1] ?? 0) < 0) ?? 0;
    const width = Math.abs(b - a);
    [[a, fa], [b, fb]] = [points[at] ?? [a, fa], points[at + 1] ?? [b, fb]];
    const narrowed = Math.abs(b - a);
    if (narrowed <= tolerance + 4e-16 * Math.max(Math.abs(a), Math.abs(b)) || narrowed >= width) break;
  }
  return (a + b) / 2;
}

/**
 * Root right of `start` of a function that is negative there and grows: steps out, doubling, until its sign changes.
 *
 * @returns NaN when it stays negative for 60 doublings
 */
export function findRootOutward(
  f: (x: number) => number,
  start: number,
  step: number,
  tolerance = 0,
): number {
  let [inner, reach] = [start, step];
  for (let i = 0; i < 60; i++, reach *= 2) {
    const outer = start + reach;
    const value = f(outer);
    if (Number.isNaN(value)) return NaN;
    if (value >= 0) return findRoot(f, inner, outer, tolerance);
    inner = outer;
  }
  return NaN;
}
