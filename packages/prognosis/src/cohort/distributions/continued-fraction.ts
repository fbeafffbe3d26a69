const TINY = 1e-300;
const CONVERGED = 1e-16;
const MAX_TERMS = 100_000;

/**
 * Value of the continued fraction 1 / (b0 + a1 / (b1 + a2 / (b2 + ...))) by Lentz's algorithm as modified by Thompson
 * and Barnett (J Comput Phys 1986;64:490).
 *
 * @param term numerator a and denominator b of the k-th term, k from 0; a of the first is 1
 */
export function continuedFraction(term: (k: number) => readonly [a: number, b: number]): number {
  const [, first] = term(0);
  let value = nonZero(first);
  let c = value;
  let d = 0;
  for (let k = 1; k < MAX_TERMS; k++) {
    const [a, b] = term(k);
    d = 1 / nonZero(b + a * d);
    c = nonZero(b + a / c);
    const factor = c * d;
    value *= factor;
    if (Math.abs(factor - 1) < CONVERGED) break;
  }
  return 1 / value;
}

function nonZero(x: number): number {
  return x === 0 ? TINY : x;
}
