import { FA_F_RULE } from '../../fa-f-rule';
import { PUBLISHED_STUDY } from '../../score';
import { cutOffPerformance } from '../cut-off-performance';
import type { CohortTable } from '../data/cohort-table';
import { proportion, type Proportion } from '../proportion';

const CUT_FA = FA_F_RULE.fa.cutOff;
const CUT_F_PERCENT = PUBLISHED_STUDY.cutOffFPercent;

/** The published cut-offs on this cohort, each alone and both together. */
export function publishedCutOffs(table: CohortTable) {
  const fa = table.complete('fa', 'good').values;
  const f = table.complete('f', 'good').values;
  const { values: two } = table.complete('fa', 'f', 'good');
  const highFa = (i: number) => (two.fa[i] ?? 0) >= CUT_FA;
  const highF = (i: number) => (two.f[i] ?? 0) >= CUT_F_PERCENT;
  return {
    [`fa_ge_${String(CUT_FA)}`]: rule((i) => (fa.fa[i] ?? 0) >= CUT_FA, fa.good),
    [`f_ge_${String(CUT_F_PERCENT)}`]: rule((i) => (f.f[i] ?? 0) >= CUT_F_PERCENT, f.good),
    both: rule((i) => highFa(i) && highF(i), two.good),
    either: rule((i) => highFa(i) || highF(i), two.good),
  };
}

function rule(positive: (patient: number) => boolean, good: Float64Array) {
  const found = cutOffPerformance(positive, good);
  return {
    tp: found.truePositive,
    fp: found.falsePositive,
    fn: found.falseNegative,
    tn: found.trueNegative,
    sensitivity: printed(found.sensitivity),
    specificity: printed(found.specificity),
    ppv: printed(found.positivePredictiveValue),
    npv: printed(found.negativePredictiveValue),
    lr_pos: found.likelihoodRatioPositive,
    lr_neg: found.likelihoodRatioNegative,
    accuracy: found.accuracy,
  };
}

/** Which of the two published cut-offs a patient reaches. */
export type PrintedPattern = 'both' | 'fa_only' | 'f_only' | 'none';

export function patternOf(fa: number, fPercent: number): PrintedPattern {
  if (fa >= CUT_FA) return fPercent >= CUT_F_PERCENT ? 'both' : 'fa_only';
  return fPercent >= CUT_F_PERCENT ? 'f_only' : 'none';
}

/** Share of good recoveries in each cell of the 2 x 2 table. */
export function twoByTwo(table: CohortTable): Record<PrintedPattern, ReturnType<typeof printed>> {
  const { values } = table.complete('fa', 'f', 'good');
  const counts = { both: [0, 0], fa_only: [0, 0], f_only: [0, 0], none: [0, 0] };
  values.good.forEach((good, i) => {
    const cell = counts[patternOf(values.fa[i] ?? 0, values.f[i] ?? 0)];
    cell[0] = (cell[0] ?? 0) + good;
    cell[1] = (cell[1] ?? 0) + 1;
  });
  const share = ([k = 0, n = 0]: number[]) => printed(proportion(k, n));
  return {
    both: share(counts.both),
    fa_only: share(counts.fa_only),
    f_only: share(counts.f_only),
    none: share(counts.none),
  };
}

function printed({ k, n, estimate, wilson, clopperPearson }: Proportion) {
  const none = [null, null] as const;
  return { k, n, est: estimate, wilson: wilson ?? none, clopper_pearson: clopperPearson ?? none };
}
