import type { Outbox } from './outbox';

/** Longest rest between looks at the storage: another tab may have left something behind. */
const LONGEST_REST_MS = 60_000;
const SHORTEST_REST_MS = 50;

/**
 * Sends as long as something is queued or will be, until the signal aborts; what fails is tried again when it is due.
 * @param until ends the loop early; asked after every round
 */
export async function keepSending(
  outbox: Outbox,
  signal: AbortSignal,
  until: () => Promise<boolean> = () => Promise.resolve(false),
): Promise<void> {
  let changed = false;
  let wake: (() => void) | null = null;
  // From before the first round on: what is added while a round ends must not wait for the next one.
  const stopListening = outbox.onChange(() => {
    changed = true;
    wake?.();
  });
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        wake = null;
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener('abort', end, { once: true });
      wake = end;
    });
  try {
    while (!signal.aborted) {
      changed = false;
      const next = await outbox.sendDue(signal);
      if (await until()) return;
      const due = changed ? 0 : next === null ? LONGEST_REST_MS : next.getTime() - Date.now();
      await pause(Math.min(LONGEST_REST_MS, Math.max(SHORTEST_REST_MS, due)));
    }
  } finally {
    stopListening();
  }
}
