/** Elements of a CSA header that are read. There are a hundred more in every image. */
const NAMES = [
  'B_matrix',
  'B_value',
  'DiffusionDirectionality',
  'DiffusionGradientDirection',
  'NumberOfImagesInMosaic',
  'PhaseEncodingDirectionPositive',
  'SliceNormalVector',
] as const;
export type CsaName = (typeof NAMES)[number];

/** Elements of a Siemens CSA header: name to its values, blank ones left out. */
export type CsaHeader = ReadonlyMap<CsaName, readonly string[]>;

const NAME_BYTES = new Map(NAMES.map((name) => [name, new TextEncoder().encode(`${name}\0`)]));

const CSA2_MAGIC = 'SV10';
const TAG_HEADER_BYTES = 84;
const ITEM_HEADER_BYTES = 16;
const LARGEST_TAG_COUNT = 1024;
const LARGEST_ITEM_COUNT = 100_000;

/**
 * Parses a CSA header (0029,1010 and 0029,1020), which is little endian in every transfer syntax. Damaged headers
 * give the elements up to the damage; bytes that are no CSA header give none.
 * Source: the layout as described by the NiBabel project ("Siemens format DICOM with CSA header") and dcm2niix,
 * checked against real headers of VB17, D13 and E11.
 */
export function parseCsaHeader(bytes: Uint8Array): CsaHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const second = latin1(bytes.subarray(0, 4)) === CSA2_MAGIC;
  let at = second ? 8 : 0;
  const elements = new Map<CsaName, readonly string[]>();
  if (at + 8 > bytes.length) return elements;
  const count = view.getUint32(at, true);
  if (count < 1 || count > LARGEST_TAG_COUNT) return elements;
  at += 8;
  let firstItemCount: number | undefined;
  for (let tag = 0; tag < count && at + TAG_HEADER_BYTES <= bytes.length; tag++) {
    const name = nameAt(bytes, at);
    const multiplicity = view.getInt32(at + 64, true);
    const itemCount = view.getInt32(at + 76, true);
    firstItemCount ??= itemCount;
    at += TAG_HEADER_BYTES;
    if (itemCount < 0 || itemCount > LARGEST_ITEM_COUNT) return elements;
    const items = { start: at, count: itemCount, wanted: name !== undefined };
    const read = readItems(view, bytes, items, second ? undefined : firstItemCount);
    if (!read) return elements;
    at = read.end;
    if (name === undefined) continue;
    const values = multiplicity > 0 ? read.values.slice(0, multiplicity) : read.values;
    elements.set(
      name,
      values.filter((value) => value !== ''),
    );
  }
  return elements;
}

/** Numbers of one element; NaN where a value is no number. */
export function csaNumbers(header: CsaHeader, name: CsaName): number[] {
  return (header.get(name) ?? []).map(Number);
}

/** @param csa1FirstCount in CSA1, lengths are stored less the item count of the first tag */
function readItems(
  view: DataView,
  bytes: Uint8Array,
  { start, count, wanted }: { readonly start: number; readonly count: number; readonly wanted: boolean },
  csa1FirstCount: number | undefined,
): { values: string[]; end: number } | undefined {
  const values: string[] = [];
  let at = start;
  for (let item = 0; item < count; item++) {
    if (at + ITEM_HEADER_BYTES > bytes.length) return undefined;
    const length =
      csa1FirstCount === undefined ? view.getInt32(at + 4, true) : view.getInt32(at, true) - csa1FirstCount;
    at += ITEM_HEADER_BYTES;
    if (length < 0 || at + length > bytes.length) return undefined;
    if (wanted) values.push(cString(bytes.subarray(at, at + length)).trim());
    at += Math.ceil(length / 4) * 4;
  }
  return { values, end: at };
}

/** The element that stands here, if it is one that is read; junk may follow the byte 0 after its name. */
function nameAt(bytes: Uint8Array, at: number): CsaName | undefined {
  for (const [name, expected] of NAME_BYTES)
    if (expected.every((byte, index) => bytes[at + index] === byte)) return name;
  return undefined;
}

function cString(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return latin1(end < 0 ? bytes : bytes.subarray(0, end));
}

function latin1(bytes: Uint8Array): string {
  // Values are short, and a decoder for each costs more than reading them.
  return bytes.length < 0x8000 ? String.fromCharCode(...bytes) : new TextDecoder('latin1').decode(bytes);
}
