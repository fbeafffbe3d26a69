import { InputRefused } from '@myelon/diffusion';

/** Predictors and outcome, one element per patient. The intercept is not a column: every model has one. */
export interface LogisticData {
  /** One array per predictor, each as long as `outcome`. May be empty: a model of the intercept alone. */
  readonly columns: readonly ArrayLike<number>[];
  /** 1: the outcome happened, 0: it did not. */
  readonly outcome: ArrayLike<number>;
  /** Part of the linear predictor with coefficient 1, as when a given model is recalibrated. */
  readonly offset?: ArrayLike<number>;
}

/**
 * What Newton's method needs to know of the patients at given coefficients: sums over patients only, so the sums of
 * several sites add up to those of all patients together.
 */
export interface LogisticSums {
  readonly n: number;
  readonly events: number;
  readonly logLikelihood: number;
  /** Gradient of the log-likelihood, intercept first: sum of (y - p) x. */
  readonly score: readonly number[];
  /** Fisher information, `[row][column]`: sum of w x x^T with w = p (1 - p). */
  readonly information: readonly (readonly number[])[];
  /**
   * Derivative of the information, `[j][row][column]`: sum of w (1 - 2 p) x_j x x^T. With it Firth's correction
   * needs no leverage of single patients: 1/2 trace(I^-1 dI/db_j) (Firth, Biometrika 1993;80:27).
   */
  readonly informationSlope: readonly (readonly (readonly number[])[])[];
}

/** @throws InputRefused when lengths differ, a value is not a number, or an outcome is neither 0 nor 1 */
export function checkLogisticData({ columns, outcome, offset }: LogisticData): void {
  const n = outcome.length;
  const where = 'logistic regression';
  const refuse = (what: string): never => {
    throw new InputRefused(what, where, 'give one finite number per patient and an outcome of 0 or 1');
  };
  const all = offset ? [...columns, offset] : columns;
  for (const column of all) {
    if (column.length !== n) refuse(`${String(column.length)} values for ${String(n)} patients`);
    for (let i = 0; i < n; i++)
      if (!Number.isFinite(column[i])) refuse(`patient ${String(i + 1)} has no value`);
  }
  for (let i = 0; i < n; i++)
    if (outcome[i] !== 0 && outcome[i] !== 1) refuse(`outcome of patient ${String(i + 1)} is not 0 or 1`);
}

/**
 * The sums at given coefficients.
 * @param coefficients intercept first, then one per column
 * @param withSlope whether `informationSlope` is wanted (Firth); otherwise it is empty
 */
export function logisticSums(
  { columns, outcome, offset }: LogisticData,
  coefficients: readonly number[],
  withSlope: boolean,
): LogisticSums {
  const p = coefficients.length;
  const score = new Float64Array(p);
  const information = new Float64Array(p * p);
  const slope = new Float64Array(withSlope ? p * p * p : 0);
  const x = new Float64Array(p);
  let logLikelihood = 0;
  let events = 0;
  for (let i = 0; i < outcome.length; i++) {
    let eta = offset?.[i] ?? 0;
    for (let j = 0; j < p; j++) {
      x[j] = j === 0 ? 1 : (columns[j - 1]?.[i] ?? 0);
      eta += (coefficients[j] ?? 0) * (x[j] ?? 0);
    }
    const y = outcome[i] ?? 0;
    // The smaller of p and 1 - p is computed, so that neither loses its digits near 0 or 1.
    const tail = Math.exp(-Math.abs(eta));
    const small = tail / (1 + tail);
    const probability = eta < 0 ? small : 1 - small;
    const residual = y === 1 ? (eta < 0 ? 1 - small : small) : -probability;
    const weight = small * (1 - small);
    logLikelihood += (y === 1 ? Math.min(0, eta) : Math.min(0, -eta)) - Math.log1p(tail);
    events += y;
    addOuter(x, residual, weight, weight * (1 - 2 * probability), { score, information, slope });
  }
  const square = (from: Float64Array, start: number) =>
    Array.from({ length: p }, (_, row) => [...from.subarray(start + row * p, start + (row + 1) * p)]);
  return {
    n: outcome.length,
    events,
    logLikelihood,
    score: [...score],
    information: square(information, 0),
    informationSlope: withSlope ? Array.from({ length: p }, (_, j) => square(slope, j * p * p)) : [],
  };
}

function addOuter(
  x: Float64Array,
  residual: number,
  weight: number,
  slopeWeight: number,
  into: { score: Float64Array; information: Float64Array; slope: Float64Array },
): void {
  const p = x.length;
  for (let j = 0; j < p; j++) {
    const xj = x[j] ?? 0;
    into.score[j] = (into.score[j] ?? 0) + residual * xj;
    for (let k = 0; k < p; k++) {
      const product = xj * (x[k] ?? 0);
      const at = j * p + k;
      into.information[at] = (into.information[at] ?? 0) + weight * product;
      if (into.slope.length === 0) continue;
      for (let l = 0; l < p; l++) {
        const deep = at * p + l;
        into.slope[deep] = (into.slope[deep] ?? 0) + slopeWeight * product * (x[l] ?? 0);
      }
    }
  }
}

/** Sums of all patients from the sums of each site. @throws InputRefused when they belong to different models */
export function addSums(parts: readonly LogisticSums[]): LogisticSums {
  const [first] = parts;
  if (!first || parts.some(({ score }) => score.length !== first.score.length))
    throw new InputRefused(
      'no sums, or sums of different models',
      'logistic regression over sites',
      'let every site use the same predictors in the same order',
    );
  return parts.slice(1).reduce(
    (sum, part) => ({
      n: sum.n + part.n,
      events: sum.events + part.events,
      logLikelihood: sum.logLikelihood + part.logLikelihood,
      score: addVectors(sum.score, part.score),
      information: sum.information.map((row, i) => addVectors(row, part.information[i] ?? [])),
      informationSlope: sum.informationSlope.map((square, j) =>
        square.map((row, i) => addVectors(row, part.informationSlope[j]?.[i] ?? [])),
      ),
    }),
    first,
  );
}

function addVectors(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, i) => value + (b[i] ?? 0));
}
