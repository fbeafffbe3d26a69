import { fitLogistic, type LogisticData, type LogisticFit } from '../../logistic';
import { normalTwoSided, Z_975 } from '../distributions/distributions';
import { brierScore } from '../model/brier';
import { calibrationGroups } from '../model/calibration';
import { flicCoefficients } from '../model/flic';
import { hosmerLemeshow } from '../model/hosmer-lemeshow';
import { modelIndices } from '../model/model-indices';
import { linearPredictor, logLikelihood, probabilities } from '../model/predictions';
import {
  interpolatedProfileInterval,
  profileInterval,
  type ProfileInterval,
} from '../model/profile-interval';
import { mean } from '../descriptives';
import { notDefined } from '../not-defined';
import { countPairs } from '../roc/auc';
import { logisticSums } from '../../logistic';
import type { Absences } from './absences';

const NAMES = ['(Intercept)', 'fa', 'f'] as const;

/** One value per coefficient, keyed as printed. */
export function byCoefficient<Value>(value: (index: number) => Value): Record<string, Value> {
  return Object.fromEntries(NAMES.map((name, i) => [name, value(i)]));
}

function byPredictor<Value>(value: (index: number) => Value): Record<string, Value> {
  return Object.fromEntries(['intercept', 'fa', 'f'].map((name, i) => [name, value(i)]));
}

/** In larger cohorts the likelihood is as good as normal, and hundreds of fits would say nothing new. */
const PROFILE_UP_TO = 20_000;

function profiled(
  n: number,
  path: string,
  absences: Absences,
  interval: (index: number) => ProfileInterval,
): Record<string, ProfileInterval> | null {
  if (n > PROFILE_UP_TO)
    return absences.add(
      path,
      `not computed for ${String(n)} patients: Wald intervals serve as well at this size`,
    );
  return absences.attempt(path, () => byPredictor(interval));
}

/**
 * Maximum likelihood fit of the outcome on FA and f.
 * @throws InputRefused with one class, a constant marker, or separated outcomes
 */
export function maximumLikelihood(data: LogisticData): LogisticFit {
  const fit = fitLogistic(data);
  if (fit.status === 'separated')
    throw notDefined(
      'FA and f separate the outcomes: maximum likelihood has no finite estimate, see firth',
      'logistic regression',
    );
  return fit;
}

export function logisticSection(data: LogisticData, fit: LogisticFit, absences: Absences) {
  const n = data.outcome.length;
  const se = byCoefficient((i) => standardError(fit, i));
  const z = (i: number) => (fit.coefficients[i] ?? 0) / standardError(fit, i);
  const linear = linearPredictor(data, fit.coefficients);
  const probability = probabilities(linear);
  const share = mean(Array.from(data.outcome));
  const nullLogLikelihood = n * (share * Math.log(share) + (1 - share) * Math.log(1 - share));
  const deviance = -2 * fit.logLikelihood;
  const k = fit.coefficients.length;
  const groups = calibrationGroups(probability, data.outcome);
  const wald = (i: number) => {
    const b = fit.coefficients[i] ?? 0;
    return [b - Z_975 * standardError(fit, i), b + Z_975 * standardError(fit, i)] as const;
  };
  return {
    n,
    coef: byCoefficient((i) => fit.coefficients[i] ?? null),
    se,
    z: byCoefficient(z),
    p: byCoefficient((i) => normalTwoSided(z(i))),
    wald_ci: byPredictor(wald),
    profile_ci: profiled(n, 'logistic.profile_ci', absences, (i) =>
      interpolatedProfileInterval(data, fit, i),
    ),
    profile_ci_exact: profiled(n, 'logistic.profile_ci_exact', absences, (i) =>
      profileInterval(data, fit, i),
    ),
    cov: fit.covariance,
    loglik: fit.logLikelihood,
    null_loglik: nullLogLikelihood,
    deviance,
    aic: deviance + 2 * k,
    bic: deviance + k * Math.log(n),
    brier: brierScore(probability, data.outcome),
    mcfadden: 1 - fit.logLikelihood / nullLogLikelihood,
    rms_stats: printedIndices(data, fit, nullLogLikelihood, linear, probability),
    odds_ratios: oddsRatios(fit),
    hosmer_lemeshow_10_equal_groups: absences.attempt('logistic.hosmer_lemeshow_10_equal_groups', () => ({
      ...hosmerLemeshow(groups),
      groups: groups.map(({ n: size, observed, expected, meanPredicted }) => ({
        n: size,
        observed,
        expected,
        mean_p: meanPredicted,
      })),
    })),
  };
}

function oddsRatios(fit: LogisticFit) {
  return {
    per_0p05_fa: Math.exp(0.05 * (fit.coefficients[1] ?? 0)),
    per_1pct_f: Math.exp(fit.coefficients[2] ?? 0),
  };
}

function standardError(fit: LogisticFit, index: number): number {
  return Math.sqrt(fit.covariance[index]?.[index] ?? NaN);
}

/** Indices under the names R's rms prints them with; the effective number of patients is part of two names. */
function printedIndices(
  data: LogisticData,
  fit: LogisticFit,
  nullLogLikelihood: number,
  linear: Float64Array,
  probability: Float64Array,
) {
  const n = data.outcome.length;
  const indices = modelIndices({
    logLikelihood: fit.logLikelihood,
    nullLogLikelihood,
    predictors: data.columns.length,
    linear,
    probability,
    good: data.outcome,
    pairs: countPairs({ values: linear, good: data.outcome, direction: 'higher is good' }),
  });
  const p = String(indices.degreesOfFreedom);
  const effective = String(Math.round(indices.effectiveN * 10) / 10);
  const { score } = logisticSums(data, fit.coefficients, false);
  return {
    Obs: n,
    'Max Deriv': score.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
    'Model L.R.': indices.likelihoodRatio,
    'd.f.': indices.degreesOfFreedom,
    P: indices.p,
    C: indices.c,
    Dxy: indices.dxy,
    Gamma: indices.gamma,
    'Tau-a': indices.tauA,
    R2: indices.r2,
    [`R2(${String(n)})`]: indices.r2n,
    [`R2(${p},${String(n)})`]: indices.r2pn,
    [`R2(${effective})`]: indices.r2m,
    [`R2(${p},${effective})`]: indices.r2pm,
    Brier: indices.brier,
    g: indices.g,
    gr: indices.gr,
    gp: indices.gp,
  };
}

/** Firth's fit: finite whatever the data, so also under separation. */
export function firthSection(data: LogisticData, fit: LogisticFit, absences: Absences) {
  const flic = absences.attempt('firth.flic_intercept', () => flicCoefficients(data, fit));
  const meanOf = (coefficients: readonly number[]) =>
    mean(probabilities(linearPredictor(data, coefficients)));
  const intervals = profiled(data.outcome.length, 'firth.profile_penalized_ci95', absences, (i) =>
    profileInterval(data, fit, i),
  );
  return {
    n: data.outcome.length,
    coef: byCoefficient((i) => fit.coefficients[i] ?? null),
    se: byCoefficient((i) => standardError(fit, i)),
    profile_penalized_ci95: intervals,
    mean_predicted: meanOf(fit.coefficients),
    flic_intercept: flic?.[0] ?? null,
    flic_mean_predicted: flic ? meanOf(flic) : null,
    loglik: logLikelihood(linearPredictor(data, fit.coefficients), data.outcome),
    penalized_loglik: fit.objective,
  };
}
