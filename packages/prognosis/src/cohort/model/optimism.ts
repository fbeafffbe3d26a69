import { InputRefused, noiseSource } from '@myelon/diffusion';
import { fitLogistic, type LogisticData } from '../../logistic';
import { needValues } from '../not-defined';
import { areaUnderCurve } from '../roc/auc';
import { linearPredictor } from './predictions';

/** Expected gain in log-likelihood at which the fit to a draw ends: far below what draws differ by. */
const DRAW_TOLERANCE = 1e-9;

export interface OptimismCorrected {
  readonly replicates: number;
  readonly seed: number;
  readonly aucApparent: number;
  readonly aucCorrected: number;
  readonly slopeCorrected: number;
  /** Draws the model could not be fitted to (one class, separation); they are left out. */
  readonly unusable: number;
}

/**
 * Optimism of a model judged on the patients it was fitted to (Harrell, Lee and Mark, Stat Med 1996;15:361): fitted to
 * each bootstrap draw, how much better is it there than on all patients? The corrected calibration slope is the mean
 * slope of the drawn models on all patients.
 * @throws InputRefused when the model fits fewer than half of the draws
 */
export async function optimismCorrected(
  data: LogisticData,
  coefficients: readonly number[],
  options: { replicates: number; seed: number; checkpoint: (done: number) => Promise<void> },
): Promise<OptimismCorrected> {
  const { replicates, seed, checkpoint } = options;
  const noise = noiseSource(seed);
  const n = data.outcome.length;
  const auc = (of: LogisticData, b: readonly number[]) =>
    areaUnderCurve({ values: linearPredictor(of, b), good: of.outcome, direction: 'higher is good' });
  const aucApparent = auc(data, coefficients);
  const drawn = {
    columns: data.columns.map(() => new Float64Array(n)),
    outcome: new Float64Array(n),
  };
  let [used, optimism, slopes] = [0, 0, 0];
  for (let replicate = 0; replicate < replicates; replicate++) {
    await checkpoint(replicate / replicates);
    for (let i = 0; i < n; i++) {
      const row = Math.floor(noise.uniform() * n);
      drawn.outcome[i] = data.outcome[row] ?? 0;
      drawn.columns.forEach((column, j) => (column[i] = data.columns[j]?.[row] ?? 0));
    }
    const fitted = fitOrNull(drawn, coefficients);
    if (!fitted) continue;
    const linear = linearPredictor(data, fitted);
    const slope = fitOrNull({ columns: [linear], outcome: data.outcome }, [0, 1])?.[1];
    if (slope === undefined) continue;
    used++;
    slopes += slope;
    optimism += auc(drawn, fitted) - auc(data, fitted);
  }
  needValues(
    used,
    Math.max(1, Math.ceil(replicates / 2)),
    'bootstrap of optimism, draws the model can be fitted to',
  );
  return {
    replicates,
    seed,
    aucApparent,
    aucCorrected: aucApparent - optimism / used,
    slopeCorrected: slopes / used,
    unusable: replicates - used,
  };
}

function fitOrNull(data: LogisticData, start: readonly number[]): readonly number[] | null {
  try {
    const fit = fitLogistic(data, { start, tolerance: DRAW_TOLERANCE });
    return fit.status === 'converged' ? fit.coefficients : null;
  } catch (error) {
    if (error instanceof InputRefused) return null;
    throw error;
  }
}
