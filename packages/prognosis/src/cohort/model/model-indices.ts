import { chiSquaredUpper } from '../distributions/distributions';
import type { PairCounts } from '../roc/auc';
import { brierScore } from './brier';

export interface ModelIndices {
  readonly likelihoodRatio: number;
  readonly degreesOfFreedom: number;
  readonly p: number;
  readonly c: number;
  readonly dxy: number;
  readonly gamma: number;
  readonly tauA: number;
  /** Nagelkerke. */
  readonly r2: number;
  /** Cox and Snell with n patients, then adjusted for p coefficients, then both with the effective number. */
  readonly r2n: number;
  readonly r2pn: number;
  readonly r2m: number;
  readonly r2pm: number;
  /** Effective number of patients for a binary outcome, 3 n q (1 - q). */
  readonly effectiveN: number;
  readonly brier: number;
  /** Gini's mean difference of the linear predictor, its exponential, and of the probabilities. */
  readonly g: number;
  readonly gr: number;
  readonly gp: number;
}

/**
 * The indices a logistic model is commonly printed with: rank correlations, generalised R^2 (Cox and Snell; Nagelkerke,
 * Biometrika 1991;78:691; effective sample size of a binary outcome: Harrell, Regression Modeling Strategies, 2015,
 * chapter 9), Gini's mean difference.
 */
export function modelIndices(of: {
  logLikelihood: number;
  nullLogLikelihood: number;
  /** Coefficients without the intercept. */
  predictors: number;
  linear: Float64Array;
  probability: Float64Array;
  good: ArrayLike<number>;
  pairs: PairCounts;
}): ModelIndices {
  const { good, pairs, predictors: p } = of;
  const n = good.length;
  const likelihoodRatio = 2 * (of.logLikelihood - of.nullLogLikelihood);
  const share = Array.from(good).reduce((sum, y) => sum + y, 0) / n;
  const effectiveN = 3 * n * share * (1 - share);
  const r2 = (statistic: number, size: number) => 1 - Math.exp(-Math.max(0, statistic) / size);
  const { concordant, tied, all } = pairs;
  const discordant = all - tied - concordant;
  const g = giniMeanDifference(of.linear);
  return {
    likelihoodRatio,
    degreesOfFreedom: p,
    p: chiSquaredUpper(likelihoodRatio, p),
    c: (concordant + tied / 2) / all,
    dxy: (concordant - discordant) / all,
    gamma: concordant + discordant > 0 ? (concordant - discordant) / (concordant + discordant) : 0,
    tauA: (concordant - discordant) / ((n * (n - 1)) / 2),
    r2: r2(likelihoodRatio, n) / (1 - Math.exp((2 * of.nullLogLikelihood) / n)),
    r2n: r2(likelihoodRatio, n),
    r2pn: r2(likelihoodRatio - p, n),
    r2m: r2(likelihoodRatio, effectiveN),
    r2pm: r2(likelihoodRatio - p, effectiveN),
    effectiveN,
    brier: brierScore(of.probability, good),
    g,
    gr: Math.exp(g),
    gp: giniMeanDifference(of.probability),
  };
}

/** Mean absolute difference of all pairs. */
function giniMeanDifference(values: Float64Array): number {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  let sum = 0;
  sorted.forEach((value, i) => (sum += (2 * i + 1 - n) * value));
  return (2 * sum) / (n * (n - 1));
}
