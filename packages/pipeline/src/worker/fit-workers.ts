import { FitPool, type Channel, type FromWorker, type PoolWorker, type ToWorker } from '@myelon/diffusion';

/** Name by which a worker knows that it is to fit for another one. */
export const FIT_WORKER_NAME = 'myelon-fits';

/** More workers than this only wait for memory. */
const MOST_WORKERS = 8;

/**
 * A pool of web workers that run the same script as the worker that starts them; null where that cannot be, or where there
 * is one processor.
 *
 * @param script address of the script
 */
export function fitWorkers(script: string): FitPool | null {
  const size = Math.min(navigator.hardwareConcurrency, MOST_WORKERS);
  // Not every browser lets a worker start workers.
  if (typeof Worker === 'undefined' || !(size > 1)) return null;
  return new FitPool(() => poolWorker(new Worker(script, { type: 'module', name: FIT_WORKER_NAME })), size);
}

/** A web worker as a pool sees it. */
export function poolWorker(worker: Worker): PoolWorker {
  return {
    post: (message, transfer) => {
      worker.postMessage(message, transfer);
    },
    listen: (listener) => {
      worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
        listener(data);
      });
    },
    onDeath: (listener) => {
      worker.addEventListener('error', ({ message }) => {
        worker.terminate();
        listener(message);
      });
    },
    terminate: () => {
      worker.terminate();
    },
  };
}

/** The channel of this worker to whoever started it. */
export function ownChannel(): Channel<FromWorker, ToWorker> {
  return {
    post: (message, transfer) => {
      self.postMessage(message, { transfer });
    },
    listen: (listener) => {
      self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
        listener(data);
      });
    },
  };
}
