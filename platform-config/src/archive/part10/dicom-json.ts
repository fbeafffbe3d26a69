import type { DicomJsonDataset, DicomJsonElement } from '@myelon/dicom';
import { decodeText } from './character-set';
import { byteReader, type Element, type Elements } from './data-set-reader';
import type { Part10File } from './part10-file';

/** Where a big binary value of the element at `path` (`00291010`, `00081140/1/00291010`) can be fetched. */
export type BulkDataUri = (path: string) => string;

export interface DicomJsonOptions {
  readonly bulkDataUri: BulkDataUri;
  /** Binary values of more bytes go by reference. */
  readonly inlineLimit: number;
}

interface Context extends DicomJsonOptions {
  readonly file: Part10File;
  readonly characterSet: readonly string[];
  readonly path: string;
}

type NumberReader = (reader: ReturnType<typeof byteReader>, bytes: Buffer, position: number) => unknown;

/** JSON has no way to write these numbers but as strings (PS3.18 F.2.2). */
function finiteOrName(value: number): number | string {
  if (Number.isNaN(value)) return 'NaN';
  return Number.isFinite(value) ? value : value > 0 ? 'inf' : '-inf';
}

function numberOrDigits(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

const hex4 = (value: number) => value.toString(16).padStart(4, '0').toUpperCase();

/** A float32's shortest decimal, so that 0.1 is not written 0.10000000149. */
const shortestFloat32 = (value: number): number => {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
};

const binaryNumbers: Record<string, { readonly bytes: number; readonly read: NumberReader }> = {
  US: { bytes: 2, read: (reader, bytes, at) => reader.readUint16(bytes, at) },
  SS: { bytes: 2, read: (reader, bytes, at) => reader.readInt16(bytes, at) },
  UL: { bytes: 4, read: (reader, bytes, at) => reader.readUint32(bytes, at) },
  SL: { bytes: 4, read: (reader, bytes, at) => reader.readInt32(bytes, at) },
  FL: { bytes: 4, read: (reader, bytes, at) => finiteOrName(shortestFloat32(reader.readFloat(bytes, at))) },
  FD: { bytes: 8, read: (reader, bytes, at) => finiteOrName(reader.readDouble(bytes, at)) },
  AT: {
    bytes: 4,
    read: (reader, bytes, at) => hex4(reader.readUint16(bytes, at)) + hex4(reader.readUint16(bytes, at + 2)),
  },
  // 64-bit integers came after big endian was retired.
  SV: { bytes: 8, read: (_reader, bytes, at) => numberOrDigits(bytes.readBigInt64LE(at)) },
  UV: { bytes: 8, read: (_reader, bytes, at) => numberOrDigits(bytes.readBigUInt64LE(at)) },
};

const binaryVrs = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'UN']);
const singleTextVrs = new Set(['LT', 'ST', 'UR', 'UT']);
const unitBytes: Record<string, number> = { OW: 2, OF: 4, OL: 4, OD: 8, OV: 8 };

/** Swaps the units of a big endian binary value in a copy: JSON and bulk data are little endian. */
export function littleEndian(
  bytes: Buffer,
  vr: string,
  isBigEndian: boolean,
  unit = unitBytes[vr] ?? 1,
): Buffer {
  if (!isBigEndian || unit === 1) return bytes;
  const copy = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % unit)));
  if (unit === 2) return copy.swap16();
  return unit === 4 ? copy.swap32() : copy.swap64();
}

/** VR of an element whose data set or dictionary leaves it open. */
export function effectiveVr(element: Element, isSigned: boolean): string {
  if (element.vr === undefined) return 'UN';
  if (element.vr === 'xs') return isSigned ? 'SS' : 'US';
  return element.vr === 'ox' ? 'OW' : element.vr;
}

/** Values of Specific Character Set, `inherited` where a data set has none of its own. */
export function characterSetOf(
  header: Buffer,
  elements: Elements,
  inherited: readonly string[],
): readonly string[] {
  const element = elements.get('00080005');
  if (!element) return inherited;
  return header
    .toString('latin1', element.offset, element.offset + element.length)
    .split('\\')
    .map((term) => term.trim());
}

function personName(text: string): Record<string, string> | null {
  const [alphabetic = '', ideographic = '', phonetic = ''] = text.split('=').map((group) => group.trimEnd());
  const groups = { Alphabetic: alphabetic, Ideographic: ideographic, Phonetic: phonetic };
  const present = Object.entries(groups).filter(([, group]) => group !== '');
  return present.length > 0 ? Object.fromEntries(present) : null;
}

/** DS and IS become numbers where the number is exactly what the text says. */
function numberFromText(text: string): number | string | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : trimmed;
}

/** NUL and spaces pad values to even length; leading spaces mean nothing except in texts. */
const withoutPadding = (text: string) => text.replace(/[\0 ]+$/, '');

function textValues(text: string, vr: string): unknown[] {
  if (singleTextVrs.has(vr)) {
    const value = withoutPadding(text);
    return value === '' ? [] : [value];
  }
  const parts = withoutPadding(text).split('\\');
  if (parts.length === 1 && parts[0]?.trim() === '') return [];
  if (vr === 'PN') return parts.map(personName);
  if (vr === 'DS' || vr === 'IS') return parts.map(numberFromText);
  return parts.map((part) => (vr === 'UI' ? withoutPadding(part) : part.trim())).map((part) => part || null);
}

function jsonElement(element: Element, context: Context, isSigned: boolean): DicomJsonElement {
  const { header, encoding } = context.file;
  const vr = effectiveVr(element, isSigned);
  const path = context.path + element.tag;
  if (element.items) {
    const Value = element.items.map((item, index) =>
      jsonDataSet(item, { ...context, path: `${path}/${String(index + 1)}/` }),
    );
    return Value.length > 0 ? { vr: 'SQ', Value } : { vr: 'SQ' };
  }
  const bytes = header.subarray(element.offset, element.offset + element.length);
  if (bytes.length === 0) return { vr };
  if (binaryVrs.has(vr)) {
    if (bytes.length > context.inlineLimit) return { vr, BulkDataURI: context.bulkDataUri(path) };
    return { vr, InlineBinary: littleEndian(bytes, vr, encoding.bigEndian).toString('base64') };
  }
  const numbers = binaryNumbers[vr];
  if (numbers) {
    const reader = byteReader(encoding);
    const count = Math.floor(bytes.length / numbers.bytes);
    const at = (index: number) => numbers.read(reader, bytes, index * numbers.bytes);
    return { vr, Value: Array.from({ length: count }, (_, index) => at(index)) };
  }
  const Value = textValues(decodeText(bytes, vr, context.characterSet), vr);
  return Value.length > 0 ? { vr, Value } : { vr };
}

function jsonDataSet(elements: Elements, context: Context): DicomJsonDataset {
  const { header, encoding } = context.file;
  const characterSet = characterSetOf(header, elements, context.characterSet);
  const representation = elements.get('00280103');
  const isSigned =
    representation !== undefined &&
    representation.length >= 2 &&
    byteReader(encoding).readUint16(header, representation.offset) === 1;
  const json: Record<string, DicomJsonElement> = {};
  for (const [tag, element] of elements) {
    if (tag.endsWith('0000')) continue;
    json[tag] = jsonElement(element, { ...context, characterSet }, isSigned);
  }
  // JSON is UTF-8 whatever the file was (PS3.18 F.2).
  if (elements.has('00080005')) json['00080005'] = { vr: 'CS', Value: ['ISO_IR 192'] };
  return json;
}

/** The data set of a file in the DICOM JSON Model (PS3.18 Annex F), pixel data by reference. */
export function toDicomJson(file: Part10File, options: DicomJsonOptions): DicomJsonDataset {
  const json = jsonDataSet(file.elements, { ...options, file, characterSet: [], path: '' });
  if (!file.pixelData) return json;
  const { tag, vr } = file.pixelData;
  return { ...json, [tag]: { vr, BulkDataURI: options.bulkDataUri(tag) } };
}

/** Only the named attributes of the data set's first level, for the index. */
export function pickDicomJson(file: Part10File, tags: readonly string[]): DicomJsonDataset {
  const wanted = new Map<string, Element>();
  for (const tag of [...tags, '00080005', '00280103']) {
    const element = file.elements.get(tag);
    if (element) wanted.set(tag, element);
  }
  const context = { file, characterSet: [], path: '', inlineLimit: 0, bulkDataUri: () => '' };
  const json = jsonDataSet(wanted, context);
  return Object.fromEntries(tags.flatMap((tag) => (json[tag]?.Value ? [[tag, json[tag]]] : [])));
}
