/**
 * Cubic spline through given points whose ends follow the cubics through the four outermost points (Forsythe, Malcolm
 * and Moler, Computer Methods for Mathematical Computations, 1977).
 *
 * @param x ascending, at least 4
 */
export function cubicSpline(x: readonly number[], y: readonly number[]): (at: number) => number {
  const n = x.length;
  const second = endConditioned(x, y);
  return (at) => {
    let k = 0;
    while (k < n - 2 && at > (x[k + 1] ?? 0)) k++;
    const [x0 = 0, x1 = 0] = [x[k], x[k + 1]];
    const [y0 = 0, y1 = 0] = [y[k], y[k + 1]];
    const [s0 = 0, s1 = 0] = [second[k], second[k + 1]];
    const h = x1 - x0;
    const a = (x1 - at) / h;
    const b = (at - x0) / h;
    // s is a sixth of the second derivative.
    return a * y0 + b * y1 + h * h * ((a ** 3 - a) * s0 + (b ** 3 - b) * s1);
  };
}

/** A sixth of the second derivative at each point. */
function endConditioned(x: readonly number[], y: readonly number[]): number[] {
  const n = x.length;
  const h = (i: number) => (x[i + 1] ?? 0) - (x[i] ?? 0);
  const slope = (i: number) => ((y[i + 1] ?? 0) - (y[i] ?? 0)) / h(i);
  const thirdDifference = (i: number) => {
    const seconds = [0, 1].map(
      (k) => (slope(i + k + 1) - slope(i + k)) / ((x[i + k + 2] ?? 0) - (x[i + k] ?? 0)),
    );
    return ((seconds[1] ?? 0) - (seconds[0] ?? 0)) / ((x[i + 3] ?? 0) - (x[i] ?? 0));
  };
  const diagonal = Array.from({ length: n }, (_, i) =>
    i === 0 ? -h(0) : i === n - 1 ? -h(n - 2) : 2 * (h(i - 1) + h(i)),
  );
  const right = Array.from({ length: n }, (_, i) => {
    if (i === 0) return thirdDifference(0) * h(0) ** 2;
    if (i === n - 1) return -thirdDifference(n - 4) * h(n - 2) ** 2;
    return slope(i) - slope(i - 1);
  });
  for (let i = 1; i < n; i++) {
    const factor = h(i - 1) / (diagonal[i - 1] ?? 1);
    diagonal[i] = (diagonal[i] ?? 0) - factor * h(i - 1);
    right[i] = (right[i] ?? 0) - factor * (right[i - 1] ?? 0);
  }
  for (let i = n - 1; i >= 0; i--)
    right[i] = ((right[i] ?? 0) - (i < n - 1 ? h(i) * (right[i + 1] ?? 0) : 0)) / (diagonal[i] ?? 1);
  return right;
}
