import { parsePart10, type Part10File } from '@myelon/dicom';

/**
 * What makes two objects the same result: class, UIDs, and everything measured, outlined, drawn or named. Archives may
 * complete or correct the patient and study attributes.
 */
const RESULT_TAGS = [
  '00080016', '00080018', '0020000E', // SOP Class, SOP Instance, Series Instance
  '0040A730', '0040A375', // Content, Evidence
  '0040A493', '0040A073', // Verification Flag, Verifying Observer
  '00620002', '52009230', '52009229', // Segments, functional groups
  '00420015', // Encapsulated Document Length
] as const; // prettier-ignore
const ENCAPSULATED_DOCUMENT = '00420011';

/** Whether an archive gave back the object that was sent. */
export function isSameObject(sent: Uint8Array, kept: Uint8Array): boolean {
  const [p, q] = [parsePart10(sent, 'object sent'), parsePart10(kept, 'object read back')];
  const same = (tag: string) => textOf(p, tag) === textOf(q, tag);
  return RESULT_TAGS.every(same) && same(ENCAPSULATED_DOCUMENT) && samePixels(p, q);
}

function textOf({ dataset }: Part10File, tag: string): string {
  const element = dataset[tag];
  return JSON.stringify([element?.Value ?? null, element?.InlineBinary ?? null]);
}

/** An archive may hold pixels in another transfer syntax; then only their presence can be compared here. */
function samePixels({ pixelData: sent }: Part10File, { pixelData: kept }: Part10File): boolean {
  if (sent?.kind !== 'native' || kept?.kind !== 'native')
    return (sent === undefined) === (kept === undefined);
  return (
    sent.bytes.length === kept.bytes.length && sent.bytes.every((byte, index) => byte === kept.bytes[index])
  );
}
