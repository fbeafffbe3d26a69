const HALF_LOG_TWO_PI = 0.9189385332046728;
/** Coefficients of Stirling's series, B_2k / (2k (2k - 1)). */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400];

/**
 * ln of the gamma function for x > 0, to about 1e-14. Stirling's series above 15, the recurrence below (Abramowitz and
 * Stegun 6.1.41 and 6.1.15).
 */
export function logGamma(x: number): number {
  let product = 1;
  let large = x;
  while (large < 15) {
    product *= large;
    large += 1;
  }
  let power = 1 / large;
  let series = 0;
  for (const coefficient of STIRLING) {
    series += coefficient * power;
    power /= large * large;
  }
  return (large - 0.5) * Math.log(large) - large + HALF_LOG_TWO_PI + series - Math.log(product);
}
