import dcmjs from 'dcmjs';

const { dictionary, nameMap } = dcmjs.data.DicomMetaDictionary;

const plainTag = /^[0-9A-F]{8}$/;

function inBrackets(tag: string): string {
  return `(${tag.slice(0, 4)},${tag.slice(4)})`;
}

/** Whether the group number is odd. `tag` is eight hexadecimal digits, upper case, here and below. */
export function isPrivateTag(tag: string): boolean {
  return (Number.parseInt(tag.slice(3, 4), 16) & 1) === 1;
}

/**
 * VR of a standard attribute for a data set that does not say it (implicit VR), or undefined for private and
 * unknown ones. Attributes whose VR depends on others come as `xs` (US or SS) and `ox` (OB or OW).
 */
export function dictionaryVr(tag: string): string | undefined {
  if (tag.endsWith('0000')) return 'UL';
  if (isPrivateTag(tag)) return tag.startsWith('00', 4) ? 'LO' : undefined;
  const vr = dictionary[inBrackets(tag)]?.vr;
  if (vr === 'na' || vr === 'up') return undefined;
  return vr === 'lt' ? 'OW' : vr;
}

/** Tag of an attribute given as tag or keyword (`00100010`, `PatientName`), or undefined. */
export function tagOf(tagOrKeyword: string): string | undefined {
  const upper = tagOrKeyword.toUpperCase();
  if (plainTag.test(upper)) return upper;
  const entry = Object.hasOwn(nameMap, tagOrKeyword) ? nameMap[tagOrKeyword] : undefined;
  return entry && /^\([0-9A-F]{4},[0-9A-F]{4}\)$/.test(entry.tag)
    ? entry.tag.slice(1, 5) + entry.tag.slice(6, 10)
    : undefined;
}
