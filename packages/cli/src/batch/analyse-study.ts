import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DicomWebClient } from '@myelon/dicom';
import { ExitCode } from '../exit-code';
import { DEVICE_UID_VARIABLE, uidFromDigest } from '../outputs/device';
import type { StudyJob, StudyOutcome } from './batch-queue';

export interface StudyWork {
  readonly url: string;
  /** Store results on the server. */
  readonly store: boolean;
  /** Keep the files of every study in a folder of its own under this one. */
  readonly out?: string;
  /** Options of `myelon analyze`, passed on as they are. */
  readonly analyzeOptions: readonly string[];
  /** Installation that the objects name as their device. */
  readonly installation: string;
  readonly timeoutSeconds: number;
}

export type Attempt =
  | ({ readonly kind: 'finished' } & StudyOutcome)
  /** Nothing is wrong with the study as far as is known. */
  | { readonly kind: 'try again'; readonly why: string };

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly answer: Answer;
  readonly lastLine: string;
}

interface Answer {
  readonly message?: string;
  readonly notDone?: readonly { what: string; why: string }[];
}

/**
 * Analyses one study as `myelon analyze` does, in a process of its own: whatever a study does to it, the batch lives
 * on. Everything made is named after the job, so a second try makes the same objects again.
 */
export async function analyseStudy(
  job: StudyJob,
  work: StudyWork,
  client: DicomWebClient,
  signal: AbortSignal,
): Promise<Attempt> {
  const begin = performance.now();
  const folder =
    work.out === undefined ? await mkdtemp(join(tmpdir(), 'myelon-batch-')) : join(work.out, job.study);
  try {
    // What an earlier try left to be sent is made again, byte for byte.
    await rm(join(folder, 'outbox'), { recursive: true, force: true });
    const ended = await run(argumentsOf(job, work, folder), work, signal);
    signal.throwIfAborted();
    return await judged(ended, job, client, (performance.now() - begin) / 1000, signal);
  } finally {
    if (work.out === undefined) await rm(folder, { recursive: true, force: true });
  }
}

function argumentsOf(job: StudyJob, work: StudyWork, folder: string): string[] {
  return [
    ...['analyze', '--dicomweb', work.url, '--study', job.study, '--out', folder, '--json'],
    ...['--identity', job.id, '--created-at', job.queuedAt],
    ...(work.store ? ['--store'] : []),
    ...work.analyzeOptions,
  ];
}

function run(args: readonly string[], work: StudyWork, signal: AbortSignal): Promise<Ended> {
  const program = process.argv[1];
  if (program === undefined) throw new Error('The program does not know its own file.');
  const child = spawn(process.execPath, [...process.execArgv, program, ...args], {
    env: { ...process.env, [DEVICE_UID_VARIABLE]: uidFromDigest(work.installation.replaceAll('-', '')) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-4_000)));
  const kill = () => child.kill('SIGKILL');
  const limit = setTimeout(kill, work.timeoutSeconds * 1000);
  signal.addEventListener('abort', kill, { once: true });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, killedBy) => {
      clearTimeout(limit);
      signal.removeEventListener('abort', kill);
      const lastLine = errors.trim().split('\n').at(-1) ?? '';
      resolve({ code, signal: killedBy, answer: parsed(out), lastLine });
    });
  });
}

function parsed(text: string): Answer {
  try {
    return JSON.parse(text) as Answer;
  } catch {
    return {};
  }
}

async function judged(
  { code, signal: killedBy, answer, lastLine }: Ended,
  job: StudyJob,
  client: DicomWebClient,
  seconds: number,
  signal: AbortSignal,
): Promise<Attempt> {
  const why = answer.message ?? lastLine;
  if (code === ExitCode.done) return { kind: 'finished', state: 'analysed', seconds };
  if (code === ExitCode.partlyDone) {
    const notes = (answer.notDone ?? []).map((one) => `${one.what}: ${one.why}`);
    const unsent = notes.find((note) => note.startsWith('store '));
    return unsent === undefined
      ? { kind: 'finished', state: 'analysed', notes, seconds }
      : { kind: 'try again', why: unsent };
  }
  if (code === ExitCode.inputRefused) {
    // A server that is away is no fault of the study.
    const isThere = await client
      .searchSeries(job.study, {}, { signal })
      .then((series) => series.length > 0)
      .catch(() => false);
    return isThere
      ? { kind: 'finished', state: 'set aside', why, seconds }
      : { kind: 'try again', why: `the server does not give the study: ${why}` };
  }
  if (code === ExitCode.badUsage) throw new Error(`myelon analyze: ${why}`);
  const how = killedBy === null ? `exit code ${String(code)}` : `ended by ${killedBy}`;
  return { kind: 'try again', why: why === '' ? how : `${how}: ${why}` };
}
