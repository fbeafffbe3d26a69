import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { FitPool, type FromWorker, type PoolWorker } from '@myelon/diffusion';
import { Option, type Command } from 'commander';
import { BadUsage } from '../exit-code';

export interface WorkerOptions {
  readonly workers?: number;
}

export function addWorkerOptions(command: Command): Command {
  return command.addOption(
    new Option(
      '--workers <n>',
      'worker threads that fit; the numbers do not depend on it (default: one per processor)',
    ).argParser((text) => {
      const count = Number(text);
      if (Number.isInteger(count) && count >= 1 && count <= 64) return count;
      throw new BadUsage(`--workers ${text}: give a whole number from 1 to 64`);
    }),
  );
}

/** Runs work with a pool of worker threads, which ends with it; without one for one worker. */
export async function withWorkers<Value>(
  { workers = availableParallelism() }: WorkerOptions,
  work: (pool: FitPool | null) => Promise<Value>,
): Promise<Value> {
  if (workers === 1) return work(null);
  const pool = new FitPool(startThread, workers);
  try {
    return await work(pool);
  } finally {
    pool.close();
  }
}

/** From source the file beside this one; in the bundle the file beside the bundle. */
function startThread(): PoolWorker {
  const file = import.meta.url.endsWith('.ts') ? './fit-worker.ts' : './fit-worker.mjs';
  return threadWorker(new Worker(new URL(file, import.meta.url)));
}

/** A worker thread as a pool sees it. */
export function threadWorker(thread: Worker): PoolWorker {
  let why = 'the worker thread ended';
  thread.on('error', (error) => {
    why = error instanceof Error ? error.message : String(error);
  });
  return {
    post: (message, transfer) => {
      thread.postMessage(message, transfer);
    },
    listen: (listener) => {
      thread.on('message', (message: FromWorker) => {
        listener(message);
      });
    },
    onDeath: (listener) => {
      thread.once('exit', () => {
        listener(why);
      });
    },
    terminate: () => {
      void thread.terminate();
    },
  };
}
