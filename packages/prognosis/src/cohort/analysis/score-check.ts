import type { LogisticData } from '../../logistic';
import { ASSUMPTIONS, DERIVED_SCORE, scoreAt } from '../../score';
import { brierScore } from '../model/brier';
import { calibrate, calibrationGroups } from '../model/calibration';
import { closedTest } from '../model/closed-test';
import { netBenefit } from '../model/decision-curve';
import { probabilities } from '../model/predictions';
import { areaUnderCurve } from '../roc/auc';

/** Natural logarithm of the likelihood ratio the derived score gives. */
export function scoreOf(fa: number, fPercent: number): number {
  return scoreAt(DERIVED_SCORE.formula, fa, fPercent / 100);
}

/** Linear predictors of the derived score with its nominal share of good recoveries, per patient (FA, f in per cent). */
export function scorePredictor(fa: Float64Array, fPercent: Float64Array): Float64Array {
  const prior = ASSUMPTIONS.shareRecovered.value;
  const logit = Math.log(prior / (1 - prior));
  return fa.map((value, i) => logit + scoreOf(value, fPercent[i] ?? 0));
}

/**
 * The derived score, as it comes, on this cohort: discrimination, calibration, and how much of it must change here.
 *
 * @param refitLogLikelihood of the model refitted here; null when it does not exist
 * @throws InputRefused when a class is empty or the score separates the outcomes
 */
export function scoreSection(
  linear: Float64Array,
  good: Float64Array,
  refitLogLikelihood: number | null,
  predictors: number,
) {
  const probability = probabilities(linear);
  const calibration = calibrate(linear, good);
  const logLikelihoods = calibration.logLikelihood;
  const test =
    refitLogLikelihood === null
      ? null
      : closedTest(
          {
            original: logLikelihoods.original,
            intercept: logLikelihoods.intercept,
            intercept_slope: logLikelihoods.interceptAndSlope,
            refit: refitLogLikelihood,
          },
          predictors,
        );
  const against = test?.refitAgainst;
  return {
    model: {
      id: DERIVED_SCORE.id,
      version: DERIVED_SCORE.version,
      share_recovered: ASSUMPTIONS.shareRecovered.value,
    },
    auc: areaUnderCurve({ values: linear, good, direction: 'higher is good' }),
    mean_p: calibration.meanPredicted,
    observed: calibration.observed,
    oe_ratio: calibration.observedToExpected,
    brier: brierScore(probability, good),
    calibration_intercept: calibration.intercept,
    calibration_intercept_se: calibration.interceptStandardError,
    calibration_slope: calibration.slope,
    calibration_slope_se: calibration.slopeStandardError,
    calibration_intercept_joint: calibration.jointIntercept,
    logliks: {
      original: logLikelihoods.original,
      intercept: logLikelihoods.intercept,
      intercept_slope: logLikelihoods.interceptAndSlope,
      refit: refitLogLikelihood,
    },
    closed_test: {
      refit_vs_original: against?.original ?? null,
      refit_vs_intercept: against?.intercept ?? null,
      refit_vs_intercept_slope: against?.intercept_slope ?? null,
    },
    selected: test?.selected ?? null,
    calibration_groups: calibrationGroups(probability, good).map(({ n, observed, meanPredicted, share }) => ({
      n,
      observed_share: observed / n,
      mean_p: meanPredicted,
      clopper_pearson: share.clopperPearson,
    })),
  };
}

const PRINTED_THRESHOLDS = [0.3, 0.5, 0.6, 0.7, 0.8];

/** Net benefit of the refitted model, of the derived score, and of calling everyone good. */
export function decisionCurve(
  logistic: Float64Array | null,
  score: Float64Array,
  data: LogisticData,
  thresholds: readonly number[] = PRINTED_THRESHOLDS,
) {
  const good = data.outcome;
  const [fitted, derived] = [logistic && probabilities(logistic), probabilities(score)];
  return thresholds.map((threshold) => ({
    threshold,
    nb_logistic: fitted && netBenefit((i) => (fitted[i] ?? 0) >= threshold, good, threshold),
    nb_plugin: netBenefit((i) => (derived[i] ?? 0) >= threshold, good, threshold),
    nb_all: netBenefit(() => true, good, threshold),
  }));
}
