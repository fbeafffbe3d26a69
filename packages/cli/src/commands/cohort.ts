import { join } from 'node:path';
import { cohortFindings, type CohortFindings, type CohortInput } from '@myelon/pipeline';
import { MJOA_VERSIONS, plotSvg, PRINT_THEME, type MjoaVersion } from '@myelon/prognosis';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { CommandContext, CommandResult } from '../command-result';
import { BadUsage, ExitCode } from '../exit-code';
import { collectedCohort } from '../inputs/collected-cohort';
import { makeOutputFolder, readInputFile, writeOutputFile } from '../inputs/files';
import type { Dispatch } from '../program';
import { withProgress } from '../terminal';

interface CohortOptions {
  readonly json?: true;
  readonly mjoa?: MjoaVersion;
  readonly fUnit?: 'percent' | 'fraction';
  readonly seed: number;
  readonly report?: string;
  readonly predictions?: string;
  readonly out?: string;
  readonly dicomweb?: readonly string[];
}

export function addCohort(program: Command, dispatch: Dispatch): void {
  program
    .command('cohort')
    .description(
      "check FA and f against a site's own outcomes: correlations, ROC, thresholds, models, calibration",
    )
    .argument('[csv]', 'one patient per row, or scans and rescans (columns fa_1, fa_2 ...): docs/cohort.md')
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
    .option(
      '--dicomweb <url...>',
      'collect Myelon reports and mJOA from one or several archives instead of a file',
    )
    .option('--seed <n>', 'seed of the bootstrap draws', wholeNumber, 1)
    .option('--report <file>', 'write a report in Markdown, in the order of TRIPOD+AI')
    .option('--predictions <file>', 'write what the models predict for each patient, as CSV')
    .option('--out <folder>', 'write everything: report as PDF and Markdown, plots, predictions, figures')
    .option('--json', 'print one JSON object')
    .action((path: string | undefined, options: CohortOptions) => {
      dispatch((context) => runCohort(path, options, context), options.json ?? false);
    });
}

async function runCohort(
  path: string | undefined,
  options: CohortOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const { mjoa, fUnit, dicomweb } = options;
  if ((path === undefined) === (dicomweb === undefined))
    throw new BadUsage('give a CSV file, or archives with --dicomweb, not both');
  if (path === undefined)
    return analysed(await collectedCohort(dicomweb ?? [], mjoa, context), options, context);
  const bytes = await readInputFile(path);
  return analysed(
    { kind: 'file', name: path, bytes, options: { mjoaVersion: mjoa, fUnit } },
    options,
    context,
  );
}

async function analysed(
  input: CohortInput,
  options: CohortOptions,
  { terminal, signal }: CommandContext,
): Promise<CommandResult> {
  const findings = await withProgress(terminal, 'Analysing', (onProgress) =>
    cohortFindings(input, { seed: options.seed, signal, onProgress }),
  );
  const written = await writeFiles(findings, options);
  return {
    ...outcomeOf(findings),
    summary: [...findings.lines, ...written.map((name) => `${name} written`)],
    details: { ...findings.analysis, written },
    leftOut: [],
    warnings: findings.remarks,
  };
}

/** @returns the files written */
async function writeFiles(
  { markdown, predictions, ...findings }: CohortFindings,
  { report, predictions: predictionsFile, out }: CohortOptions,
): Promise<string[]> {
  if (markdown === null && (report !== undefined || predictionsFile !== undefined))
    throw new BadUsage('--report and --predictions belong to a cohort; this file holds scans and rescans');
  const files: (readonly [string | undefined, Uint8Array | string | null])[] = [
    [report, markdown],
    [predictionsFile, predictions],
  ];
  if (out !== undefined) {
    const { cohortPdf } = await import('@myelon/pipeline/pdf');
    await makeOutputFolder(out);
    files.push(
      [join(out, 'cohort.pdf'), await cohortPdf(findings, new Date().toISOString())],
      [join(out, 'cohort.json'), `${JSON.stringify(findings.analysis, null, 2)}\n`],
      [join(out, 'report.md'), markdown],
      [join(out, 'predictions.csv'), predictions],
      ...findings.plots.map(
        (plot) => [join(out, `${plot.id}.svg`), plotSvg(plot, PLOT_SIZE, PRINT_THEME)] as const,
      ),
    );
  }
  const written: string[] = [];
  for (const [file, content] of files) {
    if (file === undefined || content === null) continue;
    await writeOutputFile(file, content);
    written.push(file);
  }
  return written;
}

const PLOT_SIZE = { width: 460, height: 340 } as const;

/**
 * Partly done when discrimination could not be judged at all. Otherwise done, also when some figure does not exist for
 * these patients (separation, a constant marker): its reason is printed with it.
 */
function outcomeOf({
  rarerOutcome,
  notAvailable,
}: CohortFindings): Pick<CommandResult, 'exitCode' | 'notDone'> {
  if (rarerOutcome === null || rarerOutcome >= 2) return { exitCode: ExitCode.done, notDone: [] };
  return { exitCode: ExitCode.partlyDone, notDone: notAvailable };
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('give a whole number');
  return Number(text);
}
