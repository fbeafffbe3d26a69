import type { CohortAnalysis } from '../analysis/analyze-cohort';
import {
  correlationTable,
  cutOffTable,
  decisionTable,
  descriptionTable,
  modelTable,
  pairedTable,
  performanceTable,
  rocTable,
  twoByTwoTable,
  type ReportTable,
} from './report-tables';
import { addedValueWords, closedTestWords, patientWords } from './report-words';

export type ReportItem =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly lines: readonly string[] }
  | { readonly kind: 'table'; readonly table: ReportTable }
  /** What only the site knows; a report must not invent it. */
  | { readonly kind: 'to fill'; readonly text: string };

/** A section of the report, whatever it is shown in: Markdown, terminal, page or PDF. */
export interface ReportSection {
  readonly title: string;
  /** Results are shown everywhere; the rest belongs to a written report. */
  readonly part: 'frame' | 'results';
  readonly items: readonly ReportItem[];
}

const text = (words: string): ReportItem => ({ kind: 'text', text: words });
const toFill = (words: string): ReportItem => ({ kind: 'to fill', text: words });
const list = (lines: readonly string[]): ReportItem => ({ kind: 'list', lines });

/**
 * The report in the order of TRIPOD+AI (BMJ 2024;385:e078378). What the data cannot tell is left to the site, visibly.
 * @param version of the software
 */
export function cohortReport(of: CohortAnalysis, { version }: { version: string }): ReportSection[] {
  return [
    ...frame([
      [
        'Title',
        text(
          'Check of diffusion MRI markers (FA, IVIM f) against recovery after surgery for cervical myelopathy: evaluation of a prediction model at one site.',
        ),
      ],
      [
        'Background and objectives',
        text(
          'Do FA and the perfusion fraction f at the compressed level tell patients who regain at least half of the lost mJOA points from those who do not, and does the score derived from one published study (doi 10.7759/cureus.104234) hold here?',
        ),
        ...of.statements.map(text),
      ],
      ['Methods: source of data, participants, treatment', toFill('Eligibility, setting, dates, operation')],
      [
        'Methods: outcome',
        text(
          `Recovery rate 100 (after - before) / (${String(of.mjoa_maximum)} - before) on the ${of.mjoa_version} scale; good: at least 50 %. ${of.policy}.`,
        ),
        toFill('Time of follow-up, blinding of assessors'),
      ],
      [
        'Methods: predictors',
        text('FA, ADC (10^-3 mm2/s), f (%).'),
        toFill('Scanner, protocol, fits, outline, level, blinding'),
      ],
      ['Methods: sample size', text(of.sample_size.words)],
      [
        'Methods: missing data',
        text('Complete cases of the columns each analysis needs; nothing is imputed.'),
      ],
      ['Methods: analysis', text(methodWords(of)), text(`Computed with Myelon ${version}.`)],
      [
        'Open science',
        toFill('Registration, protocol, data and code sharing, funding, conflicts of interest'),
      ],
    ]),
    ...resultSections(of),
    ...frame([
      ['Remarks', of.tool.remarks.length > 0 ? list(of.tool.remarks) : text('None.')],
      ['Discussion', toFill('Interpretation, limitations, usability')],
    ]),
  ];
}

function frame(sections: readonly (readonly [string, ...ReportItem[]])[]): ReportSection[] {
  return sections.map(([title, ...items]) => ({ title, part: 'frame', items }));
}

function methodWords(of: CohortAnalysis): string {
  const cutDraws = String(of.roc.fa?.youden.bootstrap?.replicates ?? 0);
  return (
    'Correlations with Fisher z intervals; ROC with DeLong intervals and paired tests; Youden cuts with a percentile ' +
    `interval of ${cutDraws} stratified bootstrap draws (seed ${String(of.tool.seed)}); published cut-offs with ` +
    'Clopper-Pearson intervals; logistic model by maximum likelihood and by Firth with FLIC intercept, profile intervals; ' +
    'calibration intercept and slope and closed test of the derived score; optimism by ' +
    `${String(of.bootstrap_optimism_approx?.B ?? 0)} bootstrap draws; leave-one-out; Brier score; net benefit. ` +
    'Direction of every marker fixed beforehand.'
  );
}

function resultSections(of: CohortAnalysis): ReportSection[] {
  const tables = (...made: readonly ReportTable[]): ReportItem[] =>
    made.filter(({ rows }) => rows.length > 0).map((table) => ({ kind: 'table', table }));
  const sections: readonly (readonly [string, readonly ReportItem[]])[] = [
    ['Results: participants', [text(patientWords(of)), ...tables(descriptionTable(of))]],
    ['Results: markers', tables(correlationTable(of), rocTable(of), pairedTable(of))],
    ['Results: published cut-offs', tables(cutOffTable(of), twoByTwoTable(of))],
    ['Results: model development', tables(modelTable(of))],
    [
      'Results: model performance and updating',
      [
        ...tables(performanceTable(of), decisionTable(of)),
        text(of.verdict.words),
        text(closedTestWords(of)),
        ...addedValueWords(of).map(text),
      ],
    ],
    [
      'Results: not available',
      [
        of.not_available.length > 0
          ? list(of.not_available.map(({ what, why }) => `${what}: ${why}`))
          : text('Nothing is missing.'),
      ],
    ],
  ];
  return sections.map(([title, items]) => ({ title, part: 'results', items }));
}
