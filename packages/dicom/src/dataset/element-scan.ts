import { InputRefused } from '@myelon/diffusion';
import { ElementTable } from './element-table';
import { tagForPeople } from './tags';

/** How the elements of a data set are written (PS3.5 7.1). */
export interface ElementEncoding {
  readonly explicit: boolean;
  readonly littleEndian: boolean;
}

/** Bytes of a data set with what is needed to understand them. */
export interface ElementSource extends ElementEncoding {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** What to call the data set in a refusal. */
  readonly name: string;
}

export const IMPLICIT_LITTLE_ENDIAN: ElementEncoding = { explicit: false, littleEndian: true };

const UNDEFINED_LENGTH = 0xffffffff;
const ITEM = 0xfffee000;
const ITEM_END = 0xfffee00d;
const SEQUENCE_END = 0xfffee0dd;
const DELIMITER_GROUP = 0xfffe;
const PIXEL_DATA = 0x7fe00010;
/** Sequences of undefined length must be walked through to find their end; nothing real nests this deep. */
const DEEPEST_WALK = 64;

/** VRs whose length takes four bytes, as two characters in one number. */
const LONG_VRS = new Set(
  ['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV'].map(vrNumber),
);
const UN = vrNumber('UN');

function vrNumber(vr: string): number {
  return vr.charCodeAt(0) * 0x100 + vr.charCodeAt(1);
}

/** Eight hexadecimal digits, upper case. */
export function tagDigits(tag: number): string {
  return tag.toString(16).toUpperCase().padStart(8, '0');
}

export function elementSource(bytes: Uint8Array, encoding: ElementEncoding, name: string): ElementSource {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { explicit, littleEndian } = encoding;
  return { explicit, littleEndian, bytes, view, name };
}

/**
 * Finds the elements between two positions without reading their values. Pixel Data ends a data set: what stands
 * behind it is padding and signatures.
 * @param group end the scan before the first element of another group (File Meta Information)
 * @throws InputRefused when a length runs past the end
 */
export function scanElements(
  source: ElementSource,
  start: number,
  end: number,
  group?: number,
): ElementTable {
  const { view, littleEndian } = source;
  const cursor = new Cursor(source);
  const found = new ElementTable();
  let at = start;
  while (at < end) {
    if (group !== undefined && at + 2 <= end && view.getUint16(at, littleEndian) !== group) break;
    cursor.element(at, end, 0);
    found.add(cursor);
    if (cursor.tag === PIXEL_DATA) break;
    at = cursor.after;
  }
  return found;
}

/** Items of a sequence, or fragments of pixels, between two positions; delimiters are not among them. */
export function scanItems(source: ElementSource, start: number, end: number): ElementTable {
  const cursor = new Cursor(source);
  const found = new ElementTable();
  let at = start;
  while (at < end) {
    cursor.item(at, end, 0);
    if (cursor.tag !== ITEM) break;
    found.add(cursor);
    at = cursor.after;
  }
  return found;
}

/** Stands on one element at a time; a header has hundreds, and making an object of each takes longer than reading it. */
class Cursor {
  tag = 0;
  /** Two characters in one number; 0 in implicit VR. */
  vr = 0;
  /** First byte of the value, and the byte after it (for undefined lengths, before the delimiter). */
  start = 0;
  end = 0;
  undefinedLength = false;
  /** First byte of what follows. */
  after = 0;

  constructor(private readonly source: ElementSource) {}

  element(at: number, end: number, depth: number): void {
    const { view, littleEndian, explicit } = this.source;
    if (at + 8 > end) throw cutOff('an element', this.source);
    const tag = view.getUint16(at, littleEndian) * 0x10000 + view.getUint16(at + 2, littleEndian);
    if (tag >>> 16 === DELIMITER_GROUP) {
      this.item(at, end, depth);
      return;
    }
    const vr = explicit ? capitals(view.getUint16(at + 4, false)) : 0;
    const long = LONG_VRS.has(vr);
    const start = at + (long ? 12 : 8);
    if (start > end) throw cutOff(tag, this.source);
    const length =
      vr !== 0 && !long ? view.getUint16(at + 6, littleEndian) : view.getUint32(start - 4, littleEndian);
    if (length === UNDEFINED_LENGTH) {
      this.sequence(tag, vr, start, end, depth + 1);
      return;
    }
    if (start + length > end) throw cutOff(tag, this.source);
    this.stand(tag, vr, start, start + length, start + length);
  }

  /** An item or a delimiter. */
  item(at: number, end: number, depth: number): void {
    const { view, littleEndian } = this.source;
    if (at + 8 > end) throw cutOff('a sequence', this.source);
    const tag = view.getUint16(at, littleEndian) * 0x10000 + view.getUint16(at + 2, littleEndian);
    const length = view.getUint32(at + 4, littleEndian);
    const start = at + 8;
    if (tag !== ITEM) {
      this.stand(tag, 0, start, start, start);
      return;
    }
    if (length !== UNDEFINED_LENGTH) {
      if (start + length > end) throw cutOff('a sequence', this.source);
      this.stand(tag, 0, start, start + length, start + length);
      return;
    }
    if (depth > DEEPEST_WALK) throw damaged('sequences nested without end', this.source);
    this.after = start;
    do this.element(this.after, end, depth + 1);
    while (this.tag !== ITEM_END);
    this.stand(tag, 0, start, this.after - 8, this.after, true);
  }

  /** Walks through a sequence of undefined length and stands on it as a whole. */
  private sequence(tag: number, vr: number, start: number, end: number, depth: number): void {
    if (depth > DEEPEST_WALK) throw damaged('sequences nested without end', this.source);
    // The content of a UN is in implicit VR, little endian, whatever surrounds it (PS3.5 6.2.2 note 2).
    const inside =
      vr === UN ? new Cursor({ ...this.source, ...IMPLICIT_LITTLE_ENDIAN }) : new Cursor(this.source);
    inside.after = start;
    do {
      inside.item(inside.after, end, depth);
      if (inside.tag !== ITEM && inside.tag !== SEQUENCE_END)
        throw damaged('a sequence holds something that is no item', this.source);
    } while (inside.tag !== SEQUENCE_END);
    this.stand(tag, vr, start, inside.after - 8, inside.after, true);
  }

  private stand(
    tag: number,
    vr: number,
    start: number,
    end: number,
    after: number,
    undefinedLength = false,
  ): void {
    this.tag = tag;
    this.vr = vr;
    this.start = start;
    this.end = end;
    this.after = after;
    this.undefinedLength = undefinedLength;
  }
}

/** Two capital letters, or 0: some writers slip elements of implicit VR into explicit data sets. */
function capitals(two: number): number {
  const [first, second] = [two >> 8, two & 0xff];
  return first >= 65 && first <= 90 && second >= 65 && second <= 90 ? two : 0;
}

function cutOff(where: string | number, { name }: ElementSource): InputRefused {
  const place = typeof where === 'string' ? where : `element ${tagForPeople(tagDigits(where))}`;
  return new InputRefused(`the file ends inside ${place}`, name, 'it was cut off: fetch it again');
}

function damaged(what: string, { name }: ElementSource): InputRefused {
  return new InputRefused(`damaged DICOM file (${what})`, name, 'fetch the file again');
}
