import dicomParser from 'dicom-parser';
import { dictionaryVr } from './attribute-dictionary';
import type { DicomJsonDataset, DicomJsonElement } from './dicom-json';
import { elementFromBytes } from './element-values';

/** What the elements of one data set are read from. */
export interface ElementSource {
  readonly bytes: Uint8Array;
  readonly littleEndian: boolean;
  /** Values of Specific Character Set. */
  readonly characterSet: readonly string[];
  /** Sequences around this data set. */
  readonly depth: number;
}

/** Pixel Data, Float Pixel Data, Double Float Pixel Data. */
export const PIXEL_TAGS: ReadonlySet<string> = new Set(['7FE00010', '7FE00008', '7FE00009']);
/** Trailing padding, and the delimiters of items and sequences. */
const NO_DATA = new Set(['FFFCFFFC', 'FFFEE00D', 'FFFEE0DD']);
/** No object nests this deep; what does is left out. */
const DEEPEST_NESTING = 32;
/** First bytes of an item: tag FFFE,E000 in little endian. */
const ITEM_START = [0xfe, 0xff, 0x00, 0xe0];

/** All wanted elements as DICOM JSON, but pixels, group lengths and what carries no data. */
export function convertElements(
  parsed: dicomParser.DataSet,
  source: ElementSource,
  wanted: (found: dicomParser.Element) => boolean = () => true,
): DicomJsonDataset {
  const converted: Record<string, DicomJsonElement> = {};
  for (const found of Object.values(parsed.elements)) {
    const tag = tagOf(found);
    const left = PIXEL_TAGS.has(tag) || tag.endsWith('0000') || NO_DATA.has(tag);
    if (!left && wanted(found)) converted[tag] = convert(found, source);
  }
  return converted;
}

/** Specific Character Set of a parsed data set; empty when it has none. */
export function declaredCharacterSet(parsed: dicomParser.DataSet): readonly string[] {
  const found = parsed.elements['x00080005'];
  if (!found || found.length > 512) return [];
  const text = parsed.byteArray.subarray(found.dataOffset, found.dataOffset + found.length);
  return String.fromCharCode(...text).split('\\');
}

/** dicom-parser writes tags as an x and eight digits in lower case. */
export function tagOf(found: dicomParser.Element): string {
  return found.tag.slice(1).toUpperCase();
}

/**
 * Items of a sequence that arrived as bytes of VR UN, as writers do that do not know a private element: implicit VR,
 * little endian (PS3.5 6.2.2 note 2). Undefined when the bytes are no sequence.
 */
export function itemsFromBytes(
  bytes: Uint8Array,
  characterSet: readonly string[] = [],
  depth = 0,
): DicomJsonDataset[] | undefined {
  if (!ITEM_START.every((byte, index) => bytes[index] === byte)) return undefined;
  try {
    const stream = new dicomParser.ByteStream(dicomParser.littleEndianByteArrayParser, bytes, 0);
    const sequence: dicomParser.Element = { tag: 'x00000000', length: bytes.length, dataOffset: 0 };
    dicomParser.readSequenceItemsImplicit(stream, sequence);
    return convertItems(sequence.items ?? [], { bytes, littleEndian: true, characterSet, depth });
  } catch {
    return undefined;
  }
}

function convert(found: dicomParser.Element, source: ElementSource): DicomJsonElement {
  if (found.items?.length) return sequence(convertItems(found.items, source));
  // In implicit VR an empty element before the next item looks like a sequence to the parser; the dictionary knows.
  const declared = found.vr ?? 'UN';
  const vr = declared === 'UN' ? dictionaryVr(tagOf(found)) : declared;
  const bytes = source.bytes.subarray(found.dataOffset, found.dataOffset + found.length);
  if (vr === 'SQ' || vr === 'UN') {
    const items = itemsFromBytes(bytes, source.characterSet, source.depth);
    if (items || vr === 'SQ') return sequence(items ?? []);
  }
  return elementFromBytes(vr, bytes, source.littleEndian || declared === 'UN', source.characterSet);
}

function sequence(items: readonly DicomJsonDataset[]): DicomJsonElement {
  return items.length === 0 ? { vr: 'SQ' } : { vr: 'SQ', Value: items };
}

function convertItems(items: readonly dicomParser.Element[], source: ElementSource): DicomJsonDataset[] {
  if (source.depth >= DEEPEST_NESTING) return [];
  return items.map((item) => {
    if (!item.dataSet) return {};
    const own = declaredCharacterSet(item.dataSet);
    const characterSet = own.length > 0 ? own : source.characterSet;
    return convertElements(item.dataSet, { ...source, characterSet, depth: source.depth + 1 });
  });
}
