/** Cut-off of one marker, its grey zone, and the range in which the rule says anything. */
export interface MarkerRule {
  readonly cutOff: number;
  /**
   * Half-width of the grey zone: one repeatability coefficient at the cut-off, 1.96 sqrt(2) times the within-subject
   * standard deviation. Inside it a second scan may well fall on the other side.
   */
  readonly greyZone: number;
  readonly validRange: readonly [number, number];
}

/** How much more frequent a pattern is with a good recovery than without, and its 95 % interval. */
export interface LikelihoodRatio {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const repeatabilityCoefficient = (cutOff: number, coefficientOfVariation: number): number =>
  1.96 * Math.SQRT2 * coefficientOfVariation * cutOff;

/**
 * The 2 x 2 rule on FA and the IVIM perfusion fraction f (both as fractions) at the compressed level.
 *
 * Cut-offs as published (doi 10.7759/cureus.104234: FA >= 0.41, AUC 0.86; f >= 9.5 %, AUC 0.78; together 0.90;
 * n = 105). Likelihood ratios are derived, not published: the three AUCs fix a model with normal markers and equal
 * covariance in both outcomes (standardised differences 1.5278 and 1.0920, within-class correlation 0.0786), cut-offs
 * half-way between the classes. Intervals carry the sampling error of AUCs and cut-offs at n = 105. With exactly one
 * marker at or above its cut-off the pooled ratio is 1: no information.
 *
 * Grey zones assume a within-subject coefficient of variation of 3 % for FA (scan and rescan of whole-cord FA:
 * NeuroImage 2013;67:64) and, as an assumption, 12 % for f.
 */
export const FA_F_RULE = {
  id: 'fa-f-2x2',
  version: '1.0-derived',
  fa: {
    cutOff: 0.41,
    greyZone: repeatabilityCoefficient(0.41, 0.03),
    validRange: [0.15, 0.75],
  },
  f: {
    cutOff: 0.095,
    greyZone: repeatabilityCoefficient(0.095, 0.12),
    validRange: [0.02, 0.18],
  },
  likelihoodRatio: {
    both: { value: 7.62, low: 3.378, high: 26.7 },
    neither: { value: 0.1312, low: 0.04207, high: 0.2815 },
    exactlyOne: { value: 1, low: 0.4741, high: 2.274 },
  },
} as const satisfies {
  id: string;
  version: string;
  fa: MarkerRule;
  f: MarkerRule;
  likelihoodRatio: Record<'both' | 'neither' | 'exactlyOne', LikelihoodRatio>;
};
