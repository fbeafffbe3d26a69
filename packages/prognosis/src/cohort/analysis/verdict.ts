/** One marker (or model) against another in the same patients. */
export interface ComparedAucs {
  readonly n: number;
  readonly z: number;
  readonly p: number;
  readonly auc_diff: number;
  readonly ci95: readonly [number, number];
}

export interface CombinedVerdict {
  /** What the paired test says of FA and f together against FA alone. */
  readonly combined_vs_fa: 'better' | 'not shown to be better' | 'worse' | 'not tested';
  readonly words: string;
}

/**
 * Whether FA and f together separate the outcomes better than FA alone. "Better" is said only when DeLong's paired test
 * says so on this cohort.
 */
export function combinedVerdict(
  test: ComparedAucs | null,
  aucs: { combined: number; fa: number; leaveOneOut: number | null } | null,
): CombinedVerdict {
  if (!test || !aucs)
    return {
      combined_vs_fa: 'not tested',
      words: 'FA and f together could not be tested against FA alone on this cohort; nothing is claimed.',
    };
  const figures =
    `AUC ${aucs.combined.toFixed(3)} against ${aucs.fa.toFixed(3)} in ${String(test.n)} patients, difference ` +
    `${test.auc_diff.toFixed(3)} (95 % ${test.ci95[0].toFixed(3)} to ${test.ci95[1].toFixed(3)}), DeLong p ${pValue(test.p)}`;
  if (!(test.p <= 0.05))
    return {
      combined_vs_fa: 'not shown to be better',
      words: `FA and f together are not shown to separate the outcomes better than FA alone: ${figures}.`,
    };
  if (test.auc_diff < 0)
    return {
      combined_vs_fa: 'worse',
      words: `FA and f together separate the outcomes worse than FA alone: ${figures}.`,
    };
  const outside =
    aucs.leaveOneOut === null
      ? ''
      : ` Leave-one-out AUC of the two together: ${aucs.leaveOneOut.toFixed(3)}.`;
  return {
    combined_vs_fa: 'better',
    words:
      `On this cohort FA and f together separate the outcomes better than FA alone: ${figures}. The model was fitted to ` +
      `the same patients, which favours it.${outside}`,
  };
}

/** Two digits, never "0". */
export function pValue(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toPrecision(2);
}
