import {
  analyzeCohort,
  analyzeRescan,
  cohortLines,
  cohortMarkdown,
  cohortPlots,
  cohortReport,
  decodeText,
  isRescanCsv,
  predictionsCsv,
  readCohortCsv,
  readRescanCsv,
  rescanLines,
  rescanPlots,
  rescanReport,
  type Cohort,
  type CohortCsvOptions,
  type CohortPlot,
  type ReportSection,
} from '@myelon/prognosis';
import { MYELON_VERSION } from '../version';

/** What a cohort is analysed from. */
export type CohortInput =
  | {
      readonly kind: 'file';
      readonly name: string;
      readonly bytes: Uint8Array;
      readonly options: Omit<CohortCsvOptions, 'where'>;
    }
  | { readonly kind: 'collected'; readonly cohort: Cohort };

/** Who lacks what, for people to complete. */
export interface MissingCell {
  readonly patient: string;
  readonly missing: readonly string[];
}

/** Everything page, command line and PDF show of a cohort, or of scans and rescans. */
export interface CohortFindings {
  /** What can be said, in a few sentences: size, FA and f against FA. */
  readonly verdict: readonly string[];
  /** Fixed statements that go wherever a score is shown. */
  readonly statements: readonly string[];
  readonly sections: readonly ReportSection[];
  /** The results as lines of text, for a terminal. */
  readonly lines: readonly string[];
  readonly plots: readonly CohortPlot[];
  readonly remarks: readonly string[];
  readonly missing: readonly MissingCell[];
  /** The analysis as `myelon cohort --json` prints it. */
  readonly analysis: object;
  /** TRIPOD+AI report in Markdown, predictions as CSV; null for scans and rescans. */
  readonly markdown: string | null;
  readonly predictions: string | null;
  /** Patients of the rarer outcome; null for scans and rescans. */
  readonly rarerOutcome: number | null;
  /** Figures that do not exist for these patients, and why. */
  readonly notAvailable: readonly { readonly what: string; readonly why: string }[];
}

export interface CohortRun {
  readonly seed?: number;
  readonly onProgress?: (fraction: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * The one road from a file or a collection to what is shown.
 * @throws InputRefused naming row and column, or what the patients lack
 */
export async function cohortFindings(input: CohortInput, run: CohortRun = {}): Promise<CohortFindings> {
  if (input.kind === 'collected') return findingsOf(input.cohort, run);
  const { name, bytes, options } = input;
  const text = decodeText(bytes, name);
  if (isRescanCsv(text, name)) return rescanFindings(text, name);
  return findingsOf(readCohortCsv(text, { ...options, where: name }), run);
}

async function findingsOf(cohort: Cohort, run: CohortRun): Promise<CohortFindings> {
  const analysis = await analyzeCohort(cohort, run);
  return {
    verdict: [analysis.sample_size.words, analysis.verdict.words],
    statements: analysis.statements,
    lines: cohortLines(analysis),
    sections: cohortReport(analysis, { version: MYELON_VERSION }),
    plots: cohortPlots(cohort, analysis),
    remarks: cohort.remarks,
    missing: analysis.missing_patients.map(({ subject_id, missing }) => ({ patient: subject_id, missing })),
    analysis,
    markdown: cohortMarkdown(analysis, { version: MYELON_VERSION }),
    predictions: predictionsCsv(cohort, analysis),
    rarerOutcome: Math.min(analysis.n_good, analysis.n_poor),
    notAvailable: analysis.not_available,
  };
}

function rescanFindings(text: string, where: string): CohortFindings {
  const pairs = readRescanCsv(text, where);
  const analysis = analyzeRescan(pairs);
  const { markers, ...rest } = analysis;
  return {
    verdict: [],
    statements: [],
    lines: rescanLines(analysis),
    sections: rescanReport(analysis),
    plots: rescanPlots(pairs, analysis),
    remarks: [],
    missing: [],
    analysis: { ...rest, ...markers },
    markdown: null,
    predictions: null,
    rarerOutcome: null,
    notAvailable: rest.not_available,
  };
}
