import {
  DicomWebError,
  parsePart10,
  type DicomWebClient,
  type Part10File,
  type StoreResult,
} from '@myelon/dicom';
import type { OutgoingInstance, StoreOutcome } from './viewer-host';

/** What makes two objects the same result; archives may complete or correct the patient and study attributes. */
const RESULT_TAGS = ['00080016', '00080018', '0020000E', '0040A730', '00620002', '52009230'];

/**
 * Stores one object and reads it back. It counts as stored only when the archive says so of this object and then
 * gives back what was sent: some archives answer "stored" and keep an older object with the same UID.
 */
export async function storeAndRetrieve(
  client: DicomWebClient,
  target: string,
  studyInstanceUID: string,
  instance: OutgoingInstance,
  signal: AbortSignal,
): Promise<StoreOutcome> {
  const { sopInstanceUID, seriesInstanceUID, bytes } = instance;
  const refused = (why: string, whatToDo: string): StoreOutcome => ({
    kind: 'refused',
    sopInstanceUID,
    why,
    whatToDo,
    target,
  });
  const result = await client.store(bytes, { signal });
  if (result.outcome !== 'stored') return refused(result.reason, advice(result));
  try {
    const back = await client.instance(studyInstanceUID, seriesInstanceUID, sopInstanceUID, { signal });
    if (!isSameResult(parsePart10(bytes, 'object sent'), parsePart10(back, 'object read back'))) {
      return refused(
        'the archive holds another object under this UID',
        'save again: the new save gets UIDs of its own',
      );
    }
  } catch (problem) {
    if (!(problem instanceof DicomWebError)) throw problem;
    return refused(
      `the archive said it stored the object but does not give it back: ${problem.message}`,
      'send again; if this stays, tell whoever runs the archive',
    );
  }
  return { kind: 'confirmed', sopInstanceUID, at: new Date().toISOString(), target };
}

function isSameResult(sent: Part10File, kept: Part10File): boolean {
  const sameContent = RESULT_TAGS.every(
    (tag) => JSON.stringify(sent.dataset[tag]?.Value) === JSON.stringify(kept.dataset[tag]?.Value),
  );
  return sameContent && samePixels(sent, kept);
}

/** An archive may hold pixels in another transfer syntax; then only their presence can be compared here. */
function samePixels({ pixelData: sent }: Part10File, { pixelData: kept }: Part10File): boolean {
  if (sent?.kind !== 'native' || kept?.kind !== 'native')
    return (sent === undefined) === (kept === undefined);
  return (
    sent.bytes.length === kept.bytes.length && sent.bytes.every((byte, index) => byte === kept.bytes[index])
  );
}

function advice(result: Exclude<StoreResult, { outcome: 'stored' }>): string {
  if (result.outcome === 'unreachable') return 'check the connection, then send again: nothing is lost';
  if (result.status === 401) return 'sign in again, then send again';
  if (result.status === 403) return 'ask whoever runs the archive for permission to store';
  if (result.status === 413) return 'ask whoever runs the archive to allow larger objects';
  return result.mayRetry ? 'send again in a while' : 'download the files and tell whoever runs the archive';
}
