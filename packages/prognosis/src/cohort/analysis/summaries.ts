interface SummarisedRoc {
  readonly n: number;
  readonly n_good: number;
  readonly n_poor: number;
  readonly auc: number;
  readonly delong_se: number | null;
  readonly delong_ci95: readonly [number, number] | null;
  readonly youden: {
    readonly threshold_midpoint: number | null;
    readonly sensitivity: number | null;
    readonly specificity: number | null;
  };
  readonly n_unique: number;
}

interface SummarisedCorrelation {
  readonly pearson_r: number | null;
  readonly ci95: readonly [number, number] | null;
  readonly spearman_rho: number | null;
}

interface Summarised {
  readonly roc: Readonly<
    Record<'fa' | 'f' | 'adc_lower_is_good' | 'combined_logistic', SummarisedRoc | null>
  >;
  readonly correlation_with_rr: Readonly<Record<string, SummarisedCorrelation>>;
  readonly logistic: { readonly n: number; readonly coef: object; readonly se: object } | null;
  readonly firth: { readonly coef: object } | null;
  readonly delong_paired: { readonly combined_vs_fa: { readonly z: number; readonly p: number } | null };
}

/** The main figures marker by marker, as one looks for them in a cohort with missing cells. */
export function summaries({ roc, correlation_with_rr, logistic, firth, delong_paired }: Summarised) {
  const marker = (section: SummarisedRoc | null, correlation: SummarisedCorrelation | undefined) => ({
    n: section?.n ?? null,
    n_good: section?.n_good ?? null,
    n_poor: section?.n_poor ?? null,
    auc: section?.auc ?? null,
    delong_se: section?.delong_se ?? null,
    delong_ci95: section?.delong_ci95 ?? null,
    youden_midpoint: section?.youden.threshold_midpoint ?? null,
    sens: section?.youden.sensitivity ?? null,
    spec: section?.youden.specificity ?? null,
    n_unique: section?.n_unique ?? null,
    pearson_r: correlation?.pearson_r ?? null,
    pearson_ci: correlation?.ci95 ?? null,
    spearman: correlation?.spearman_rho ?? null,
  });
  const combined = roc.combined_logistic;
  const test = delong_paired.combined_vs_fa;
  return {
    fa: marker(roc.fa, correlation_with_rr['fa']),
    f: marker(roc.f, correlation_with_rr['f']),
    adc: marker(roc.adc_lower_is_good, correlation_with_rr['adc']),
    combined: {
      n: logistic?.n ?? null,
      n_good: combined?.n_good ?? null,
      coef: logistic?.coef ?? null,
      se: logistic?.se ?? null,
      auc: combined?.auc ?? null,
      delong_se: combined?.delong_se ?? null,
      firth_coef: firth?.coef ?? null,
    },
    delong_combined_vs_fa: test && { z: test.z, p: test.p },
  };
}
