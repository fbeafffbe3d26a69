/** What a cohort of this size can carry, in words. */
export interface SampleSizeGate {
  readonly smaller_class: number;
  readonly allows: 'description' | 'intercept update' | 'refit' | 'external validation';
  readonly words: string;
}

/** Fewer in the smaller class: description only. */
const INTERCEPT_FROM = 20;
const REFIT_FROM = 50;
const REFIT_FROM_ALL = 150;
/** Vergouwe and others, J Clin Epidemiol 2005;58:475. */
const VALIDATION_FROM = 100;

/** Gates are proposals on the standard errors of calibration intercept and slope at these sizes, not laws. */
export function sampleSizeGate(nGood: number, nPoor: number): SampleSizeGate {
  const smaller = Math.min(nGood, nPoor);
  const counts = `${String(nGood)} patients with a good and ${String(nPoor)} with a poor recovery`;
  const gate = (allows: SampleSizeGate['allows'], words: string): SampleSizeGate => ({
    smaller_class: smaller,
    allows,
    words: `${counts}: ${words}`,
  });
  if (smaller >= VALIDATION_FROM)
    return gate('external validation', 'enough to check a model on (100 of either outcome) and to refit it.');
  if (smaller >= INTERCEPT_FROM && (smaller >= REFIT_FROM || nGood + nPoor >= REFIT_FROM_ALL))
    return gate(
      'refit',
      'enough to refit a model of two markers; too few to claim that it was validated (100 of either outcome are wanted).',
    );
  if (smaller >= INTERCEPT_FROM)
    return gate(
      'intercept update',
      'enough to move the intercept of a given model; too few to refit it (50 of the rarer outcome, or 150 patients, are wanted).',
    );
  return gate(
    'description',
    'too few for a model (20 of either outcome are wanted). Read the figures as a description of these patients; model coefficients and cut-offs are shown for completeness only.',
  );
}
