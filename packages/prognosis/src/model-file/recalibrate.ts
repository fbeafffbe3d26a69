import { InputRefused } from '@myelon/diffusion';
import { brierScore } from '../cohort/model/brier';
import { calibrate } from '../cohort/model/calibration';
import { closedTest } from '../cohort/model/closed-test';
import { flicCoefficients } from '../cohort/model/flic';
import { leaveOneOut } from '../cohort/model/leave-one-out';
import { optimismCorrected } from '../cohort/model/optimism';
import { linearPredictor, probabilities } from '../cohort/model/predictions';
import { delongInterval, placements } from '../cohort/roc/delong';
import { fitLogistic, type LogisticData } from '../logistic';
import { baseCovariance, updateCovariance, type Matrix3 } from './covariance';
import { gatedUpdate } from './gates';
import type { ModelCoefficients, ModelContent } from './model-file';
import type { LinearScore } from '../score/score-model';

/** Complete patients of a site, one element each. */
export interface RecalibrationCohort {
  readonly fa: readonly number[];
  readonly fPercent: readonly number[];
  /** 1: good recovery, 0: not. */
  readonly good: readonly number[];
}

/** The model in use before, as logistic coefficients with the share of recoveries it was made at. */
export interface ModelBefore {
  readonly coefficients: ModelCoefficients;
  /** Share of good recoveries the coefficients are calibrated to. */
  readonly shareRecovered: number;
  readonly withoutF: ModelCoefficients | null;
  readonly draws: () => readonly LinearScore[];
}

/** What a recalibration finds; the rest of a model file is said by the site. */
export type Recalibration = Pick<
  ModelContent,
  | 'update'
  | 'because'
  | 'coefficients'
  | 'shareRecovered'
  | 'covariance'
  | 'withoutF'
  | 'closedTest'
  | 'performance'
> & { readonly good: number; readonly poor: number };

/** Fewest patients with which the tests mean anything at all. */
const MIN_PATIENTS = 10;
const REPLICATES = 500;
const SEED = 17;

/**
 * Closed test (Vergouwe and others, Stat Med 2017;36:4529) of the model in use against this site's patients: kept,
 * intercept, intercept and slope, or refitted by Firth with FLIC, and never more than the numbers carry.
 *
 * @throws InputRefused when there are too few patients, one outcome only, or the markers separate the outcomes
 */
export async function recalibrate(
  before: ModelBefore,
  cohort: RecalibrationCohort,
  checkpoint: (done: number) => Promise<void> = () => Promise.resolve(),
): Promise<Recalibration> {
  const data: LogisticData = { columns: [cohort.fa, cohort.fPercent], outcome: cohort.good };
  const good = cohort.good.reduce((sum, y) => sum + y, 0);
  const poor = cohort.good.length - good;
  refuseUnlessUsable(cohort, good, poor);
  const outcome = Float64Array.from(cohort.good);
  const linear = linearPredictor(data, listed(before.coefficients));
  const refit = fitLogistic(data);
  if (refit.status === 'separated')
    throw new InputRefused(
      'FA and f separate the outcomes',
      'recalibration',
      'add patients: no model can be compared',
    );
  const calibration = calibrate(linear, outcome);
  const test = closedTest(
    {
      original: calibration.logLikelihood.original,
      intercept: calibration.logLikelihood.intercept,
      intercept_slope: calibration.logLikelihood.interceptAndSlope,
      refit: refit.logLikelihood,
    },
    data.columns.length,
  );
  const { update, because } = gatedUpdate(test.selected, good, poor);
  const updated = updatedModel(update, before, data, calibration);
  return {
    update,
    because,
    ...updated,
    shareRecovered: update === 'original' ? before.shareRecovered : good / (good + poor),
    closedTest: test,
    performance: await performanceOf(update, updated.coefficients, data, calibration, checkpoint),
    good,
    poor,
  };
}

function refuseUnlessUsable(
  { fa, fPercent, good: outcomes }: RecalibrationCohort,
  good: number,
  poor: number,
): void {
  const refuse = (what: string, whatToDo: string): never => {
    throw new InputRefused(what, 'recalibration', whatToDo);
  };
  if (outcomes.length < MIN_PATIENTS)
    refuse(`${String(outcomes.length)} complete patients`, `collect at least ${String(MIN_PATIENTS)}`);
  if (good === 0 || poor === 0)
    refuse('all patients have the same outcome', 'add patients with the other one');
  if (fa.some((value) => value > 1)) refuse('FA above 1', 'give FA as a fraction');
  if (fPercent.every((value) => value <= 1)) refuse('f looks like a fraction', 'give f in per cent');
}

type Updated = Pick<Recalibration, 'coefficients' | 'covariance' | 'withoutF'>;

function updatedModel(
  update: Recalibration['update'],
  before: ModelBefore,
  data: LogisticData,
  calibration: ReturnType<typeof calibrate>,
): Updated {
  const base = baseCovariance(before.draws());
  const centre = data.columns.map((column) => meanOf(column));
  switch (update) {
    case 'original':
      return { coefficients: before.coefficients, covariance: base, withoutF: before.withoutF };
    case 'intercept': {
      const { intercept, fa, fPercent } = before.coefficients;
      return {
        coefficients: { intercept: intercept + calibration.intercept, fa, fPercent },
        covariance: updateCovariance(base, centre, 1, calibration.interceptStandardError, 0, [fa, fPercent]),
        withoutF: null,
      };
    }
    case 'intercept_slope': {
      const { slope, jointIntercept, interceptStandardError, slopeStandardError } = calibration;
      const { intercept, fa, fPercent } = before.coefficients;
      return {
        coefficients: {
          intercept: jointIntercept + slope * intercept,
          fa: slope * fa,
          fPercent: slope * fPercent,
        },
        covariance: updateCovariance(base, centre, slope, interceptStandardError, slopeStandardError, [
          fa,
          fPercent,
        ]),
        withoutF: null,
      };
    }
    case 'refit': {
      const firth = fitLogistic(data, { penalty: 'firth' });
      const alone = { columns: data.columns.slice(0, 1), outcome: data.outcome };
      const [a = 0, b = 0] = flicCoefficients(alone, fitLogistic(alone, { penalty: 'firth' }));
      return {
        coefficients: named(flicCoefficients(data, firth)),
        covariance: firth.covariance.map((row) => [...row]) as Matrix3,
        withoutF: { intercept: a, fa: b, fPercent: 0 },
      };
    }
  }
}

async function performanceOf(
  update: Recalibration['update'],
  coefficients: ModelCoefficients,
  data: LogisticData,
  before: ReturnType<typeof calibrate>,
  checkpoint: (done: number) => Promise<void>,
): Promise<Recalibration['performance']> {
  const linear = linearPredictor(data, listed(coefficients));
  const placed = placements({ values: linear, good: data.outcome, direction: 'higher is good' });
  const fitted = update === 'refit';
  const optimism = fitted
    ? await optimismCorrected(data, listed(coefficients), { replicates: REPLICATES, seed: SEED, checkpoint })
    : null;
  return {
    auc: placed.auc,
    aucInterval: intervalOrNull(() => delongInterval(placed, data.outcome).interval),
    aucCorrected: optimism?.aucCorrected ?? null,
    slopeCorrected: optimism?.slopeCorrected ?? null,
    aucLeaveOneOut: fitted ? (await leaveOneOut(data, listed(coefficients), checkpoint)).auc : null,
    brier: brierScore(probabilities(linear), data.outcome),
    calibrationBefore: {
      intercept: before.intercept,
      interceptSe: before.interceptStandardError,
      slope: before.slope,
      slopeSe: before.slopeStandardError,
    },
  };
}

/** An interval that cannot be estimated is missing, which is no reason to give no model. */
function intervalOrNull(interval: () => readonly [number, number]): [number, number] | null {
  try {
    const [low, high] = interval();
    return [low, high];
  } catch (error) {
    if (error instanceof InputRefused) return null;
    throw error;
  }
}

function meanOf(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}

function listed({ intercept, fa, fPercent }: ModelCoefficients): [number, number, number] {
  return [intercept, fa, fPercent];
}

function named([intercept = 0, fa = 0, fPercent = 0]: readonly number[]): ModelCoefficients {
  return { intercept, fa, fPercent };
}
