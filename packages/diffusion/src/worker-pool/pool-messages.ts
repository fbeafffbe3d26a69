import type { FitPart } from '../fitting/fit-runner';

/** From pool to worker. */
export type ToWorker =
  | { readonly kind: 'fit'; readonly id: number; readonly part: FitPart }
  | { readonly kind: 'cancel'; readonly id: number };

/** From worker to pool. A refusal crosses as its parts. */
export type FromWorker =
  | { readonly kind: 'done'; readonly id: number; readonly result: unknown }
  | {
      readonly kind: 'refused';
      readonly id: number;
      readonly what: string;
      readonly where: string;
      readonly whatToDo: string;
    }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

/** One end of a channel between pool and worker, whatever kind of worker it is. */
export interface Channel<Sent, Received> {
  post(message: Sent, transfer: ArrayBuffer[]): void;
  listen(listener: (message: Received) => void): void;
}

/** A worker as the pool sees it. */
export interface PoolWorker extends Channel<ToWorker, FromWorker> {
  /** Called once when the worker has died by itself. */
  onDeath(listener: (why: string) => void): void;
  terminate(): void;
}

/** Every buffer of typed arrays in a result, each once: they move instead of being copied. */
export function buffersIn(value: unknown, found = new Set<ArrayBuffer>()): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer && value.byteLength === value.buffer.byteLength)
      found.add(value.buffer);
  } else if (Array.isArray(value)) for (const entry of value) buffersIn(entry, found);
  else if (typeof value === 'object' && value !== null)
    for (const entry of Object.values(value)) buffersIn(entry, found);
  return found;
}
