import { DicomWebError, type DicomWebClient, type StoreResult } from '@myelon/dicom';
import { InputRefused } from '@myelon/diffusion';
import type { OutboxItem } from './outbox-item';
import { isSameObject } from './same-object';

/** What became of one try. */
export type Delivery =
  | { readonly kind: 'sent' }
  /** Not known to be there; sending the same bytes again may help. */
  | { readonly kind: 'later'; readonly why: string; readonly signIn?: true }
  | { readonly kind: 'refused'; readonly why: string; readonly whatToDo: string };

/** Sends one object. Rejects only when `signal` aborts, with its reason. */
export type Deliver = (item: OutboxItem, bytes: Uint8Array, signal: AbortSignal) => Promise<Delivery>;

/** Failure Reason "Duplicate SOP Instance" (PS3.7 C.5.6). */
const DUPLICATE = 0x0111;

const ANOTHER_OBJECT: Delivery = {
  kind: 'refused',
  why: 'the archive holds another object under this UID',
  whatToDo: 'save again: a new save gets UIDs of its own',
};

/**
 * Sends by STOW-RS and reads back. "Sent" needs both: the answer names the object as stored (or as there already) and
 * the archive gives back what was sent. Some archives answer "stored" and keep an older object with the same UID.
 *
 * @param clientOf the client of a target; asked for every try, so that a renewed sign-in counts
 */
export function deliverByDicomWeb(clientOf: (target: OutboxItem['target']) => DicomWebClient): Deliver {
  return async (item, bytes, signal) => {
    const client = clientOf(item.target);
    const result = await client.store(bytes, { signal });
    const there = result.outcome === 'stored' || isDuplicate(result);
    // Whatever the answer was: an object that lies there under our UID and is not ours must never count as sent.
    const held = result.outcome === 'unreachable' ? null : await heldBy(client, item, bytes, signal);
    if (held === 'another') return ANOTHER_OBJECT;
    if (there && held === 'ours') return { kind: 'sent' };
    if (result.outcome === 'stored')
      return { kind: 'later', why: 'the archive said it stored the object but does not give it back' };
    if (result.outcome === 'unreachable') return { kind: 'later', why: result.reason };
    // It took the object and answered with an error: asked again it should say so.
    if (held === 'ours' || result.mayRetry)
      return { kind: 'later', why: result.reason, ...(result.status === 401 && { signIn: true }) };
    return { kind: 'refused', why: result.reason, whatToDo: advice(result.status) };
  };
}

function isDuplicate(result: StoreResult): boolean {
  return result.outcome === 'refused' && result.failureReason === DUPLICATE;
}

async function heldBy(
  client: DicomWebClient,
  { studyInstanceUID, seriesInstanceUID, sopInstanceUID }: OutboxItem,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<'ours' | 'another' | null> {
  try {
    const back = await client.instance(studyInstanceUID, seriesInstanceUID, sopInstanceUID, { signal });
    return isSameObject(bytes, back) ? 'ours' : 'another';
  } catch (problem) {
    signal.throwIfAborted();
    // No answer, or one cut short.
    if (problem instanceof DicomWebError || problem instanceof InputRefused) return null;
    throw problem;
  }
}

function advice(status: number): string {
  if (status === 403) return 'ask whoever runs the archive for permission to store';
  if (status === 404) return 'check the address of the archive in the site configuration';
  if (status === 413) return 'ask whoever runs the archive to allow larger objects';
  return 'download the files and tell whoever runs the archive';
}
