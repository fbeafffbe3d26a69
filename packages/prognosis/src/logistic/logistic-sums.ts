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
  data: LogisticData,
  coefficients: readonly number[],
  withSlope: boolean,
): LogisticSums {
  const p = coefficients.length;
  const n = data.outcome.length;
  const design = designOf(data);
  const block = blockOf(Math.min(n, BLOCK));
  const score = new Float64Array(p);
  const information = new Float64Array(p * p);
  const slope = new Float64Array(withSlope ? p * p * p : 0);
  let logLikelihood = 0;
  for (let start = 0; start < n; start += BLOCK) {
    const size = Math.min(BLOCK, n - start);
    logLikelihood += weighBlock(design, coefficients, start, size, block);
    addBlock(design.columns, start, size, block, { score, information, slope });
  }
  const square = (from: Float64Array, start: number) =>
    Array.from({ length: p }, (_, row) => [...from.subarray(start + row * p, start + (row + 1) * p)]);
  return {
    n,
    events: design.outcome.reduce((sum, y) => sum + y, 0),
    logLikelihood,
    score: [...score],
    information: square(information, 0),
    informationSlope: withSlope ? Array.from({ length: p }, (_, j) => square(slope, j * p * p)) : [],
  };
}

/** Patients taken at once: what is kept of each of them stays in the cache. */
const BLOCK = 4096;

/** The data as arrays of one kind, which run several times faster; the intercept is the first column. */
interface Design {
  readonly columns: readonly Float64Array[];
  readonly outcome: Float64Array;
  readonly offset: Float64Array | null;
}

function designOf({ columns, outcome, offset }: LogisticData): Design {
  const float64 = (values: ArrayLike<number>) =>
    values instanceof Float64Array ? values : new Float64Array(values);
  return {
    columns: [new Float64Array(outcome.length).fill(1), ...columns.map(float64)],
    outcome: float64(outcome),
    offset: offset ? float64(offset) : null,
  };
}

/** Per patient of a block: y - p, p (1 - p), and p (1 - p) (1 - 2 p). */
interface Block {
  readonly residual: Float64Array;
  readonly weight: Float64Array;
  readonly slopeWeight: Float64Array;
  readonly scratch: Float64Array;
}

function blockOf(size: number): Block {
  const array = () => new Float64Array(size);
  return { residual: array(), weight: array(), slopeWeight: array(), scratch: array() };
}

/** Fills the block and returns its log-likelihood. */
function weighBlock(
  { columns, outcome, offset }: Design,
  coefficients: readonly number[],
  start: number,
  size: number,
  { residual, weight, slopeWeight, scratch }: Block,
): number {
  for (let i = 0; i < size; i++) scratch[i] = offset?.[start + i] ?? 0;
  columns.forEach((column, j) => {
    const coefficient = coefficients[j] ?? 0;
    for (let i = 0; i < size; i++) scratch[i] = (scratch[i] ?? 0) + coefficient * (column[start + i] ?? 0);
  });
  let logLikelihood = 0;
  for (let i = 0; i < size; i++) {
    const eta = scratch[i] ?? 0;
    const y = outcome[start + i] ?? 0;
    // The smaller of p and 1 - p is computed, so that neither loses its digits near 0 or 1.
    const tail = Math.exp(-Math.abs(eta));
    const small = tail / (1 + tail);
    const probability = eta < 0 ? small : 1 - small;
    const w = small * (1 - small);
    residual[i] = y === 1 ? (eta < 0 ? 1 - small : small) : -probability;
    weight[i] = w;
    slopeWeight[i] = w * (1 - 2 * probability);
    logLikelihood += (y === 1 ? Math.min(0, eta) : Math.min(0, -eta)) - Math.log1p(tail);
  }
  return logLikelihood;
}

/** Adds a block to the sums: one product of columns after the other, symmetric ones once. */
function addBlock(
  columns: readonly Float64Array[],
  start: number,
  size: number,
  { residual, weight, slopeWeight, scratch }: Block,
  into: { score: Float64Array; information: Float64Array; slope: Float64Array },
): void {
  const p = columns.length;
  const add = (sums: Float64Array, at: number, value: number) => (sums[at] = (sums[at] ?? 0) + value);
  const times = (weights: Float64Array, column: Float64Array) => {
    for (let i = 0; i < size; i++) scratch[i] = (weights[i] ?? 0) * (column[start + i] ?? 0);
  };
  const sumWith = (weights: Float64Array, column: Float64Array, other?: Float64Array) => {
    let sum = 0;
    if (other)
      for (let i = 0; i < size; i++)
        sum += (weights[i] ?? 0) * (column[start + i] ?? 0) * (other[start + i] ?? 0);
    else for (let i = 0; i < size; i++) sum += (weights[i] ?? 0) * (column[start + i] ?? 0);
    return sum;
  };
  columns.forEach((xj, j) => {
    add(into.score, j, sumWith(residual, xj));
    times(weight, xj);
    columns.slice(j).forEach((xk, offset) => {
      const k = j + offset;
      const sum = sumWith(scratch, xk);
      for (const at of new Set([j * p + k, k * p + j])) add(into.information, at, sum);
    });
    if (into.slope.length === 0) return;
    times(slopeWeight, xj);
    columns.slice(j).forEach((xk, offset) => {
      const k = j + offset;
      columns.slice(k).forEach((xl, further) => {
        const l = k + further;
        const sum = sumWith(scratch, xk, xl);
        for (const at of permutations(j, k, l, p)) add(into.slope, at, sum);
      });
    });
  });
}

/** Places of the symmetric elements (j, k, l) in a p x p x p array, each once. */
function permutations(j: number, k: number, l: number, p: number): Set<number> {
  const at = (a: number, b: number, c: number) => (a * p + b) * p + c;
  return new Set([at(j, k, l), at(j, l, k), at(k, j, l), at(k, l, j), at(l, j, k), at(l, k, j)]);
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
