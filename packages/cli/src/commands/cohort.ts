import {
  analyzeCohort,
  analyzeRescan,
  cohortLines,
  cohortMarkdown,
  MJOA_VERSIONS,
  predictionsCsv,
  rescanLines,
  type Absence,
  type Cohort,
  type MjoaVersion,
  type RescanPairs,
} from '@myelon/prognosis';
import { MYELON_VERSION } from '@myelon/pipeline';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { CommandContext, CommandResult } from '../command-result';
import { BadUsage, ExitCode } from '../exit-code';
import { readCohortFile } from '../inputs/cohort-file';
import { writeOutputFile } from '../inputs/files';
import type { Dispatch } from '../program';
import { withProgress } from '../terminal';

interface CohortOptions {
  readonly json?: true;
  readonly mjoa?: MjoaVersion;
  readonly fUnit?: 'percent' | 'fraction';
  readonly seed: number;
  readonly report?: string;
  readonly predictions?: string;
}

export function addCohort(program: Command, dispatch: Dispatch): void {
  program
    .command('cohort')
    .description(
      "check FA and f against a site's own outcomes: correlations, ROC, thresholds, models, calibration",
    )
    .argument('<csv>', 'one patient per row, or scans and rescans (columns fa_1, fa_2 ...): docs/cohort.md')
    .addOption(
      new Option(
        '--mjoa <version>',
        'version of mJOA all patients were scored with; 18 points if not said',
      ).choices([...MJOA_VERSIONS]),
    )
    .addOption(
      new Option('--f-unit <unit>', 'unit of the column ivim_f_pct, when its values leave doubt').choices([
        'percent',
        'fraction',
      ]),
    )
    .option('--seed <n>', 'seed of the bootstrap draws', wholeNumber, 1)
    .option('--report <file>', 'write a report in Markdown, in the order of TRIPOD+AI')
    .option('--predictions <file>', 'write what the models predict for each patient, as CSV')
    .option('--json', 'print one JSON object')
    .action((path: string, options: CohortOptions) => {
      dispatch((context) => runCohort(path, options, context), options.json ?? false);
    });
}

async function runCohort(
  path: string,
  options: CohortOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const file = await readCohortFile(path, { mjoaVersion: options.mjoa, fUnit: options.fUnit });
  if (file.kind === 'cohort') return analyzed(file.cohort, options, context);
  if (options.report !== undefined || options.predictions !== undefined)
    throw new BadUsage('--report and --predictions belong to a cohort; this file holds scans and rescans');
  return rescanned(file.pairs);
}

async function analyzed(
  cohort: Cohort,
  options: CohortOptions,
  { terminal, signal }: CommandContext,
): Promise<CommandResult> {
  const analysis = await withProgress(terminal, 'Analysing', (onProgress) =>
    analyzeCohort(cohort, { seed: options.seed, signal, onProgress }),
  );
  const written: string[] = [];
  if (options.report !== undefined) {
    await writeOutputFile(options.report, cohortMarkdown(analysis, { version: MYELON_VERSION }));
    written.push(options.report);
  }
  if (options.predictions !== undefined) {
    await writeOutputFile(options.predictions, predictionsCsv(cohort, analysis));
    written.push(options.predictions);
  }
  return {
    ...outcomeOf(analysis.not_available, Math.min(analysis.n_good, analysis.n_poor)),
    summary: [...cohortLines(analysis), ...written.map((name) => `${name} written`)],
    details: { ...analysis, written },
    leftOut: [],
    warnings: cohort.remarks,
  };
}

function rescanned(pairs: readonly RescanPairs[]): CommandResult {
  const analysis = analyzeRescan(pairs);
  const { markers, ...rest } = analysis;
  return {
    ...outcomeOf(rest.not_available, Infinity),
    summary: rescanLines(analysis),
    details: { ...rest, ...markers },
    leftOut: [],
    warnings: [],
  };
}

/**
 * Partly done when discrimination could not be judged at all. Otherwise done, also when some figure does not exist for
 * these patients (separation, a constant marker): its reason is printed with it.
 */
function outcomeOf(
  absences: readonly Absence[],
  smallerClass: number,
): Pick<CommandResult, 'exitCode' | 'notDone'> {
  if (smallerClass >= 2) return { exitCode: ExitCode.done, notDone: [] };
  return { exitCode: ExitCode.partlyDone, notDone: absences };
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('give a whole number');
  return Number(text);
}
