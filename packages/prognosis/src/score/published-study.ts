/**
 * What the abstract of the source study prints (doi 10.7759/cureus.104234, PMC13025046), and nothing else. Not
 * published: coefficients, group means and standard deviations, sensitivity and specificity, the definition of good
 * recovery, follow-up, mJOA version, scanner, protocol, region of interest, fits.
 */
export const PUBLISHED_STUDY = {
  doi: '10.7759/cureus.104234',
  patients: 105,
  aucFa: 0.86,
  aucF: 0.78,
  aucCombined: 0.9,
  cutOffFa: 0.41,
  cutOffFPercent: 9.5,
} as const;

/** Where a constant of the score comes from. */
export type Provenance = 'published' | 'derived' | 'assumed';

/** A constant, and why it has its value. */
export interface Constant {
  readonly value: number;
  readonly provenance: Provenance;
  readonly because: string;
}

/** What the derivation adds to the published numbers: assumptions, to be replaced once they are known. */
export const ASSUMPTIONS = {
  sdFa: {
    value: 0.08,
    provenance: 'assumed',
    because:
      'standard deviation of FA within patients of one outcome; total standard deviations of 0.087 to 0.109 are published elsewhere (Asian Spine J 2021;15:808; JCVJS 2016;7:26)',
  },
  sdFPercent: {
    value: 2.1,
    provenance: 'assumed',
    because:
      'standard deviation of f within patients of one outcome, points of per cent; no study of the cord gives one at a compressed level',
  },
  /** Log-normal spread of the two assumptions above, for the model band. */
  spreadOfSdFa: { value: 0.15, provenance: 'assumed', because: 'a guess may be off by 15 %' },
  spreadOfSdF: { value: 0.25, provenance: 'assumed', because: 'a wilder guess may be off by 25 %' },
  /** Share of good recoveries in the study; used to draw cohorts for the model band, never to give a probability. */
  shareRecovered: {
    value: 0.7,
    provenance: 'assumed',
    because:
      'the printed mJOA before and after imply that 69 to 80 % regain at least half of the lost points',
  },
  /** Scan and rescan, as a share of the value. */
  withinSubjectCvFa: {
    value: 0.03,
    provenance: 'published',
    because: 'FA of the whole cord, scan and rescan (NeuroImage 2013;67:64)',
  },
  withinSubjectCvF: {
    value: 0.12,
    provenance: 'assumed',
    because:
      'between voxel-wise and region-wise fits of healthy cord (Imaging Neurosci 2025, 10.1162/imag_a_00468)',
  },
} as const satisfies Record<string, Constant>;
