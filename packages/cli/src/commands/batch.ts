import { availableParallelism } from 'node:os';
import { MYELON_VERSION } from '@myelon/pipeline';
import { Option, type Command } from 'commander';
import { BatchQueue } from '../batch/batch-queue';
import { findStudies, type StudyFilter } from '../batch/find-studies';
import { workQueue } from '../batch/work-queue';
import type { CommandContext, CommandResult } from '../command-result';
import { BadUsage, ExitCode } from '../exit-code';
import { AUTHORIZATION_VARIABLE, dicomWebClient } from '../inputs/dicomweb-study';
import type { Dispatch } from '../program';

interface BatchOptions extends StudyFilter {
  readonly dicomweb: string;
  readonly queue: string;
  readonly store?: true;
  readonly out?: string;
  readonly workers: number;
  readonly studyMinutes: number;
  readonly dryRun?: true;
  readonly retrySetAside?: true;
  readonly json?: true;
}

const NOTES = `
What stands after -- goes to every analysis: myelon batch --dicomweb URL --store -- --ivim nlls

Each study is analysed once for each archive, version of Myelon and set of options: run the command again to go on
after a stop, or to take in new studies. A study that fails is tried again with growing pauses, and set aside with the
reason after six tries; one that cannot be analysed is set aside at once. With --queue postgres://... any number of
computers may work on the same queue. ${AUTHORIZATION_VARIABLE} holds the Authorization header for the server.`;

export function addBatch(program: Command, dispatch: Dispatch): void {
  program
    .command('batch')
    .description('analyse the studies of an archive over DICOMweb, each once, on a queue')
    .argument('[analyze options...]', 'options of every analysis, after --')
    .requiredOption('--dicomweb <url>', 'root of the DICOMweb service (what stands before /studies)')
    .option(
      '--queue <place>',
      'address of a PostgreSQL database, or a folder for one computer',
      'myelon-queue',
    )
    .option('--store', 'store draft reports on the server')
    .option('--out <folder>', 'keep the files of every study, in a folder of its own')
    .addOption(new Option('--from <date>', 'first Study Date, YYYYMMDD').argParser(parseDate))
    .addOption(new Option('--to <date>', 'last Study Date, YYYYMMDD').argParser(parseDate))
    .option('--description <text>', 'Study Description, with * and ? as wildcards')
    .option('--list <file>', 'the studies, a Study Instance UID on every line, instead of searching')
    .addOption(
      new Option('--workers <n>', 'studies at a time')
        .argParser(positive('--workers'))
        .default(availableParallelism(), 'number of cores'),
    )
    .addOption(
      new Option('--study-minutes <n>', 'a study that takes longer is given up and tried again')
        .argParser(positive('--study-minutes'))
        .default(30),
    )
    .option('--retry-set-aside', 'give studies that were set aside another chance')
    .option('--dry-run', 'say what would be done, and do nothing')
    .option('--json', 'print one JSON object')
    .addHelpText('after', NOTES)
    .action((analyzeOptions: string[], options: BatchOptions) => {
      if (!options.store && options.out === undefined && !options.dryRun)
        throw new BadUsage('give --store, --out or both: without them nothing would be left of the work');
      dispatch((context) => batch(analyzeOptions, options, context), options.json ?? false);
    });
}

async function batch(
  analyzeOptions: readonly string[],
  options: BatchOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const client = dicomWebClient(options.dicomweb);
  const studies = await findStudies(client, options, context.signal);
  const key = JSON.stringify([
    options.dicomweb.replace(/\/+$/, ''),
    MYELON_VERSION,
    analyzeOptions,
    options.store ?? false,
  ]);
  const queue = await BatchQueue.open(options.queue, key);
  try {
    const unknown = await queue.unknown(studies);
    if (options.dryRun) return plannedResult(studies, unknown);
    if (options.retrySetAside) await queue.retrySetAside();
    await queue.add(unknown);
    const work = {
      url: options.dicomweb,
      store: options.store ?? false,
      ...(options.out !== undefined && { out: options.out }),
      analyzeOptions,
      installation: queue.installation,
      timeoutSeconds: options.studyMinutes * 60,
    };
    const begin = performance.now();
    await workQueue(queue, work, options.workers, client, context);
    return await finishedResult(queue, studies.length, unknown.length, (performance.now() - begin) / 1000);
  } finally {
    await queue.close();
  }
}

const nothing = { notDone: [], leftOut: [], warnings: [] };

function plannedResult(found: readonly string[], unknown: readonly string[]): CommandResult {
  return {
    ...nothing,
    exitCode: ExitCode.done,
    summary: [
      `${String(found.length)} studies found, ${String(unknown.length)} of them new:`,
      ...unknown,
      'Nothing was done (--dry-run).',
    ],
    details: { found: found.length, wouldAnalyse: unknown },
  };
}

async function finishedResult(
  queue: BatchQueue,
  found: number,
  added: number,
  seconds: number,
): Promise<CommandResult> {
  const { analysed, setAside } = await queue.counts();
  const aside = await queue.setAside();
  return {
    ...nothing,
    exitCode: setAside > 0 ? ExitCode.partlyDone : ExitCode.done,
    summary: [
      `${String(found)} studies found, ${String(added)} new; ${String(analysed)} analysed in all, ${String(setAside)} set aside`,
    ],
    details: { found, added, analysed, setAside: aside, seconds },
    notDone: aside.map(({ study, why }) => ({ what: `study ${study}`, why })),
  };
}

function parseDate(text: string): string {
  if (!/^\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/.test(text))
    throw new BadUsage(`${text} is no date; give it as YYYYMMDD, for example 20260131`);
  return text;
}

function positive(name: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1 || value > 1000)
      throw new BadUsage(`${name} ${text}: give a whole number from 1 to 1000`);
    return value;
  };
}
