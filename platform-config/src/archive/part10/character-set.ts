import { convertBytes } from 'dicom-character-set';

/** VRs whose bytes depend on Specific Character Set (0008,0005); all others are ASCII (PS3.5 section 6.1.2.2). */
const encodedVrs = new Set(['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT']);

/** Terms seen in the wild for standard character sets. */
const misspelt: Record<string, string> = {
  UTF8: 'ISO_IR 192',
  'UTF-8': 'ISO_IR 192',
  'ISO-8859-1': 'ISO_IR 100',
  LATIN1: 'ISO_IR 100',
};

function normalized(term: string): string {
  const upper = term.trim().toUpperCase();
  const known = misspelt[upper];
  if (known !== undefined) return known;
  return upper
    .replace(/^ISO[-_ ]?IR[-_ ]?(\d+)$/, 'ISO_IR $1')
    .replace(/^ISO[-_ ]?2022[-_ ]?IR[-_ ]?(\d+)$/, 'ISO 2022 IR $1');
}

function isPlainAscii(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte > 0x7e || byte === 0x1b) return false;
  return true;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** Text without, or with an unreadable, declared character set: UTF-8 when it is valid UTF-8, else Latin-1. */
function guessed(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return latin1(bytes);
  }
}

/**
 * Text of one element, code extensions of ISO 2022 with several values included (PS3.3 C.12.1.1.2). Never throws:
 * an archive has to give back what it holds, so an unknown character set is read as UTF-8 or Latin-1.
 *
 * @param specificCharacterSet values of (0008,0005) that apply to the element
 */
export function decodeText(bytes: Uint8Array, vr: string, specificCharacterSet: readonly string[]): string {
  if (!encodedVrs.has(vr) || isPlainAscii(bytes)) return latin1(bytes);
  const terms = specificCharacterSet.map(normalized);
  if (terms.every((term) => term === '')) return guessed(bytes);
  try {
    return convertBytes(terms.join('\\'), bytes, { vr });
  } catch {
    return guessed(bytes);
  }
}
