import { continuedFraction } from './continued-fraction';
import { logGamma } from './log-gamma';

/**
 * Regularised incomplete beta function I_x(a, b), a and b > 0, by its continued fraction (NIST Digital Library of
 * Mathematical Functions 8.17.22). Keeps its digits in the far lower tail.
 *
 * @param complement 1 - x, where the caller knows it more exactly than by subtraction
 */
export function incompleteBeta(x: number, a: number, b: number, complement = 1 - x): number {
  if (x <= 0) return 0;
  if (complement <= 0) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(complement, b, a, x);
  const logFront = a * Math.log(x) + b * Math.log(complement) + logGamma(a + b) - logGamma(a) - logGamma(b);
  return (Math.exp(logFront) / a) * continuedFraction((k) => [betaNumerator(k, x, a, b), 1]);
}

function betaNumerator(k: number, x: number, a: number, b: number): number {
  const m = Math.floor(k / 2);
  if (k % 2 === 0) return (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
  return (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
}
