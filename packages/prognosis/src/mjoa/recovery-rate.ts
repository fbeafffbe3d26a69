import { InputRefused } from '@myelon/diffusion';
import { MJOA_SCALES } from './mjoa-scales';
import type { MjoaScore } from './mjoa-score';

/** Usual words for a recovery rate. */
export type RecoveryBand = 'excellent' | 'good' | 'fair' | 'poor';

/** How much of the lost points came back. */
export type RecoveryRate =
  | {
      readonly kind: 'rate';
      /** 100 (post - pre) / (maximum - pre); negative after deterioration, without lower bound. */
      readonly percent: number;
      readonly changePoints: number;
      readonly band: RecoveryBand;
      /** At least half of the lost points: the outcome the score is about. */
      readonly recovered: boolean;
      /** What to keep in mind; empty mostly. */
      readonly remarks: readonly string[];
    }
  | { readonly kind: 'undefined'; readonly why: string; readonly changePoints: number };

/** Recovery of at least half of the lost points counts as good (J Clin Med 2020, Severino). */
export const GOOD_RECOVERY_PERCENT = 50;

/**
 * Recovery rate after Hirabayashi (Spine 1981;6:354). Undefined, never 0 or 100, when nothing was lost before the
 * operation.
 * @throws InputRefused when the two scores are of different versions
 */
export function recoveryRate(pre: MjoaScore, post: MjoaScore): RecoveryRate {
  if (pre.version !== post.version) {
    throw new InputRefused(
      `scored before by "${MJOA_SCALES[pre.version].name}" and after by "${MJOA_SCALES[post.version].name}"`,
      'recovery rate',
      'score both with one version: their points do not compare',
    );
  }
  const lost = pre.maximum - pre.total;
  const changePoints = post.total - pre.total;
  if (lost === 0)
    return {
      kind: 'undefined',
      changePoints,
      why: 'no points were lost before the operation, none can come back',
    };
  const percent = (100 * changePoints) / lost;
  return {
    kind: 'rate',
    percent,
    changePoints,
    band: bandOf(percent),
    recovered: percent >= GOOD_RECOVERY_PERCENT,
    remarks: [
      ...(lost === 1 ? ['one lost point: the rate can only be 100, 0 or negative'] : []),
      ...(changePoints < 0
        ? ['worse than before: look at the change in points, the rate has no lower bound']
        : []),
    ],
  };
}

function bandOf(percent: number): RecoveryBand {
  if (percent >= 75) return 'excellent';
  if (percent >= 50) return 'good';
  return percent >= 25 ? 'fair' : 'poor';
}
