import type { Outbox } from './outbox';

/** Longest rest between looks at the storage: another tab may have left something behind. */
const LONGEST_REST_MS = 60_000;

/**
 * Sends as long as something is queued or will be, until the signal aborts; what fails is tried again when it is due.
 * @param until ends the loop early; asked after every round
 */
export async function keepSending(
  outbox: Outbox,
  signal: AbortSignal,
  until: () => Promise<boolean> = () => Promise.resolve(false),
): Promise<void> {
  while (!signal.aborted) {
    const next = await outbox.sendDue(signal);
    if (await until()) return;
    const rest = next === null ? LONGEST_REST_MS : Math.max(50, next.getTime() - Date.now());
    await pause(outbox, Math.min(rest, LONGEST_REST_MS), signal);
  }
}

/** Ends early when something changes in the outbox, or when the signal aborts. */
function pause(outbox: Outbox, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      stopListening();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    const stopListening = outbox.onChange(end);
    signal.addEventListener('abort', end, { once: true });
  });
}
