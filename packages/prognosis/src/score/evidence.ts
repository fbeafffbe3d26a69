/** One finding for or against reading recovery from FA and f. */
export interface EvidenceItem {
  readonly direction: 'for' | 'against';
  readonly finding: string;
  readonly source: string;
}

/** Short, both ways, with sources; goes beside every score. */
export const EVIDENCE: readonly EvidenceItem[] = [
  {
    direction: 'for',
    finding:
      'One centre, 105 operated patients: recovery correlates with FA 0.68, f 0.53, ADC -0.59; areas under the curve 0.86, 0.78, together 0.90.',
    source: 'doi 10.7759/cureus.104234 (abstract)',
  },
  {
    direction: 'for',
    finding:
      'FA at the level of maximal compression goes with (m)JOA, r 0.53 (0.40 to 0.65), over 57 studies; that is severity now, not recovery later.',
    source: 'PMID 38877604',
  },
  {
    direction: 'against',
    finding: 'Pooled correlation of FA with recovery rate 0.32 (93 patients).',
    source: 'PMID 27939797',
  },
  {
    direction: 'against',
    finding: 'Five studies with random effects: 0.13 (-0.26 to 0.48), not significant.',
    source: 'doi 10.1590/s1808-185120242301276594',
  },
  {
    direction: 'against',
    finding: 'FA inversely related to recovery at 12 months (44 patients).',
    source: 'Neurosurgery 2018;82(6):905',
  },
  {
    direction: 'against',
    finding: 'Other cut-offs for FA elsewhere: 0.55, 0.50, 0.459. They belong to scanner, outline and fit.',
    source: 'Neurosurgery 2018;82(6):905; J Clin Med 2020 (Severino)',
  },
  {
    direction: 'against',
    finding:
      '105 patients cannot show that FA and f together are better than FA alone: the power of the paired test is about one in three.',
    source: 'derived from the published areas under the curve',
  },
];
