import type { OutgoingObject, OutboxTarget } from '@myelon/pipeline';
import { openOutbox, sendOutbox, type SendOutcome } from '../outbox/send-outbox';

/**
 * Stores objects in this order through an outbox on disk: kept before the first try, each confirmed by the server's
 * answer and by reading it back, and left there for `myelon send` when it could not be sent.
 */
export async function storeReport(
  outboxFolder: string,
  objects: readonly OutgoingObject[],
  to: { readonly studyInstanceUID: string; readonly target: OutboxTarget },
  signal: AbortSignal,
): Promise<SendOutcome> {
  const outbox = openOutbox(outboxFolder);
  await outbox.add(objects, to);
  const outcome = await sendOutbox(outbox, signal);
  if (outcome.notDone.length === 0) return outcome;
  const again = {
    what: 'store the report',
    why: `kept in ${outboxFolder}: run "myelon send ${outboxFolder}" again`,
  };
  return { ...outcome, notDone: [...outcome.notDone, again] };
}
