import { cholesky } from '../../logistic';
import { mean, standardDeviation, sumOfSquares, type NumberList } from '../descriptives';
import { student975 } from '../distributions/distributions';
import { needValues, notDefined } from '../not-defined';

export interface LinearFit {
  /** Intercept first. */
  readonly coefficients: readonly number[];
  readonly standardErrors: readonly number[];
  readonly r2: number;
  readonly adjustedR2: number;
  /** Residual standard deviation. */
  readonly sigma: number;
  readonly f: number;
  /** Value and 95 % interval for one new patient. */
  predict(x: readonly number[]): { fit: number; low: number; high: number };
}

/**
 * Least squares with an intercept. Columns are centred and scaled, so units do not cost digits.
 * @throws InputRefused when there are too few patients or a column is constant or follows from the others
 */
export function fitLinear(columns: readonly NumberList[], y: NumberList): LinearFit {
  const [n, p] = [y.length, columns.length];
  needValues(n, p + 2, 'linear regression');
  const centres = columns.map(mean);
  const scales = columns.map(standardDeviation);
  const scaled = columns.map((column, j) =>
    Float64Array.from(column, (value) => (value - (centres[j] ?? 0)) / (scales[j] ?? 1)),
  );
  const my = mean(y);
  const factor = cholesky(scaled.map((a) => scaled.map((b) => dot(a, b))));
  if (!factor)
    throw notDefined(
      'a predictor is constant or follows from the others',
      'linear regression',
      'leave it out',
    );
  const centred = Float64Array.from(y, (value) => value - my);
  const slopes = factor.solve(scaled.map((column) => dot(column, centred)));
  const residual = centred.map((value, i) =>
    slopes.reduce((rest, slope, j) => rest - slope * (scaled[j]?.[i] ?? 0), value),
  );
  const [rss, tss] = [dot(residual, residual), sumOfSquares(y)];
  if (!(tss > 0)) throw notDefined('the outcome is the same for all', 'linear regression');
  const df = n - p - 1;
  const sigma = Math.sqrt(rss / df);
  const inverse = factor.inverse();
  const coefficients = slopes.map((slope, j) => slope / (scales[j] ?? 1));
  const shift = (x: readonly number[]) => x.map((value, j) => (value - (centres[j] ?? 0)) / (scales[j] ?? 1));
  const leverage = (z: readonly number[]) => 1 / n + quadraticForm(inverse, z);
  const intercept = my - coefficients.reduce((sum, b, j) => sum + b * (centres[j] ?? 0), 0);
  const origin = shift(columns.map(() => 0));
  return {
    coefficients: [intercept, ...coefficients],
    standardErrors: [
      sigma * Math.sqrt(leverage(origin)),
      ...inverse.map((row, j) => (sigma * Math.sqrt(row[j] ?? 0)) / (scales[j] ?? 1)),
    ],
    r2: 1 - rss / tss,
    adjustedR2: 1 - rss / df / (tss / (n - 1)),
    sigma,
    f: (tss - rss) / p / (rss / df),
    predict: (x) => {
      const z = shift(x);
      const fit = my + slopes.reduce((sum, slope, j) => sum + slope * (z[j] ?? 0), 0);
      const half = student975(df) * sigma * Math.sqrt(1 + leverage(z));
      return { fit, low: fit - half, high: fit + half };
    },
  };
}

function dot(a: NumberList, b: NumberList): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function quadraticForm(matrix: readonly (readonly number[])[], z: readonly number[]): number {
  return matrix.reduce(
    (sum, row, j) => sum + row.reduce((inner, value, k) => inner + value * (z[j] ?? 0) * (z[k] ?? 0), 0),
    0,
  );
}
