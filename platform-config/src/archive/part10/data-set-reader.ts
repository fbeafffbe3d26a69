import dicomParser from 'dicom-parser';
import { dictionaryVr } from './dictionary';

const undefinedLength = 0xffffffff;
const pixelDataTags = new Set(['7FE00008', '7FE00009', '7FE00010']);
const longLengthVrs = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);

/** Thrown where bytes that should be there are not, or make no sense. */
export class MalformedDataSet extends Error {
  override readonly name = 'MalformedDataSet';
}

export interface Encoding {
  readonly explicitVr: boolean;
  readonly bigEndian: boolean;
}

/** One attribute: where its value lies in the bytes it was read from. */
export interface Element {
  /** Eight hexadecimal digits, upper case. */
  readonly tag: string;
  /** As the data set says, else from the dictionary; undefined for private attributes of implicit VR. */
  readonly vr: string | undefined;
  readonly offset: number;
  /** Bytes; of no meaning where `items` is given. */
  readonly length: number;
  /** Items of a sequence. */
  readonly items?: readonly Elements[];
}

export type Elements = ReadonlyMap<string, Element>;

/** Pixel data: only its header is read, the value may lie beyond the bytes at hand. */
export interface PixelDataElement {
  readonly tag: string;
  readonly vr: string;
  /** First byte of the value. */
  readonly offset: number;
  /** Bytes of a native value, or undefined for encapsulated pixel data. */
  readonly length: number | undefined;
}

export interface DataSetHead {
  readonly elements: Elements;
  readonly pixelData: PixelDataElement | undefined;
  /** Where reading ended: behind the last element, or the first byte of the pixel data value. */
  readonly end: number;
}

export function byteReader(encoding: Encoding): dicomParser.ByteArrayParser {
  return encoding.bigEndian ? dicomParser.bigEndianByteArrayParser : dicomParser.littleEndianByteArrayParser;
}

const upperTag = (tag: string) => tag.slice(1).toUpperCase();

// dicom-parser takes undefined as "look at the bytes whether it is a sequence", though its types do not say so.
const vrForParser = ((tag: string) => dictionaryVr(upperTag(tag))) as (tag: string) => string;

interface ElementHeader {
  readonly tag: string;
  readonly vr: string | undefined;
  readonly length: number;
  readonly offset: number;
}

function tagAt(bytes: Buffer, position: number, encoding: Encoding): string {
  if (position + 8 > bytes.length) throw new MalformedDataSet(`ends inside an element at byte ${position}`);
  const reader = byteReader(encoding);
  return [reader.readUint16(bytes, position), reader.readUint16(bytes, position + 2)]
    .map((half) => half.toString(16).padStart(4, '0').toUpperCase())
    .join('');
}

function elementHeader(bytes: Buffer, position: number, tag: string, encoding: Encoding): ElementHeader {
  const reader = byteReader(encoding);
  if (!encoding.explicitVr) {
    const length = reader.readUint32(bytes, position + 4);
    return { tag, vr: dictionaryVr(tag), length, offset: position + 8 };
  }
  const vr = bytes.toString('latin1', position + 4, position + 6);
  if (!/^[A-Z]{2}$/.test(vr)) throw new MalformedDataSet(`(${tag}) at byte ${position} has no VR`);
  if (!longLengthVrs.has(vr)) {
    return { tag, vr, length: reader.readUint16(bytes, position + 6), offset: position + 8 };
  }
  if (position + 12 > bytes.length) throw new MalformedDataSet(`ends inside an element at byte ${position}`);
  return { tag, vr, length: reader.readUint32(bytes, position + 8), offset: position + 12 };
}

function elementsOfItem(item: dicomParser.Element, limit: number): Elements {
  const elements = new Map<string, Element>();
  for (const parsed of Object.values(item.dataSet?.elements ?? {})) {
    const tag = upperTag(parsed.tag);
    if (tag === 'FFFEE00D') continue;
    if (parsed.dataOffset + parsed.length > limit) throw new MalformedDataSet(`(${tag}) is cut off`);
    elements.set(tag, fromParser(parsed, limit));
  }
  return elements;
}

function fromParser(parsed: dicomParser.Element, limit: number): Element {
  const tag = upperTag(parsed.tag);
  const vr = parsed.items ? 'SQ' : (parsed.vr ?? dictionaryVr(tag));
  const base = { tag, vr, offset: parsed.dataOffset, length: parsed.length };
  return parsed.items ? { ...base, items: parsed.items.map((item) => elementsOfItem(item, limit)) } : base;
}

/** Reads a sequence with dicom-parser; gives the element and the position behind it. */
function sequence(bytes: Buffer, header: ElementHeader, encoding: Encoding): [Element, number] {
  const isOpen = header.length === undefinedLength;
  const limit = isOpen ? bytes.length : header.offset + header.length;
  if (limit > bytes.length) throw new MalformedDataSet(`sequence (${header.tag}) is cut off`);
  const stream = new dicomParser.ByteStream(byteReader(encoding), bytes.subarray(0, limit), header.offset);
  const warnings = (stream.warnings = []) as string[];
  const element: dicomParser.Element = {
    tag: `x${header.tag.toLowerCase()}`,
    length: header.length,
    dataOffset: header.offset,
  };
  // A sequence inside UN of undefined length is implicit VR whatever the file is (PS3.5 section 6.2.2).
  if (encoding.explicitVr && header.vr !== 'UN') {
    dicomParser.readSequenceItemsExplicit(stream, element, warnings);
  } else {
    dicomParser.readSequenceItemsImplicit(stream, element, vrForParser);
  }
  const complaint = warnings[0];
  if (complaint !== undefined) throw new MalformedDataSet(`sequence (${header.tag}): ${complaint}`);
  const items = (element.items ?? []).map((item) => elementsOfItem(item, limit));
  const { tag, offset } = header;
  return [{ tag, vr: 'SQ', offset, length: element.length, items }, isOpen ? stream.position : limit];
}

function isSequence(header: ElementHeader): boolean {
  return header.vr === 'SQ' || (header.length === undefinedLength && (header.vr ?? 'UN') === 'UN');
}

/**
 * Reads the elements of a data set, in order, until pixel data, `stopAtGroup` or the end of the bytes. Every
 * declared length must lie within the bytes.
 *
 * @throws MalformedDataSet (dicom-parser may throw strings) where they do not: with part of a file, read more
 */
export function readDataSet(
  bytes: Buffer,
  start: number,
  encoding: Encoding,
  stopAtGroup?: (group: string) => boolean,
): DataSetHead {
  const elements = new Map<string, Element>();
  let position = start;
  while (position < bytes.length) {
    const tag = tagAt(bytes, position, encoding);
    if (stopAtGroup?.(tag.slice(0, 4))) break;
    const header = elementHeader(bytes, position, tag, encoding);
    const { vr, length, offset } = header;
    if (pixelDataTags.has(tag)) {
      const isOpen = length === undefinedLength;
      const pixelData = { tag, vr: pixelDataVr(tag, vr), offset, length: isOpen ? undefined : length };
      return { elements, pixelData, end: offset };
    }
    if (length > 0 && isSequence(header)) {
      const [element, next] = sequence(bytes, header, encoding);
      elements.set(tag, element);
      position = next;
      continue;
    }
    if (offset + length > bytes.length) throw new MalformedDataSet(`(${tag}) is cut off`);
    elements.set(tag, { tag, vr, offset, length, ...(vr === 'SQ' && { items: [] }) });
    position = offset + length;
  }
  return { elements, pixelData: undefined, end: position };
}

function pixelDataVr(tag: string, vr: string | undefined): string {
  if (tag === '7FE00008') return 'OF';
  if (tag === '7FE00009') return 'OD';
  return vr === 'OB' ? 'OB' : 'OW';
}
