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

/** What only the site knows; a report must not invent it. */
const TO_FILL = '*To be stated by the site.*';

/**
 * A report in Markdown, in the order of TRIPOD+AI (BMJ 2024;385:e078378). What the data cannot tell is left to the site,
 * visibly.
 */
export function cohortMarkdown(of: CohortAnalysis, { version }: { version: string }): string {
  const sections: [string, readonly string[]][] = [
    [
      'Title',
      [
        'Check of diffusion MRI markers (FA, IVIM f) against recovery after surgery for cervical myelopathy: evaluation of a prediction model at one site.',
      ],
    ],
    [
      'Background and objectives',
      [
        'Do FA and the perfusion fraction f at the compressed level tell patients who regain at least half of the lost mJOA points from those who do not, and does the score derived from one published study (doi 10.7759/cureus.104234) hold here?',
        ...of.statements,
      ],
    ],
    [
      'Methods: source of data, participants, treatment',
      [`Eligibility, setting, dates, operation: ${TO_FILL}`],
    ],
    [
      'Methods: outcome',
      [
        `Recovery rate 100 (after - before) / (${String(of.mjoa_maximum)} - before) on the ${of.mjoa_version} scale; good: at least 50 %. ${of.policy}.`,
        `Time of follow-up, blinding of assessors: ${TO_FILL}`,
      ],
    ],
    [
      'Methods: predictors',
      [`FA, ADC (10^-3 mm2/s), f (%). Scanner, protocol, fits, outline, level, blinding: ${TO_FILL}`],
    ],
    ['Methods: sample size', [of.sample_size.words]],
    ['Methods: missing data', ['Complete cases of the columns each analysis needs; nothing is imputed.']],
    [
      'Methods: analysis',
      [
        `Correlations with Fisher z intervals; ROC with DeLong intervals and paired tests; Youden cuts with a percentile interval of ${String(of.roc.fa?.youden.bootstrap?.replicates ?? 0)} stratified bootstrap draws (seed ${String(of.tool.seed)}); published cut-offs with Clopper-Pearson intervals; logistic model by maximum likelihood and by Firth with FLIC intercept, profile intervals; calibration intercept and slope and closed test of the derived score; optimism by ${String(of.bootstrap_optimism_approx?.B ?? 0)} bootstrap draws; leave-one-out; Brier score; net benefit. Direction of every marker fixed beforehand.`,
        `Computed with Myelon ${version}.`,
      ],
    ],
    [
      'Open science',
      [`Registration, protocol, data and code sharing, funding, conflicts of interest: ${TO_FILL}`],
    ],
    ['Results: participants', [patientWords(of), ...table(descriptionTable(of))]],
    ['Results: markers', [correlationTable, rocTable, pairedTable].flatMap((make) => table(make(of)))],
    ['Results: published cut-offs', [...table(cutOffTable(of)), ...table(twoByTwoTable(of))]],
    ['Results: model development', table(modelTable(of))],
    [
      'Results: model performance and updating',
      [
        ...table(performanceTable(of)),
        closedTestWords(of),
        ...table(decisionTable(of)),
        of.verdict.words,
        ...addedValueWords(of),
      ],
    ],
    [
      'Results: not available',
      of.not_available.length > 0
        ? [of.not_available.map(({ what, why }) => `- ${what}: ${why}`).join('\n')]
        : ['Nothing is missing.'],
    ],
    [
      'Remarks',
      of.tool.remarks.length > 0 ? [of.tool.remarks.map((remark) => `- ${remark}`).join('\n')] : ['None.'],
    ],
    ['Discussion', [`Interpretation, limitations, usability: ${TO_FILL}`]],
  ];
  return `# Cohort report\n\n${sections.map(([title, body]) => `## ${title}\n\n${body.join('\n\n')}\n`).join('\n')}`;
}

function table({ title, header, rows, notes }: ReportTable): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    `**${title}**`,
    [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n'),
    ...notes,
  ];
}
