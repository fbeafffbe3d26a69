/** A predictor of outcome that large cohorts have established. */
export interface EstablishedPredictor {
  readonly id: 'age' | 'duration' | 'smoking' | 'gait' | 'comorbidity' | 'psychological';
  readonly name: string;
  readonly unit: 'years' | 'months' | 'yes or no';
  /** What is published of it. */
  readonly finding: string;
  readonly source: string;
}

/**
 * Listed beside the score and noted when known, never combined into a number: intercepts of the published models are
 * not available. The baseline mJOA is among them and has its own form.
 */
export const ESTABLISHED_PREDICTORS: readonly EstablishedPredictor[] = [
  {
    id: 'age',
    name: 'Age',
    unit: 'years',
    finding: 'odds ratio 0.96 per year for mJOA 16 or better at one year',
    source: 'J Bone Joint Surg Am 2013;95:1659',
  },
  {
    id: 'duration',
    name: 'Duration of symptoms',
    unit: 'months',
    finding: 'odds ratio 0.80; relative risk 0.95 (757 patients)',
    source: 'J Bone Joint Surg Am 2013;95:1659; PMID 26677238',
  },
  {
    id: 'smoking',
    name: 'Smoker',
    unit: 'yes or no',
    finding: 'relative risk 0.78',
    source: 'PMID 26677238',
  },
  {
    id: 'gait',
    name: 'Impaired gait',
    unit: 'yes or no',
    finding: 'relative risk 0.76',
    source: 'PMID 26677238',
  },
  {
    id: 'comorbidity',
    name: 'Other illness',
    unit: 'yes or no',
    finding: 'relative risk 0.93',
    source: 'PMID 26677238',
  },
  {
    id: 'psychological',
    name: 'Psychological illness',
    unit: 'yes or no',
    finding: 'odds ratio 0.51',
    source: 'J Bone Joint Surg Am 2013;95:1659',
  },
];

/** What baseline mJOA is known to do; shown first among the predictors. */
export const BASELINE_MJOA_FINDING = {
  finding: 'relative risk 1.11 per point',
  source: 'PMID 26677238',
} as const;
