import { deliverByDicomWeb, Outbox, type OutboxItem } from '@myelon/pipeline';
import type { Shortfall } from '../command-result';
import { dicomWebClient } from '../inputs/dicomweb-study';
import { diskOutbox } from './disk-outbox';

/** Tries of one run; what is not there then stays in the outbox. */
const TRIES = 3;

/** What became of the objects on the server. */
export interface SendOutcome {
  /** SOP Instance UIDs the server confirmed and gave back. */
  readonly confirmed: readonly { readonly sopInstanceUID: string; readonly description: string }[];
  readonly notDone: readonly Shortfall[];
}

export function openOutbox(folder: string): Outbox {
  return new Outbox({
    storage: diskOutbox(folder),
    deliver: deliverByDicomWeb(({ url }) => dicomWebClient(url)),
  });
}

/** Sends what is queued, with a few retries; a save that arrived whole leaves the outbox. */
export async function sendOutbox(outbox: Outbox, signal: AbortSignal): Promise<SendOutcome> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const next = await outbox.sendDue(signal);
    if (next === null || attempt === TRIES - 1) break;
    await until(next, signal);
  }
  const items = await outbox.items();
  for (const group of new Set(items.map((item) => item.group))) {
    const whole = items.every((item) => item.group !== group || item.state.kind === 'sent');
    if (whole) await outbox.discard(group);
  }
  return {
    confirmed: items
      .filter(({ state }) => state.kind === 'sent')
      .map(({ sopInstanceUID, description }) => ({ sopInstanceUID, description })),
    notDone: items.flatMap((item) => shortfall(item) ?? []),
  };
}

function shortfall({ state, description }: OutboxItem): Shortfall | null {
  const what = `store ${description}`;
  if (state.kind === 'sent') return null;
  if (state.kind === 'refused')
    return { what, why: `the server refused it: ${state.why}; ${state.whatToDo}` };
  return { what, why: state.problem ?? 'it refers to an object that is not there yet' };
}

function until(time: Date, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(
      () => {
        signal.removeEventListener('abort', stop);
        resolve();
      },
      Math.max(0, time.getTime() - Date.now()),
    );
    signal.addEventListener('abort', stop, { once: true });
  });
}
