import { chiSquaredUpper } from '../distributions/distributions';

export type ModelUpdate = 'original' | 'intercept' | 'intercept_slope' | 'refit';

export interface LikelihoodRatioTest {
  readonly chisq: number;
  readonly df: number;
  readonly p: number;
}

export interface ClosedTest {
  readonly refitAgainst: Readonly<Record<Exclude<ModelUpdate, 'refit'>, LikelihoodRatioTest>>;
  readonly selected: ModelUpdate;
}

/**
 * How much of a model must change at a site (Vergouwe and others, Stat Med 2017;36:4529): the least change that the full
 * refit does not beat at p <= 0.05.
 *
 * @param logLikelihoods of the four models on the same patients
 * @param predictors coefficients of the model without the intercept
 */
export function closedTest(
  logLikelihoods: Readonly<Record<ModelUpdate, number>>,
  predictors: number,
): ClosedTest {
  const against = (update: ModelUpdate, df: number): LikelihoodRatioTest => {
    const chisq = Math.max(0, 2 * (logLikelihoods.refit - logLikelihoods[update]));
    return { chisq, df, p: chiSquaredUpper(chisq, df) };
  };
  const refitAgainst = {
    original: against('original', predictors + 1),
    intercept: against('intercept', predictors),
    intercept_slope: against('intercept_slope', predictors - 1),
  };
  const selected = (['original', 'intercept', 'intercept_slope'] as const).find(
    (update) => refitAgainst[update].p > 0.05,
  );
  return { refitAgainst, selected: selected ?? 'refit' };
}
