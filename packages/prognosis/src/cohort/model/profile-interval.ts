import { fitLogistic, type LogisticData, type LogisticFit } from '../../logistic';
import { CHI_SQUARED_1_95, chiSquaredQuantile, Z_975 } from '../distributions/distributions';
import { findRootOutward } from '../distributions/find-root';
import { cubicSpline } from './cubic-spline';

/** 95 %; a side is null when the likelihood does not fall far enough however far one goes. */
export type ProfileInterval = readonly [low: number | null, high: number | null];

/**
 * Profile likelihood interval of one coefficient: all values at which twice the (penalised) log-likelihood, maximised
 * over the other coefficients, lies within 3.84 of its maximum (Venzon and Moolgavkar, Appl Stat 1988;37:87; with Firth's
 * penalty Heinze and Schemper, Stat Med 2002;21:2409).
 *
 * @param index 0 for the intercept
 */
export function profileInterval(data: LogisticData, fit: LogisticFit, index: number): ProfileInterval {
  const { penalty, coefficients, objective, covariance } = fit;
  const best = coefficients[index] ?? 0;
  const standardError = Math.sqrt(covariance[index]?.[index] ?? 0);
  const side = (sign: 1 | -1): number | null => {
    let start = coefficients;
    const excess = (distance: number): number => {
      const held = new Map([[index, best + sign * distance]]);
      const at = fitLogistic(data, { penalty, held, start });
      start = at.coefficients;
      return 2 * (objective - at.objective) - CHI_SQUARED_1_95;
    };
    const distance = findRootOutward(excess, 0, Z_975 * standardError, 1e-9 * standardError);
    return Number.isNaN(distance) ? null : best + sign * distance;
  };
  return [side(-1), side(1)];
}

/** Where R stops the profile of a 95 % interval: a quarter of 5 % is left outside. */
const PROFILE_TO = Math.sqrt(chiSquaredQuantile(1 - 0.05 / 4, 1));
const PROFILE_STEPS = 9;

/**
 * The same interval as R's `confint` prints it: signed roots of the likelihood ratio at steps of a fifth of the reach,
 * a cubic spline through them, read off linearly between points on a grid three times as fine (the method of Venables
 * and Ripley, Modern Applied Statistics with S, 2002, chapter 8). Differs from the exact interval in the fourth digit.
 */
export function interpolatedProfileInterval(
  data: LogisticData,
  fit: LogisticFit,
  index: number,
): ProfileInterval {
  const { penalty, coefficients, objective, covariance } = fit;
  const best = coefficients[index] ?? 0;
  const step = (PROFILE_TO / 5) * Math.sqrt(covariance[index]?.[index] ?? 0);
  const points: [value: number, root: number][] = [[best, 0]];
  for (const sign of [-1, 1] as const) {
    let start = coefficients;
    for (let k = 1, root = 0; k <= PROFILE_STEPS && Math.abs(root) < PROFILE_TO; k++) {
      const value = best + sign * k * step;
      const at = fitLogistic(data, { penalty, held: new Map([[index, value]]), start });
      start = at.coefficients;
      root = sign * Math.sqrt(Math.max(0, 2 * (objective - at.objective)));
      points.push([value, root]);
    }
  }
  points.sort(([a], [b]) => a - b);
  return readOff(points);
}

function readOff(points: readonly [number, number][]): ProfileInterval {
  const values = points.map(([value]) => value);
  const spline = cubicSpline(
    values,
    points.map(([, root]) => root),
  );
  const [first = 0, last = 0] = [values[0], values[values.length - 1]];
  const fine = 3 * points.length;
  const grid = Array.from({ length: fine }, (_, i) => first + ((last - first) * i) / (fine - 1));
  const roots = grid.map(spline);
  const at = (root: number): number | null => {
    const k = roots.findIndex((value, i) => value <= root && (roots[i + 1] ?? -Infinity) >= root);
    const [r0, r1, v0, v1] = [roots[k], roots[k + 1], grid[k], grid[k + 1]];
    if (r0 === undefined || r1 === undefined || v0 === undefined || v1 === undefined) return null;
    return v0 + ((v1 - v0) * (root - r0)) / (r1 - r0);
  };
  return [at(-Z_975), at(Z_975)];
}
