import { dictionaryVr } from './attribute-dictionary';
import type { DicomJsonDataset, DicomJsonElement } from './dicom-json';
import {
  elementSource,
  IMPLICIT_LITTLE_ENDIAN,
  scanElements,
  scanItems,
  tagDigits,
  type ElementSource,
} from './element-scan';
import type { ElementTable, ScannedElement } from './element-table';
import { elementFromBytes } from './element-values';

/** Pixel Data, Float Pixel Data, Double Float Pixel Data. */
export const PIXEL_TAGS: ReadonlySet<number> = new Set([0x7fe00010, 0x7fe00008, 0x7fe00009]);
/** Trailing padding, and the delimiters of items and sequences. */
const NO_DATA = new Set([0xfffcfffc, 0xfffee000, 0xfffee00d, 0xfffee0dd]);
/** No object nests this deep; what does is left out. */
const DEEPEST_NESTING = 32;
const SPECIFIC_CHARACTER_SET = 0x00080005;

/** What surrounds a data set. */
export interface Surroundings {
  /** Specific Character Set that holds unless the data set declares its own. */
  readonly characterSet: readonly string[];
  /** Sequences around it. */
  readonly depth: number;
}

/**
 * A data set in the DICOM JSON Model whose elements are converted when they are asked for, each once: of the hundreds
 * of elements in a header, a reader of diffusion needs a few dozen. Pixels, group lengths and padding are left out.
 * Keys, spread and `in` work as on any object. It keeps its bytes in memory.
 */
export function lazyDataset(
  source: ElementSource,
  elements: ElementTable,
  { characterSet, depth }: Surroundings = { characterSet: [], depth: 0 },
): DicomJsonDataset {
  const own = declaredCharacterSet(source, elements.find(SPECIFIC_CHARACTER_SET));
  const around: Surroundings = { characterSet: own.length > 0 ? own : characterSet, depth };
  const converted = new Map<string, DicomJsonElement>();
  const has = (key: string | symbol): key is string => {
    const tag = typeof key === 'string' ? tagNumber(key) : Number.NaN;
    return isData(tag) && elements.indexOf(tag) >= 0;
  };
  const valueOf = (key: string): DicomJsonElement | undefined => {
    const known = converted.get(key);
    if (known) return known;
    const place = has(key) ? elements.find(tagNumber(key)) : undefined;
    if (!place) return undefined;
    const value = convert(source, place, around);
    converted.set(key, value);
    return value;
  };
  const dataset = new Proxy<Record<string, DicomJsonElement>>(
    {},
    {
      get: (target, key, receiver): unknown =>
        (typeof key === 'string' ? valueOf(key) : undefined) ?? Reflect.get(target, key, receiver),
      has: (target, key) => has(key) || Reflect.has(target, key),
      ownKeys: () => elements.tagsWhere(isData).map(tagDigits),
      getOwnPropertyDescriptor: (_, key) =>
        has(key) ? { get: () => valueOf(key), enumerable: true, configurable: true } : undefined,
      set: () => false,
      defineProperty: () => false,
      deleteProperty: () => false,
    },
  );
  tablesOf.set(dataset, elements);
  return dataset;
}

const tablesOf = new WeakMap<DicomJsonDataset, ElementTable>();

/** False for pixels, group lengths, padding, and NaN. */
function isData(tag: number): boolean {
  return (tag & 0xffff) !== 0 && !PIXEL_TAGS.has(tag) && !NO_DATA.has(tag);
}

/** Tags of a data set that are wanted, without looking at the elements. */
export function tagsWhere(dataset: DicomJsonDataset, wanted: (tag: number) => boolean): string[] {
  const scanned = tablesOf.get(dataset);
  const tags = scanned?.tagsWhere(wanted) ?? Object.keys(dataset).map(tagNumber).filter(wanted);
  return tags.map(tagDigits);
}

/** NaN for what is no tag. */
function tagNumber(key: string): number {
  return key.length === 8 ? Number.parseInt(key, 16) : Number.NaN;
}

function declaredCharacterSet(
  { bytes }: ElementSource,
  place: ScannedElement | undefined,
): readonly string[] {
  if (!place || place.end - place.start > 512) return [];
  return String.fromCharCode(...bytes.subarray(place.start, place.end)).split('\\');
}

function convert(source: ElementSource, place: ScannedElement, around: Surroundings): DicomJsonElement {
  const { start, end } = place;
  const declared = place.vr ?? 'UN';
  const vr = declared === 'UN' ? dictionaryVr(tagDigits(place.tag)) : declared;
  if (vr === 'SQ' || place.undefinedLength)
    return sequence(
      itemsBetween(declared === 'UN' && source.explicit ? implicit(source) : source, place, around),
    );
  const bytes = source.bytes.subarray(start, end);
  if (vr === 'UN') {
    const items = itemsFromBytes(bytes, around);
    if (items) return sequence(items);
  }
  return elementFromBytes(vr, bytes, source.littleEndian || declared === 'UN', around.characterSet);
}

function implicit(source: ElementSource): ElementSource {
  return { ...source, ...IMPLICIT_LITTLE_ENDIAN };
}

function itemsBetween(
  source: ElementSource,
  { start, end }: ScannedElement,
  { characterSet, depth }: Surroundings,
): DicomJsonDataset[] {
  if (depth >= DEEPEST_NESTING) return [];
  return scanItems(source, start, end)
    .elements()
    .map((item) =>
      lazyDataset(source, scanElements(source, item.start, item.end), { characterSet, depth: depth + 1 }),
    );
}

/** First bytes of an item: tag FFFE,E000 in little endian. */
const ITEM_START = [0xfe, 0xff, 0x00, 0xe0];

/**
 * Items of a sequence that arrived as bytes of VR UN, as writers do that do not know a private element: implicit VR,
 * little endian (PS3.5 6.2.2 note 2). Undefined when the bytes are no sequence.
 */
export function itemsFromBytes(
  bytes: Uint8Array,
  around: Surroundings = { characterSet: [], depth: 0 },
): DicomJsonDataset[] | undefined {
  if (!ITEM_START.every((byte, index) => bytes[index] === byte)) return undefined;
  const source = elementSource(bytes, IMPLICIT_LITTLE_ENDIAN, 'sequence');
  try {
    return itemsBetween(
      source,
      { tag: 0, vr: undefined, start: 0, end: bytes.length, undefinedLength: false },
      around,
    );
  } catch {
    return undefined;
  }
}

function sequence(items: readonly DicomJsonDataset[]): DicomJsonElement {
  return items.length === 0 ? { vr: 'SQ' } : { vr: 'SQ', Value: items };
}
