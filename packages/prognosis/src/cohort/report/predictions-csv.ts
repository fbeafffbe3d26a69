import Papa from 'papaparse';
import type { CohortAnalysis } from '../analysis/analyze-cohort';
import { patternOf } from '../analysis/rules';
import { scoreOf, scorePredictor } from '../analysis/score-check';
import type { Cohort } from '../data/cohort';
import { linearPredictor, probabilities } from '../model/predictions';

/**
 * What each model predicts for each patient, as CSV; empty where a value is missing or a model does not exist. Cells that
 * a spreadsheet would take for formulas are escaped.
 */
export function predictionsCsv({ patients }: Cohort, { logistic, firth }: CohortAnalysis): string {
  const fitted = logistic && [logistic.coef['(Intercept)'], logistic.coef['fa'], logistic.coef['f']];
  const penalised = firth && [firth.coef['(Intercept)'], firth.coef['fa'], firth.coef['f']];
  const flic =
    penalised && firth.flic_intercept !== null ? [firth.flic_intercept, ...penalised.slice(1)] : null;
  const rows = patients.map(({ id, recoveryRatePercent, fa, ivimFPercent: f }) => {
    const predicted = (coefficients: readonly (number | null | undefined)[] | null) => {
      if (fa === null || f === null || !coefficients) return null;
      const data = { columns: [[fa], [f]], outcome: [0] };
      return (
        probabilities(
          linearPredictor(
            data,
            coefficients.map((value) => value ?? NaN),
          ),
        )[0] ?? null
      );
    };
    const both = fa !== null && f !== null;
    return {
      subject_id: id,
      rr: recoveryRatePercent,
      p_logistic: predicted(fitted),
      p_firth: predicted(penalised),
      p_flic: predicted(flic),
      p_plugin: both ? probabilities(scorePredictor(Float64Array.of(fa), Float64Array.of(f)))[0] : null,
      logLR_plugin: both ? scoreOf(fa, f) : null,
      pattern: both ? patternOf(fa, f) : null,
    };
  });
  // Negative numbers are no formulas; identifiers may be.
  const escaped = rows.map((row) => ({
    ...row,
    subject_id: row.subject_id.replace(/^(?=[=+\-@\t\r])/, "'"),
  }));
  return `${Papa.unparse(escaped, { newline: '\n' })}\n`;
}
