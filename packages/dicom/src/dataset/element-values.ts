import { parseDecimal } from './access';
import { binaryElement } from './binary-element';
import { binaryValues, isBinaryNumberVr } from './binary-values';
import { decodeText } from './character-set';
import { decimalValues } from './decimal-values';
import type { DicomJsonElement } from './dicom-json';

/** Text in the data set's own character set; every other text VR is ASCII (PS3.5 6.1.2.2). */
const CHARACTER_SET_VRS = new Set(['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT']);
/** Text that holds one value, in which `\` is a character. */
const SINGLE_TEXT_VRS = new Set(['LT', 'ST', 'UT', 'UR']);
const TEXT_VRS = new Set([
  'AE', 'AS', 'CS', 'DA', 'DS', 'DT', 'IS', 'LO', 'LT', 'PN', 'SH', 'ST', 'TM', 'UC', 'UI', 'UR', 'UT',
]); // prettier-ignore

/**
 * The bytes of one element as DICOM JSON (PS3.18 F.2).
 * @param declared Specific Character Set of the data set
 */
export function elementFromBytes(
  vr: string,
  bytes: Uint8Array,
  littleEndian: boolean,
  declared: readonly string[],
): DicomJsonElement {
  if (bytes.length === 0) return { vr };
  if (isBinaryNumberVr(vr)) return { vr, Value: binaryValues(vr, bytes, littleEndian) };
  if (!TEXT_VRS.has(vr)) return binaryElement(vr, bytes);
  const decimals = vr === 'DS' || vr === 'IS' ? decimalValues(bytes) : undefined;
  if (decimals) return decimals.every((value) => value === null) ? { vr } : { vr, Value: decimals };
  const text = decodeText(bytes, CHARACTER_SET_VRS.has(vr) ? declared : []);
  if (SINGLE_TEXT_VRS.has(vr)) return { vr, Value: [trimEnd(text)] };
  const parts = text.split('\\').map((part) => trimEnd(part).trimStart());
  if (parts.every((part) => part === '')) return { vr };
  return { vr, Value: parts.map((part) => valueOf(vr, part)) };
}

function valueOf(vr: string, part: string): unknown {
  if (part === '') return null;
  if (vr === 'PN') return nameOf(part);
  if (vr !== 'DS' && vr !== 'IS') return part;
  const value = parseDecimal(part);
  return Number.isFinite(value) ? value : part;
}

function nameOf(part: string): Record<string, string> {
  const [alphabetic = '', ideographic = '', phonetic = ''] = part.split('=');
  return {
    ...(alphabetic ? { Alphabetic: alphabetic } : {}),
    ...(ideographic ? { Ideographic: ideographic } : {}),
    ...(phonetic ? { Phonetic: phonetic } : {}),
  };
}

function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === ' ' || text[end - 1] === '\0')) end--;
  return end === text.length ? text : text.slice(0, end);
}
