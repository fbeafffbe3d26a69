import type { LinearScore } from '../score/score-model';

export type Matrix3 = [[number, number, number], [number, number, number], [number, number, number]];

/** Covariance of intercept and slopes over draws of a score. */
export function baseCovariance(draws: readonly LinearScore[]): Matrix3 {
  const rows = draws.map(({ intercept, fa, fPercent }) => [intercept, fa, fPercent]);
  const n = rows.length;
  const mean = [0, 1, 2].map((j) => rows.reduce((sum, row) => sum + (row[j] ?? 0), 0) / n);
  return matrix(
    (j, k) =>
      rows.reduce(
        (sum, row) => sum + ((row[j] ?? 0) - (mean[j] ?? 0)) * ((row[k] ?? 0) - (mean[k] ?? 0)),
        0,
      ) /
      (n - 1),
  );
}

/**
 * Covariance after an update that leaves the direction of the slopes: theirs stays that of the earlier model, stretched,
 * plus that of the stretch; the height at the centre of the cohort is known as well as the cohort tells it.
 *
 * @param centre mean of FA and of f in the cohort
 * @param slope factor on the earlier slopes, and its standard error
 */
export function updateCovariance(
  base: Matrix3,
  centre: readonly number[],
  slope: number,
  interceptStandardError: number,
  slopeStandardError: number,
  before: readonly number[],
): Matrix3 {
  const slopes = (j: number, k: number) =>
    slope ** 2 * at(base, j, k) + slopeStandardError ** 2 * (before[j - 1] ?? 0) * (before[k - 1] ?? 0);
  const lever = (k: number) => -[1, 2].reduce((sum, j) => sum + (centre[j - 1] ?? 0) * slopes(j, k), 0);
  return matrix((j, k) => {
    if (j > 0 && k > 0) return slopes(j, k);
    if (j === 0 && k === 0)
      return (
        interceptStandardError ** 2 - [1, 2].reduce((sum, m) => sum + (centre[m - 1] ?? 0) * lever(m), 0)
      );
    return lever(Math.max(j, k));
  });
}

function at(of: Matrix3, j: number, k: number): number {
  return of[j]?.[k] ?? 0;
}

function matrix(element: (j: number, k: number) => number): Matrix3 {
  const row = (j: number): [number, number, number] => [element(j, 0), element(j, 1), element(j, 2)];
  return [row(0), row(1), row(2)];
}
