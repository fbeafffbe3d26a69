import type { CohortAnalysis } from '../analysis/analyze-cohort';
import { shownP } from './shown-numbers';

/** Who was analysed, in a sentence or two. */
export function patientWords(of: CohortAnalysis): string {
  const missing = Object.entries(of.missing)
    .filter(([, n]) => n > 0 && n < of.n_rows)
    .map(([name, n]) => `${name} ${String(n)}`);
  const undefinedRates =
    of.n_pre18 > 0
      ? ` No deficit before surgery (mJOA ${String(of.mjoa_maximum)}), so no recovery rate: ${String(of.n_pre18)}.`
      : '';
  const worse = of.n_negative_rr > 0 ? ` Worse after surgery than before: ${String(of.n_negative_rr)}.` : '';
  return (
    `${String(of.n_rows)} patients, ${String(of.n)} with an outcome: ${String(of.n_good)} regained at least half of the ` +
    `lost mJOA points, ${String(of.n_poor)} did not.${undefinedRates}${worse}` +
    (missing.length > 0 ? ` Missing: ${missing.join(', ')}.` : ' No cell is missing.')
  );
}

const UPDATES: Readonly<Record<string, string>> = {
  original: 'the derived score may stay as it is: the refit is not shown to be better',
  intercept: 'the intercept of the derived score has to move to this site',
  intercept_slope: 'intercept and slope of the derived score have to change here',
  refit: 'the derived score does not fit here: the model has to be refitted',
};

/** What the closed test says, and whether the cohort is large enough to act on it. */
export function closedTestWords({ plug_in_score, sample_size }: CohortAnalysis): string {
  if (!plug_in_score?.selected) return 'The closed test could not be done on this cohort.';
  const test = plug_in_score.closed_test.refit_vs_original;
  const words = `Closed test: ${UPDATES[plug_in_score.selected] ?? ''} (refit against original, p ${shownP(test?.p)}).`;
  const needs = { original: 0, intercept: 1, intercept_slope: 2, refit: 2 }[plug_in_score.selected];
  const allows = { description: 0, 'intercept update': 1, refit: 2, 'external validation': 2 }[
    sample_size.allows
  ];
  return needs > allows ? `${words} This cohort is too small for that change.` : words;
}

/** What the established predictors leave for FA and f. */
export function addedValueWords({ added_value }: CohortAnalysis): string[] {
  const { f_to_fa, fa_f_to_established } = added_value;
  const sentence = (what: string, test: { n: number; chisq: number; df: number; p: number } | null) =>
    test
      ? [
          `${what}: likelihood ratio chi-squared ${test.chisq.toFixed(2)}, ${String(test.df)} df, p ${shownP(test.p)} (${String(test.n)} patients).`,
        ]
      : [];
  return [
    ...sentence('f added to FA', f_to_fa).map(
      (words) =>
        `${words} Information besides FA in these patients is not yet a better separation: that is what the paired test says.`,
    ),
    ...sentence(`FA and f added to ${fa_f_to_established?.base.join(', ') ?? ''}`, fa_f_to_established),
  ];
}
