import { findRoot, findRootOutward } from './find-root';
import { incompleteBeta } from './incomplete-beta';
import { upperIncompleteGamma } from './incomplete-gamma';

/** 97.5 % point of the standard normal distribution. */
export const Z_975 = 1.959963984540054;
/** 95 % point of chi-squared with one degree of freedom: what a 95 % profile interval may lose in 2 log L. */
export const CHI_SQUARED_1_95 = Z_975 * Z_975;

/** P(|Z| >= |z|) of a standard normal Z. */
export function normalTwoSided(z: number): number {
  return upperIncompleteGamma(0.5, (z * z) / 2);
}

/** P(X >= x) of chi-squared X. */
export function chiSquaredUpper(x: number, degreesOfFreedom: number): number {
  return upperIncompleteGamma(degreesOfFreedom / 2, x / 2);
}

/** P(|T| >= |t|) of Student's t. */
export function studentTwoSided(t: number, degreesOfFreedom: number): number {
  const sum = degreesOfFreedom + t * t;
  return incompleteBeta(degreesOfFreedom / sum, degreesOfFreedom / 2, 0.5, (t * t) / sum);
}

/** The 97.5 % point of Student's t. */
export function student975(degreesOfFreedom: number): number {
  return findRootOutward((t) => 0.05 - studentTwoSided(t, degreesOfFreedom), 0, 2);
}

/** The point below which a share `p` of chi-squared lies. */
export function chiSquaredQuantile(p: number, degreesOfFreedom: number): number {
  return findRootOutward((x) => 1 - p - chiSquaredUpper(x, degreesOfFreedom), 0, degreesOfFreedom);
}

/** The point below which a share `p` of the beta distribution lies. */
export function betaQuantile(p: number, a: number, b: number): number {
  return findRoot((x) => incompleteBeta(x, a, b) - p, 0, 1);
}
