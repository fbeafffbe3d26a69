import { z } from 'zod';
import { InputRefused } from '@myelon/diffusion';
import { MJOA_VERSIONS } from './mjoa-scales';
import { mjoaFromItems, mjoaFromTotal, type MjoaScore } from './mjoa-score';
import { NURICK_GRADES } from './nurick';

const points = z.number().int().nonnegative();

const mjoaScoreSchema = z.object({
  version: z.enum(['mjoa-18', 'mjoa-17', 'joa-17']),
  total: points,
  maximum: points,
  items: z.record(z.string(), points).nullable(),
});

/** ISO 8601 calendar day. */
const day = z.iso.date();

/**
 * What is known of the patient beside the images, as it is stored with an analysis. Everything may be unknown: null.
 */
export const clinicalFormSchema = z.object({
  pre: z.object({ score: mjoaScoreSchema, date: day.nullable() }).nullable(),
  post: z.object({ score: mjoaScoreSchema, date: day.nullable() }).nullable(),
  nurickPre: z
    .number()
    .int()
    .min(0)
    .max(NURICK_GRADES.length - 1)
    .nullable(),
  nurickPost: z
    .number()
    .int()
    .min(0)
    .max(NURICK_GRADES.length - 1)
    .nullable(),
  /** Established predictors by id: years, months, or 1 yes and 0 no. */
  predictors: z.partialRecord(
    z.enum(['age', 'duration', 'smoking', 'gait', 'comorbidity', 'psychological']),
    z.number().nonnegative(),
  ),
});

export type ClinicalForm = z.infer<typeof clinicalFormSchema>;

export const EMPTY_CLINICAL_FORM: ClinicalForm = {
  pre: null,
  post: null,
  nurickPre: null,
  nurickPost: null,
  predictors: {},
};

/**
 * Checks a form from outside: shape, ranges, totals that are the sum of their items, one version before and after.
 * @throws InputRefused
 */
export function checkedClinicalForm(raw: unknown, where = 'clinical form'): ClinicalForm {
  const parsed = clinicalFormSchema.safeParse(raw);
  if (!parsed.success) throw new InputRefused(z.prettifyError(parsed.error), where, 'correct the entry');
  const { pre, post } = parsed.data;
  for (const entry of [pre, post]) if (entry) checkScore(entry.score, where);
  if (pre && post && pre.score.version !== post.score.version) {
    throw new InputRefused(
      `versions ${pre.score.version} before and ${post.score.version} after`,
      where,
      `score both with one of ${MJOA_VERSIONS.join(', ')}: their points do not compare`,
    );
  }
  return parsed.data;
}

function checkScore(score: MjoaScore, where: string): void {
  const again = score.items
    ? mjoaFromItems(score.version, score.items)
    : mjoaFromTotal(score.version, score.total);
  if (again.total !== score.total || again.maximum !== score.maximum) {
    throw new InputRefused(
      `total ${String(score.total)} of ${String(score.maximum)}, but the items give ${String(again.total)} of ${String(again.maximum)}`,
      where,
      'score the items again',
    );
  }
}
