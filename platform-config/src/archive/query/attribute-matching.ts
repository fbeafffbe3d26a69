import type { DicomJsonDataset, DicomJsonElement } from '@myelon/dicom';

/** Identifiers among the text attributes: they differ when their case differs. */
const caseSensitiveTags = new Set(['00100020', '00100021', '00080050', '00200010']);
const codedVrs = new Set(['AE', 'CS', 'UI', 'UR']);
const temporalVrs = new Set(['DA', 'DT', 'TM']);

function wildcardPattern(text: string, ignoreCase: boolean): RegExp {
  const pattern = text
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${pattern}$`, ignoreCase ? 'isu' : 'su');
}

/** Component groups of a person name, each without empty components at its end, and all groups as DICOM writes them. */
function personNames(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { Alphabetic = '', Ideographic = '', Phonetic = '' } = value as Record<string, string>;
  const groups = [Alphabetic, Ideographic, Phonetic].map((group) => group.replace(/\^+$/, ''));
  return [...groups.filter((group) => group !== ''), groups.join('=').replace(/=+$/, '')];
}

/** `a-b`, `a-` or `-b`; values are compared as far as the shorter one goes, so 20240101 covers 202401011200. */
function isInRange(value: string, wanted: string): boolean {
  const dash = wanted.indexOf('-');
  if (dash < 0) return value.startsWith(wanted);
  const [from, to] = [wanted.slice(0, dash).trim(), wanted.slice(dash + 1).trim()];
  if (from !== '' && value < from) return false;
  return to === '' || value.slice(0, to.length) <= to;
}

function texts(element: DicomJsonElement): string[] {
  const values = element.Value ?? [];
  return element.vr === 'PN' ? values.flatMap(personNames) : values.filter((v) => v !== null).map(String);
}

/**
 * Whether an element matches the value of a search key (PS3.4 C.2.2.2): single value, wildcards `*` and `?`, date
 * and time ranges, lists of UIDs. Names and descriptions match whatever their case. An empty key or `*` matches
 * everything, absent attributes too.
 */
export function matchesElement(tag: string, element: DicomJsonElement | undefined, wanted: string): boolean {
  if (wanted === '' || wanted === '*') return true;
  if (!element) return false;
  const { vr } = element;
  if (vr === 'UI') {
    const list = wanted.split(/[,\\]/);
    return texts(element).some((value) => list.includes(value));
  }
  if (temporalVrs.has(vr)) return texts(element).some((value) => isInRange(value, wanted));
  if (vr === 'DS' || vr === 'IS' || /^(FD|FL|SL|SS|SV|UL|US|UV)$/.test(vr)) {
    return texts(element).some((value) => Number(value) === Number(wanted));
  }
  const ignoreCase = !codedVrs.has(vr) && !caseSensitiveTags.has(tag);
  const key = vr === 'PN' ? wanted.replace(/\^+$/, '') : wanted;
  const pattern = wildcardPattern(key, ignoreCase);
  return texts(element).some((value) => pattern.test(value));
}

/** The same for a path of tags; inside a sequence any item may match. */
export function matchesPath(dataset: DicomJsonDataset, path: readonly string[], wanted: string): boolean {
  const [tag, ...rest] = path;
  if (tag === undefined) return false;
  const element = dataset[tag];
  if (rest.length === 0) return matchesElement(tag, element, wanted);
  if (wanted === '' || wanted === '*') return true;
  return (element?.Value ?? []).some((item) => matchesPath(item as DicomJsonDataset, rest, wanted));
}

/** Whether any of the values is one of a list, for Modalities in Study: `MR`, `SR,SEG`, `SR\SEG`, `*`. */
export function matchesAnyOf(values: Iterable<string>, wanted: string): boolean {
  const patterns = wanted.split(/[,\\]/).map((part) => wildcardPattern(part.trim(), false));
  for (const value of values) if (patterns.some((pattern) => pattern.test(value))) return true;
  return false;
}
