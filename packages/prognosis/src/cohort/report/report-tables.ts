import type { CohortAnalysis } from '../analysis/analyze-cohort';
import { fixed, shownP, withInterval } from './shown-numbers';

/** A table of a report, whatever it is shown in. */
export interface ReportTable {
  readonly title: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
}

const LABELS: Readonly<Record<string, string>> = {
  fa: 'FA',
  f: 'f, %',
  adc: 'ADC, 10^-3 mm2/s',
  adc_lower_is_good: 'ADC, lower is better',
  D: 'D, 10^-3 mm2/s',
  Ds: 'D*, 10^-3 mm2/s',
  rr: 'recovery rate, %',
  pre_mjoa_total: 'mJOA before',
  pre_mjoa: 'mJOA before',
  post_mjoa_total: 'mJOA after',
  combined_logistic: 'FA + f, fitted here',
  combined_firth: 'FA + f, Firth',
  'fa_ge_0.41': 'FA >= 0.41',
  'f_ge_9.5': 'f >= 9.5 %',
  both: 'both',
  either: 'either',
  fa_only: 'FA only',
  f_only: 'f only',
  none: 'neither',
  combined_vs_fa: 'FA + f against FA',
  combined_vs_f: 'FA + f against f',
  fa_vs_f: 'FA against f',
  fa_vs_adc: 'FA against ADC',
};

const labelled = (key: string) => LABELS[key] ?? key;

export function descriptionTable({ descriptives }: CohortAnalysis): ReportTable {
  const cell = (one: { n: number; mean: number | null; sd: number | null } | undefined) =>
    one && one.n > 0 ? `${fixed(one.mean, 2)} ± ${fixed(one.sd, 2)} (${String(one.n)})` : '-';
  return {
    title: 'Values, mean ± SD (patients)',
    header: ['', 'all', 'good recovery', 'poor recovery'],
    rows: Object.entries(descriptives)
      .filter(([, { all }]) => all.n > 0)
      .map(([key, { all, good, poor }]) => [labelled(key), cell(all), cell(good), cell(poor)]),
    notes: [],
  };
}

export function correlationTable({ correlation_with_rr }: CohortAnalysis): ReportTable {
  return {
    title: 'Correlation with the recovery rate (95 % interval)',
    header: ['', 'patients', 'Pearson r', 'p', 'Spearman rho'],
    rows: Object.entries(correlation_with_rr)
      .filter(([, { n }]) => n > 0)
      .map(([key, one]) => [
        labelled(key),
        String(one.n),
        withInterval(one.pearson_r, one.ci95, 2),
        shownP(one.p),
        withInterval(one.spearman_rho, one.spearman_ci95, 2),
      ]),
    notes: ['Intervals: Fisher z; for Spearman as Bonett and Wright.'],
  };
}

export function rocTable({ roc }: CohortAnalysis): ReportTable {
  const sections = Object.entries(roc).flatMap(([key, section]) =>
    section ? [[key, section] as const] : [],
  );
  return {
    title: 'Discrimination of good from poor recovery (95 % interval)',
    header: [
      '',
      'good / poor',
      'AUC (DeLong)',
      'Youden cut',
      'its bootstrap interval',
      'sensitivity',
      'specificity',
    ],
    rows: sections.map(([key, one]) => {
      const decimals = key.startsWith('fa') || key.startsWith('adc') ? 3 : 2;
      const interval = one.youden.bootstrap?.cut;
      return [
        labelled(key),
        `${String(one.n_good)} / ${String(one.n_poor)}`,
        withInterval(one.auc, one.delong_ci95, 3),
        fixed(one.youden.threshold_midpoint, decimals),
        interval ? `${interval[0].toFixed(decimals)} to ${interval[1].toFixed(decimals)}` : '-',
        fixed(one.youden.sensitivity, 2),
        fixed(one.youden.specificity, 2),
      ];
    }),
    notes: [
      'Cuts lie half-way between two values; sensitivity and specificity of a cut chosen on the same patients are too high.',
      ...sections.flatMap(([key, { youden }]) =>
        youden.best_midpoints.length > 1
          ? [`${labelled(key)}: cuts ${youden.best_midpoints.slice(0, 8).join(' and ')} share the largest J.`]
          : [],
      ),
    ],
  };
}

export function pairedTable({ delong_paired }: CohortAnalysis): ReportTable {
  return {
    title: 'Difference of AUCs in the same patients (DeLong)',
    header: ['', 'patients', 'difference', 'p'],
    rows: Object.entries(delong_paired).flatMap(([key, one]) =>
      one ? [[labelled(key), String(one.n), withInterval(one.auc_diff, one.ci95, 3), shownP(one.p)]] : [],
    ),
    notes: [],
  };
}

export function cutOffTable({ published_cutoffs }: CohortAnalysis): ReportTable {
  return {
    title: 'The published cut-offs here (exact 95 % intervals)',
    header: ['', 'tp fp fn tn', 'sensitivity', 'specificity', 'PPV', 'NPV', 'LR+', 'LR-'],
    rows: Object.entries(published_cutoffs)
      .filter(([, { tp, fp, fn, tn }]) => tp + fp + fn + tn > 0)
      .map(([key, one]) => [
        labelled(key),
        [one.tp, one.fp, one.fn, one.tn].join(' '),
        ...[one.sensitivity, one.specificity, one.ppv, one.npv].map(({ est, clopper_pearson }) =>
          withInterval(est, clopper_pearson, 2),
        ),
        fixed(one.lr_pos, 2),
        fixed(one.lr_neg, 2),
      ]),
    notes: [],
  };
}

export function twoByTwoTable({ rule_2x2 }: CohortAnalysis): ReportTable {
  return {
    title: 'Good recoveries by pattern of the two cut-offs (exact 95 % intervals)',
    header: ['at or above its cut-off', 'good / all', 'share'],
    rows: Object.entries(rule_2x2).map(([key, { k, n, est, clopper_pearson }]) => [
      labelled(key),
      `${String(k)} / ${String(n)}`,
      withInterval(est, clopper_pearson, 2),
    ]),
    notes: [],
  };
}

export function modelTable({ logistic, firth }: CohortAnalysis): ReportTable {
  const terms = [
    ['(Intercept)', 'intercept', 'intercept'],
    ['fa', 'fa', 'FA, per 1'],
    ['f', 'f', 'f, per 1 %'],
  ] as const;
  return {
    title: 'Logistic model of FA and f (95 % profile intervals)',
    header: ['', 'maximum likelihood', 'Firth'],
    rows: terms.map(([coefficient, interval, label]) => [
      label,
      withInterval(
        logistic?.coef[coefficient],
        logistic?.profile_ci_exact?.[interval] ?? logistic?.wald_ci[interval],
        3,
      ),
      withInterval(firth?.coef[coefficient], firth?.profile_penalized_ci95?.[interval], 3),
    ]),
    notes: [
      ...(firth
        ? [
            `Intercept that makes Firth's mean prediction equal the observed share (FLIC): ${fixed(firth.flic_intercept, 3)}.`,
          ]
        : []),
      ...(logistic ? [] : ['No maximum likelihood estimate exists for these patients.']),
    ],
  };
}

export function performanceTable({
  logistic,
  loo,
  bootstrap_optimism_approx,
  plug_in_score,
}: CohortAnalysis): ReportTable {
  const optimism = bootstrap_optimism_approx;
  return {
    title: 'Performance',
    header: ['', 'AUC', 'Brier', 'calibration slope', 'calibration intercept'],
    rows: [
      [
        'fitted here, on the same patients',
        fixed(optimism?.auc_apparent, 3),
        fixed(logistic?.brier, 3),
        '1',
        '0',
      ],
      [
        `corrected for optimism (${String(optimism?.B ?? 0)} draws)`,
        fixed(optimism?.auc_corrected, 3),
        '-',
        fixed(optimism?.slope_corrected, 2),
        '-',
      ],
      ['leave-one-out', fixed(loo?.auc, 3), fixed(loo?.brier, 3), '-', '-'],
      [
        'derived score, unchanged',
        fixed(plug_in_score?.auc, 3),
        fixed(plug_in_score?.brier, 3),
        `${fixed(plug_in_score?.calibration_slope, 2)} (SE ${fixed(plug_in_score?.calibration_slope_se, 2)})`,
        `${fixed(plug_in_score?.calibration_intercept, 2)} (SE ${fixed(plug_in_score?.calibration_intercept_se, 2)})`,
      ],
    ],
    notes: [],
  };
}

export function decisionTable({ decision_curve }: CohortAnalysis): ReportTable {
  return {
    title: 'Net benefit (decision curve)',
    header: ['threshold', 'fitted here', 'derived score', 'everyone counted as good'],
    rows: decision_curve.map(({ threshold, nb_logistic, nb_plugin, nb_all }) => [
      threshold.toFixed(1),
      fixed(nb_logistic, 3),
      fixed(nb_plugin, 3),
      fixed(nb_all, 3),
    ]),
    notes: [],
  };
}
