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
  around: Surroundings = { characterSet: [], depth: 0 },
): DicomJsonDataset {
  return datasetAmong(source, elements, around, undefined);
}

function datasetAmong(
  source: ElementSource,
  elements: ElementTable,
  around: Surroundings,
  siblings: Siblings | undefined,
): DicomJsonDataset {
  const own = declaredCharacterSet(source, elements.find(SPECIFIC_CHARACTER_SET));
  return own.length > 0
    ? new Proxy(
        {},
        new ElementsOnDemand(source, elements, { characterSet: own, depth: around.depth }, undefined),
      )
    : new Proxy({}, new ElementsOnDemand(source, elements, around, siblings));
}

/** The elements that items of one sequence have in common: by tag, the last one that was converted. */
type Siblings = Map<number, { readonly place: ScannedElement; readonly element: DicomJsonElement }>;

/** Answers for a data set. One class for all of them: a long series has tens of thousands. */
class ElementsOnDemand implements ProxyHandler<Record<string, DicomJsonElement>> {
  private converted: Map<string, DicomJsonElement> | undefined;

  constructor(
    private readonly source: ElementSource,
    private readonly elements: ElementTable,
    private readonly around: Surroundings,
    private readonly siblings: Siblings | undefined,
  ) {}

  get(target: object, key: string | symbol, receiver: unknown): unknown {
    if (key === TABLE) return this.elements;
    return (typeof key === 'string' ? this.valueOf(key) : undefined) ?? Reflect.get(target, key, receiver);
  }

  has(target: object, key: string | symbol): boolean {
    return this.indexOf(key) >= 0 || Reflect.has(target, key);
  }

  ownKeys(): string[] {
    return this.elements.tagsWhere(isData).map(tagDigits);
  }

  getOwnPropertyDescriptor(_: object, key: string | symbol): PropertyDescriptor | undefined {
    if (typeof key !== 'string' || this.indexOf(key) < 0) return undefined;
    return { get: () => this.valueOf(key), enumerable: true, configurable: true };
  }

  set(): boolean {
    return false;
  }

  defineProperty(): boolean {
    return false;
  }

  deleteProperty(): boolean {
    return false;
  }

  private indexOf(key: string | symbol): number {
    const tag = typeof key === 'string' ? tagNumber(key) : Number.NaN;
    return isData(tag) ? this.elements.indexOf(tag) : -1;
  }

  private valueOf(key: string): DicomJsonElement | undefined {
    const known = this.converted?.get(key);
    if (known) return known;
    const index = this.indexOf(key);
    if (index < 0) return undefined;
    const value = this.convert(this.elements.at(index));
    (this.converted ??= new Map()).set(key, value);
    return value;
  }

  /** What the item before holds in the same bytes is the same object, so that readers need to read it only once. */
  private convert(place: ScannedElement): DicomJsonElement {
    const { source, siblings, around } = this;
    if (!siblings) return convert(source, place, around);
    const before = siblings.get(place.tag);
    if (before && sameContent(source.bytes, before.place, place)) return before.element;
    const element = convert(source, place, around);
    siblings.set(place.tag, { place, element });
    return element;
  }
}

function sameContent(bytes: Uint8Array, p: ScannedElement, q: ScannedElement): boolean {
  const length = p.end - p.start;
  if (q.end - q.start !== length || p.vr !== q.vr || p.undefinedLength !== q.undefinedLength) return false;
  for (let index = 0; index < length; index++)
    if (bytes[p.start + index] !== bytes[q.start + index]) return false;
  return true;
}

/** By this key a data set gives its table of elements. */
const TABLE = Symbol('elements');

/** False for pixels, group lengths, padding, and NaN. */
function isData(tag: number): boolean {
  return (tag & 0xffff) !== 0 && !PIXEL_TAGS.has(tag) && !NO_DATA.has(tag);
}

/** Tags of a data set that are wanted, without looking at the elements. */
export function tagsWhere(dataset: DicomJsonDataset, wanted: (tag: number) => boolean): string[] {
  const scanned = (dataset as { readonly [TABLE]?: ElementTable })[TABLE];
  const tags = scanned?.tagsWhere(wanted) ?? Object.keys(dataset).map(tagNumber).filter(wanted);
  return tags.map(tagDigits);
}

/** NaN for what is no tag. */
function tagNumber(key: string): number {
  const known = tagNumbers.get(key);
  if (known !== undefined) return known;
  const tag = key.length === 8 ? Number.parseInt(key, 16) : Number.NaN;
  if (tagNumbers.size < MOST_REMEMBERED_TAGS) tagNumbers.set(key, tag);
  return tag;
}

/** A reader asks for the same few dozen tags in every header. */
const tagNumbers = new Map<string, number>();
const MOST_REMEMBERED_TAGS = 4096;

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
  const found = scanItems(source, start, end).elements();
  const siblings: Siblings | undefined = found.length > 1 ? new Map() : undefined;
  const around: Surroundings = { characterSet, depth: depth + 1 };
  return found.map((item) =>
    datasetAmong(source, scanElements(source, item.start, item.end), around, siblings),
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
