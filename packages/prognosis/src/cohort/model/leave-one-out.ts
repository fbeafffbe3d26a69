import { cholesky, fitLogistic, logisticSums, type LogisticData } from '../../logistic';
import { areaUnderCurve } from '../roc/auc';
import { brierScore } from './brier';
import { linearPredictor, probabilities } from './predictions';

export interface LeaveOneOut {
  readonly auc: number;
  readonly brier: number;
  readonly method: 'refitted without each patient' | 'one Newton step without each patient';
}

/** Above this many patients the refits take too long (their cost grows with the square), and one step is as good. */
const REFIT_UP_TO = 1000;

/**
 * AUC and Brier score of each patient predicted by a model fitted without him. For large cohorts one Newton step from
 * the fit of all patients (Pregibon, Ann Stat 1981;9:705) takes the place of each refit.
 * @throws InputRefused when the model cannot be fitted without some patient
 */
export async function leaveOneOut(
  data: LogisticData,
  coefficients: readonly number[],
  checkpoint: (done: number) => Promise<void>,
  refitUpTo = REFIT_UP_TO,
): Promise<LeaveOneOut> {
  const few = data.outcome.length <= refitUpTo;
  const linear = few ? await refitted(data, coefficients, checkpoint) : oneStep(data, coefficients);
  return {
    auc: areaUnderCurve({ values: linear, good: data.outcome, direction: 'higher is good' }),
    brier: brierScore(probabilities(linear), data.outcome),
    method: few ? 'refitted without each patient' : 'one Newton step without each patient',
  };
}

async function refitted(
  data: LogisticData,
  start: readonly number[],
  checkpoint: (done: number) => Promise<void>,
): Promise<Float64Array> {
  const linear = new Float64Array(data.outcome.length);
  for (let left = 0; left < linear.length; left++) {
    await checkpoint(left / linear.length);
    const without = (values: ArrayLike<number>) => Array.from(values).filter((_, i) => i !== left);
    const fold = { columns: data.columns.map(without), outcome: without(data.outcome) };
    const { coefficients } = fitLogistic(fold, { start });
    linear[left] = coefficients.reduce(
      (sum, b, j) => sum + b * (j === 0 ? 1 : (data.columns[j - 1]?.[left] ?? 0)),
      0,
    );
  }
  return linear;
}

function oneStep(data: LogisticData, coefficients: readonly number[]): Float64Array {
  const linear = linearPredictor(data, coefficients);
  const probability = probabilities(linear);
  const inverse = cholesky(logisticSums(data, coefficients, false).information)?.inverse() ?? [];
  return linear.map((eta, i) => {
    const x = [1, ...data.columns.map((column) => column[i] ?? 0)];
    let spread = 0;
    inverse.forEach((row, j) => row.forEach((value, k) => (spread += value * (x[j] ?? 0) * (x[k] ?? 0))));
    const p = probability[i] ?? 0;
    return eta - (spread * ((data.outcome[i] ?? 0) - p)) / (1 - spread * p * (1 - p));
  });
}
