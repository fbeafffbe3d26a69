import { DicomWebError, parsePart10, string, Tag, type DicomWebClient } from '@myelon/dicom';
import type { OutgoingObject } from '@myelon/pipeline';
import type { Shortfall } from '../command-result';

/** What became of the objects on the server. */
export interface StoreOutcome {
  /** SOP Instance UIDs the server confirmed and gave back. */
  readonly confirmed: readonly { readonly sopInstanceUID: string; readonly description: string }[];
  readonly notDone: readonly Shortfall[];
}

/**
 * Stores objects in this order, each confirmed by the server's answer and by reading it back. Later ones refer to
 * earlier ones, so none is sent after one that was not taken.
 */
export async function storeReport(
  client: DicomWebClient,
  study: string,
  objects: readonly OutgoingObject[],
  signal: AbortSignal,
): Promise<StoreOutcome> {
  const confirmed: { sopInstanceUID: string; description: string }[] = [];
  for (const [index, object] of objects.entries()) {
    const why = await storeAndReadBack(client, study, object, signal);
    if (why !== null) {
      const unsent = objects.slice(index + 1).map(({ description }) => ({
        what: `store ${description}`,
        why: `it refers to ${object.description}`,
      }));
      return { confirmed, notDone: [{ what: `store ${object.description}`, why }, ...unsent] };
    }
    confirmed.push({ sopInstanceUID: object.sopInstanceUID, description: object.description });
  }
  return { confirmed, notDone: [] };
}

/** @returns null when the server holds the object, else why it cannot be said that it does */
async function storeAndReadBack(
  client: DicomWebClient,
  study: string,
  object: OutgoingObject,
  signal: AbortSignal,
): Promise<string | null> {
  const result = await client.store(object.bytes, { signal });
  if (result.outcome === 'refused') return `the server refused it: ${result.reason}`;
  if (result.outcome === 'unreachable') return result.reason;
  try {
    const bytes = await client.instance(study, object.seriesInstanceUID, object.sopInstanceUID, { signal });
    const uid = string(parsePart10(bytes, object.description).dataset, Tag.SOPInstanceUID);
    return uid === object.sopInstanceUID ? null : 'the server gave another object back';
  } catch (error) {
    if (error instanceof DicomWebError) return `stored, but it could not be read back: ${error.message}`;
    throw error;
  }
}
