import { normalTwoSided } from '../cohort/distributions/distributions';

/** The point below which a share `p` of the standard normal distribution lies, 0 < p < 1. */
export function normalQuantile(p: number): number {
  const tail = Math.min(p, 1 - p);
  // Hastings' approximation (Abramowitz and Stegun 26.2.23, error below 4.5e-4), then Newton's method.
  const t = Math.sqrt(-2 * Math.log(tail));
  let z =
    t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  for (let step = 0; step < 3; step++) {
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    const above = z < 0 ? 1 - normalTwoSided(z) / 2 : normalTwoSided(z) / 2;
    z += (above - tail) / density;
  }
  return p < 0.5 ? -z : z;
}
