import dcmjs from 'dcmjs';

const found = new Map<string, string>();

/**
 * Value Representation of a standard attribute (PS3.6), for data in implicit VR. Unknown and private ones are UN;
 * where PS3.6 leaves a choice (US or SS), the first is given, which is right for what Myelon reads.
 * @param tag eight hexadecimal digits
 */
export function dictionaryVr(tag: string): string {
  const known = found.get(tag);
  if (known !== undefined) return known;
  const vr = lookUp(tag);
  found.set(tag, vr);
  return vr;
}

function lookUp(tag: string): string {
  const group = Number.parseInt(tag.slice(0, 4), 16);
  if (tag.endsWith('0000')) return 'UL';
  if (group % 2 === 1) return /^....00[1-9A-F]/u.test(tag) ? 'LO' : 'UN';
  const { dictionary } = dcmjs.data.DicomMetaDictionary;
  const vr = dictionary[`(${tag.slice(0, 4)},${tag.slice(4)})`]?.vr ?? 'UN';
  if (/^[A-Z]{2}$/u.test(vr)) return vr;
  return { xs: 'US', ox: 'OW' }[vr] ?? 'UN';
}

/** Tag (eight hexadecimal digits) of a keyword, or undefined when PS3.6 has none. */
export function dictionaryTag(keyword: string): string | undefined {
  const tag = dcmjs.data.DicomMetaDictionary.nameMap[keyword]?.tag;
  const digits = /^\(([0-9A-Fa-f]{4}),([0-9A-Fa-f]{4})\)$/u.exec(tag ?? '');
  return digits ? `${digits[1] ?? ''}${digits[2] ?? ''}`.toUpperCase() : undefined;
}
