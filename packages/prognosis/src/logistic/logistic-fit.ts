import { InputRefused } from '@myelon/diffusion';
import { checkLogisticData, logisticSums, type LogisticData, type LogisticSums } from './logistic-sums';
import { isBetter, newtonPoint, type LogisticPenalty, type NewtonPoint } from './newton';
import { cholesky } from './symmetric-matrix';

/** Expected gain in log-likelihood of one more step below which a fit has converged. */
export const CONVERGED_DECREMENT = 1e-20;
/** Below this a step that no longer gains is the rounding of a converged fit. */
export const ROUNDING_DECREMENT = 1e-12;
const MAX_ITERATIONS = 100;
/** Newton's method converges in far fewer steps unless the maximum lies at infinity. */
const SUSPECT_SEPARATION_AFTER = 25;
const MAX_HALVINGS = 40;

export interface LogisticFit {
  readonly penalty: LogisticPenalty;
  /**
   * 'separated': some combination of predictors splits the outcomes, the maximum lies at infinity, and coefficients,
   * covariance and intervals of the last step mean nothing. Cannot happen with Firth.
   */
  readonly status: 'converged' | 'separated';
  /** Intercept first, then one per column. */
  readonly coefficients: readonly number[];
  /** Inverse Fisher information at the coefficients. */
  readonly covariance: readonly (readonly number[])[];
  readonly logLikelihood: number;
  /** With Firth: log L + 1/2 log det I; otherwise the log-likelihood. */
  readonly objective: number;
  readonly iterations: number;
}

export interface LogisticOptions {
  /** Default 'none': maximum likelihood. */
  readonly penalty?: LogisticPenalty;
  /** Coefficients held at a value, by index (0: intercept), for profile likelihoods. */
  readonly held?: ReadonlyMap<number, number>;
  /** Where to start; default 0 for all. */
  readonly start?: readonly number[];
  /** Expected gain in log-likelihood below which the fit has converged; default {@link CONVERGED_DECREMENT}. */
  readonly tolerance?: number;
}

/**
 * Logistic regression by Newton's method with step halving: maximum likelihood, or Firth's penalised likelihood
 * (Biometrika 1993;80:27; for logistic regression Heinze and Schemper, Stat Med 2002;21:2409).
 *
 * @throws InputRefused when the data cannot carry the model: one class is empty (maximum likelihood), a predictor is
 * constant or follows from the others, values are missing
 */
export function fitLogistic(data: LogisticData, options: LogisticOptions = {}): LogisticFit {
  checkLogisticData(data);
  const { penalty = 'none', held = new Map<number, number>(), tolerance = CONVERGED_DECREMENT } = options;
  const p = data.columns.length + 1;
  const heldIndices = [...held.keys()];
  let coefficients = Array.from({ length: p }, (_, j) => held.get(j) ?? options.start?.[j] ?? 0);
  let sums = sumsAt(data, coefficients, penalty);
  refuseUnlessFittable(sums, penalty);
  let point = pointOrRefuse(sums, penalty, heldIndices);
  for (let iterations = 0; iterations < MAX_ITERATIONS; iterations++) {
    if (point.decrement < tolerance) return fitted('converged', iterations);
    if (penalty === 'none' && iterations > SUSPECT_SEPARATION_AFTER && separates(data, point.step))
      return fitted('separated', iterations);
    const next = improved(data, coefficients, point, penalty, heldIndices);
    if (next === 'singular') {
      if (separates(data, point.step)) return fitted('separated', iterations);
      throw unfittable('the predictors carry no information any more at the best fit');
    }
    if (next === null) {
      if (point.decrement < ROUNDING_DECREMENT) return fitted('converged', iterations);
      break;
    }
    ({ coefficients, sums, point } = next);
  }
  throw unfittable('the fit did not converge');

  function fitted(status: LogisticFit['status'], iterations: number): LogisticFit {
    const covariance = cholesky(sums.information)?.inverse() ?? [];
    const { logLikelihood } = sums;
    return {
      penalty,
      status,
      coefficients,
      covariance,
      logLikelihood,
      objective: point.objective,
      iterations,
    };
  }
}

function sumsAt(data: LogisticData, coefficients: readonly number[], penalty: LogisticPenalty): LogisticSums {
  return logisticSums(data, coefficients, penalty === 'firth');
}

/** One step, halved until it gains. Null: no gain at any length. 'singular': the information vanished. */
function improved(
  data: LogisticData,
  coefficients: readonly number[],
  point: NewtonPoint,
  penalty: LogisticPenalty,
  held: readonly number[],
): { coefficients: number[]; sums: LogisticSums; point: NewtonPoint } | 'singular' | null {
  let length = 1;
  let singular = false;
  // Where a gain would drown in rounding, shorter steps gain even less.
  const halvings = point.decrement < ROUNDING_DECREMENT ? 0 : MAX_HALVINGS;
  for (let halving = 0; halving <= halvings; halving++, length /= 2) {
    const trial = coefficients.map((value, j) => value + length * (point.step[j] ?? 0));
    const sums = sumsAt(data, trial, penalty);
    const next = newtonPoint(sums, penalty, held);
    if (!next) singular = true;
    else if (isBetter(next, point)) return { coefficients: trial, sums, point: next };
  }
  return singular ? 'singular' : null;
}

function refuseUnlessFittable({ n, events }: LogisticSums, penalty: LogisticPenalty): void {
  if (n === 0) throw unfittable('there is no patient');
  if (penalty === 'none' && (events === 0 || events === n))
    throw unfittable(`all ${String(n)} patients have the same outcome`);
}

function pointOrRefuse(sums: LogisticSums, penalty: LogisticPenalty, held: readonly number[]): NewtonPoint {
  const point = newtonPoint(sums, penalty, held);
  if (!point) throw unfittable('a predictor is constant or follows from the others');
  return point;
}

function unfittable(what: string): InputRefused {
  return new InputRefused(what, 'logistic regression', 'leave the predictor out or add patients');
}

/** True when moving along the direction makes no patient less and some patient more likely: no finite maximum. */
function separates({ columns, outcome }: LogisticData, direction: readonly number[]): boolean {
  const gains = Array.from({ length: outcome.length }, (_, i) => {
    let along = direction[0] ?? 0;
    columns.forEach((column, j) => (along += (direction[j + 1] ?? 0) * (column[i] ?? 0)));
    return outcome[i] === 1 ? along : -along;
  });
  let most = 0;
  for (const gain of gains) most = Math.max(most, Math.abs(gain));
  return most > 0 && gains.every((gain) => gain > -1e-4 * most);
}
