import type { ModelUpdate } from '../cohort/model/closed-test';

const ORDER: readonly ModelUpdate[] = ['original', 'intercept', 'intercept_slope', 'refit'];

/** Fewest patients of the rarer outcome for each update; a refit also with 150 patients in all. */
export const GATES = { intercept: 20, refit: 50, refitPatients: 150 } as const;

/** What may be changed with so many patients, and what is changed. */
export interface GatedUpdate {
  readonly update: ModelUpdate;
  readonly because: string;
}

/**
 * The update the closed test chose, or less where the cohort is too small for it: with fewer than 20 patients of the
 * rarer outcome nothing is changed, with fewer than 50 (and fewer than 150 in all) only the intercept.
 */
export function gatedUpdate(chosen: ModelUpdate, good: number, poor: number): GatedUpdate {
  const fewer = Math.min(good, poor);
  const counts = `${String(good)} good, ${String(poor)} other outcomes`;
  const allowed =
    fewer < GATES.intercept
      ? 'original'
      : fewer < GATES.refit && good + poor < GATES.refitPatients
        ? 'intercept'
        : 'refit';
  if (ORDER.indexOf(chosen) <= ORDER.indexOf(allowed))
    return { update: chosen, because: `the closed test chose "${chosen}" (${counts})` };
  return {
    update: allowed,
    because: `the closed test asked for "${chosen}", but ${counts} are too few for more than "${allowed}"`,
  };
}
