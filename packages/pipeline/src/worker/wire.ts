import { GradientTable, InputRefused, type DiffusionVolume } from '@myelon/diffusion';

/** A volume as it crosses to the worker: structured cloning keeps data but no classes. */
export interface WireVolume extends Omit<DiffusionVolume, 'gradients'> {
  readonly bValues: Float64Array;
  readonly directions: Float64Array;
}

export function toWire({ gradients, ...rest }: DiffusionVolume): WireVolume {
  return { ...rest, bValues: gradients.bValues, directions: gradients.directions };
}

export function fromWire({ bValues, directions, ...rest }: WireVolume): DiffusionVolume {
  return { ...rest, gradients: new GradientTable(bValues, directions, rest.name) };
}

/** Result of a call. A refusal crosses as its parts, so that the other side can throw the same error again. */
export type Outcome<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  | { readonly kind: 'refused'; readonly what: string; readonly where: string; readonly whatToDo: string }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly message: string; readonly stack: string | undefined };

export async function outcomeOf<Value>(
  work: () => Value | Promise<Value>,
  signal?: AbortSignal,
): Promise<Outcome<Value>> {
  try {
    return { kind: 'done', value: await work() };
  } catch (error) {
    if (signal?.aborted) return { kind: 'cancelled' };
    if (error instanceof InputRefused) {
      return { kind: 'refused', what: error.what, where: error.where, whatToDo: error.whatToDo };
    }
    if (error instanceof Error) return { kind: 'failed', message: error.message, stack: error.stack };
    return { kind: 'failed', message: String(error), stack: undefined };
  }
}

/** @throws what the call threw on the other side */
export function valueOf<Value>(outcome: Outcome<Value>): Value {
  switch (outcome.kind) {
    case 'done':
      return outcome.value;
    case 'refused':
      throw new InputRefused(outcome.what, outcome.where, outcome.whatToDo);
    case 'cancelled':
      throw new DOMException('The analysis was cancelled', 'AbortError');
    case 'failed': {
      const error = new Error(outcome.message);
      if (outcome.stack !== undefined) error.stack = outcome.stack;
      throw error;
    }
  }
}

/** Buffers that can be moved instead of copied: whole, not shared, each once. */
export function movableBuffers(arrays: readonly ArrayBufferView[]): ArrayBuffer[] {
  const whole = arrays.filter(({ buffer, byteLength }) => buffer.byteLength === byteLength);
  return [...new Set(whole.map(({ buffer }) => buffer))].filter(isUnshared);
}

/** By tag, not by class: a buffer may come from another realm (a frame, a test environment). */
function isUnshared(buffer: ArrayBufferLike): buffer is ArrayBuffer {
  return Object.prototype.toString.call(buffer) === '[object ArrayBuffer]';
}
