import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import type { DicomWebClient } from '@myelon/dicom';
import type { Terminal } from '../terminal';
import { analyseStudy, type StudyWork } from './analyse-study';
import type { BatchQueue, StudyJob } from './batch-queue';
import { progressLine } from './progress-line';

const heartbeatMs = 4_000;
const reportMs = 5_000;
const idleMs = 500;
/** How long a queue that does not answer is waited for before the batch gives up. */
const patienceMs = 10 * 60_000;

/**
 * Works on a queue until nothing waits and nothing runs, here or elsewhere.
 *
 * @param workers studies analysed here at a time
 */
export async function workQueue(
  queue: BatchQueue,
  work: StudyWork,
  workers: number,
  client: DicomWebClient,
  { terminal, signal }: { terminal: Terminal; signal: AbortSignal },
): Promise<void> {
  const over = new AbortController();
  const stop = AbortSignal.any([signal, over.signal]);
  const watching = watch(queue, terminal, stop);
  try {
    const slots = Array.from({ length: workers }, () => workSlot(queue, work, client, signal));
    await Promise.all(slots);
  } finally {
    over.abort();
    await watching;
  }
}

async function workSlot(
  queue: BatchQueue,
  work: StudyWork,
  client: DicomWebClient,
  signal: AbortSignal,
): Promise<void> {
  const worker = `${hostname()} ${randomUUID()}`;
  for (;;) {
    signal.throwIfAborted();
    const job = await patiently(() => queue.take(worker), signal);
    if (job) {
      await workJob(queue, job, worker, work, client, signal);
      continue;
    }
    await patiently(() => queue.recoverLost(), signal);
    const { waiting, running } = await patiently(() => queue.counts(), signal);
    if (waiting + running === 0) return;
    await wait(idleMs, undefined, { signal });
  }
}

async function workJob(
  queue: BatchQueue,
  job: StudyJob,
  worker: string,
  work: StudyWork,
  client: DicomWebClient,
  signal: AbortSignal,
): Promise<void> {
  const heart = setInterval(() => {
    // A queue that is away is noticed where it is waited for.
    queue.isAlive(job, worker).catch(() => undefined);
  }, heartbeatMs);
  try {
    const attempt = await analyseStudy(job, work, client, signal);
    await patiently(
      () => (attempt.kind === 'finished' ? queue.finish(job, attempt) : queue.tryAgain(job, attempt.why)),
      signal,
    );
  } catch (error) {
    // Interrupted: somebody else may take the study at once.
    if (signal.aborted) await queue.tryAgain(job, 'interrupted').catch(() => undefined);
    throw error;
  } finally {
    clearInterval(heart);
  }
}

/** Repeats what fails because the queue's database is away. */
async function patiently<Value>(ask: () => Promise<Value>, signal: AbortSignal): Promise<Value> {
  const begin = performance.now();
  for (let pauseMs = 200; ; pauseMs = Math.min(pauseMs * 2, 5_000)) {
    try {
      return await ask();
    } catch (error) {
      signal.throwIfAborted();
      if (performance.now() - begin > patienceMs) throw error;
      await wait(pauseMs, undefined, { signal });
    }
  }
}

async function watch(queue: BatchQueue, terminal: Terminal, stop: AbortSignal): Promise<void> {
  const begin = performance.now();
  let doneAtStart: number | null = null;
  while (!stop.aborted) {
    const counts = await queue.counts().catch(() => null);
    if (counts) {
      const done = counts.analysed + counts.setAside;
      doneAtStart ??= done;
      terminal.note(progressLine(counts, done - doneAtStart, (performance.now() - begin) / 1000));
    }
    await wait(reportMs, undefined, { signal: stop }).catch(() => undefined);
  }
}
