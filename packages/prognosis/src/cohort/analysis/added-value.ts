import { fitLogistic } from '../../logistic';
import type { CohortTable, ColumnName } from '../data/cohort-table';
import { chiSquaredUpper } from '../distributions/distributions';
import { notDefined } from '../not-defined';
import type { Absences } from './absences';

/**
 * Whether markers add to predictors already known: likelihood ratio test of nested models fitted to the same patients
 * (not a difference of AUCs, which hardly moves for nested models: Pepe and others, Stat Med 2013;32:1467).
 */
export function nestedTest(table: CohortTable, base: readonly ColumnName[], added: readonly ColumnName[]) {
  const { values } = table.complete('good', ...base, ...added);
  const outcome = values.good;
  const fit = (names: readonly ColumnName[]) => {
    const found = fitLogistic({ columns: names.map((name) => values[name]), outcome });
    if (found.status === 'separated')
      throw notDefined('the predictors separate the outcomes', 'nested likelihood ratio test');
    return found.logLikelihood;
  };
  const chisq = Math.max(0, 2 * (fit([...base, ...added]) - fit(base)));
  return {
    n: outcome.length,
    base: [...base],
    added: [...added],
    chisq,
    df: added.length,
    p: chiSquaredUpper(chisq, added.length),
  };
}

/** Predictors established elsewhere, where the cohort has them. */
const ESTABLISHED: readonly ColumnName[] = ['pre_mjoa_total', 'age', 'duration', 'smoker'];

export function addedValue(table: CohortTable, absences: Absences) {
  // A predictor that is the same for all adds nothing and cannot be fitted.
  const known = ESTABLISHED.filter((name) => new Set(table.present(name)).size > 1);
  return {
    f_to_fa: absences.attempt('added_value.f_to_fa', () => nestedTest(table, ['fa'], ['f'])),
    fa_f_to_established:
      known.length === 0
        ? null
        : absences.attempt('added_value.fa_f_to_established', () => nestedTest(table, known, ['fa', 'f'])),
  };
}
