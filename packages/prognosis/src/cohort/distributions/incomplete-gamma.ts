import { continuedFraction } from './continued-fraction';
import { logGamma } from './log-gamma';

/**
 * Regularised upper incomplete gamma function Q(a, x), a > 0: series below a + 1, continued fraction above (Abramowitz
 * and Stegun 6.5.29 and 6.5.31). Keeps its digits in the far upper tail.
 */
export function upperIncompleteGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  if (x === Infinity) return 0;
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = a + 1; term > sum * 1e-17; n++) {
      term *= x / n;
      sum += term;
    }
    return 1 - front * sum;
  }
  return front * continuedFraction((k) => [-k * (k - a), x + 1 - a + 2 * k]);
}
