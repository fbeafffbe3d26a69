import { fitLogistic } from '../../logistic';
import { mean } from '../descriptives';
import { logLikelihood, probabilities } from './predictions';
import { proportion, type Proportion } from '../proportion';
import { sortOrder } from '../ranks';

/** How predictions of a given model, as linear predictors, agree with outcomes. */
export interface Calibration {
  readonly meanPredicted: number;
  readonly observed: number;
  readonly observedToExpected: number;
  /** Calibration in the large: intercept with the linear predictor as offset. 0 is ideal. */
  readonly intercept: number;
  readonly interceptStandardError: number;
  /** 1 is ideal; below, predictions are too extreme. */
  readonly slope: number;
  readonly slopeStandardError: number;
  /** Intercept fitted together with the slope. */
  readonly jointIntercept: number;
  readonly logLikelihood: {
    readonly original: number;
    readonly intercept: number;
    readonly interceptAndSlope: number;
  };
}

/**
 * Calibration intercept and slope (Cox, Biometrika 1958;45:562; Van Calster and others, J Clin Epidemiol 2016;74:167).
 * @throws InputRefused when a class is empty, all predictions are the same, or they separate the outcomes
 */
export function calibrate(linear: Float64Array, good: Float64Array): Calibration {
  const inTheLarge = fitLogistic({ columns: [], outcome: good, offset: linear });
  const both = fitLogistic({ columns: [linear], outcome: good });
  const meanPredicted = mean(probabilities(linear));
  const observed = mean(good);
  return {
    meanPredicted,
    observed,
    observedToExpected: observed / meanPredicted,
    intercept: inTheLarge.coefficients[0] ?? NaN,
    interceptStandardError: Math.sqrt(inTheLarge.covariance[0]?.[0] ?? NaN),
    slope: both.coefficients[1] ?? NaN,
    slopeStandardError: Math.sqrt(both.covariance[1]?.[1] ?? NaN),
    jointIntercept: both.coefficients[0] ?? NaN,
    logLikelihood: {
      original: logLikelihood(linear, good),
      intercept: inTheLarge.logLikelihood,
      interceptAndSlope: both.logLikelihood,
    },
  };
}

/** One point of a calibration plot. */
export interface CalibrationGroup {
  readonly n: number;
  readonly observed: number;
  readonly expected: number;
  readonly meanPredicted: number;
  readonly share: Proportion;
}

/** Patients in order of prediction, in up to `groups` groups of equal size; the first ones are larger by one. */
export function calibrationGroups(
  probability: Float64Array,
  good: ArrayLike<number>,
  groups = 10,
): readonly CalibrationGroup[] {
  const order = sortOrder(probability);
  const n = order.length;
  const sizes = Array.from({ length: groups }, (_, g) => Math.floor(n / groups) + (g < n % groups ? 1 : 0));
  let start = 0;
  return sizes.flatMap((size) => {
    if (size === 0) return [];
    const rows = order.subarray(start, (start += size));
    const observed = rows.reduce((sum, row) => sum + (good[row] ?? 0), 0);
    const expected = rows.reduce((sum, row) => sum + (probability[row] ?? 0), 0);
    return [
      { n: size, observed, expected, meanPredicted: expected / size, share: proportion(observed, size) },
    ];
  });
}
