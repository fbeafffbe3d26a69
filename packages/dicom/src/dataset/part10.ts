import { Inflate } from 'fflate';
import { InputRefused } from '@myelon/diffusion';
import type { DicomJsonDataset } from './dicom-json';
import {
  elementSource,
  scanElements,
  scanItems,
  type ElementEncoding,
  type ElementSource,
} from './element-scan';
import type { ElementTable, ScannedElement } from './element-table';
import { lazyDataset, PIXEL_TAGS } from './lazy-dataset';
import { IMPLICIT_VR_LITTLE_ENDIAN, transferSyntax, type TransferSyntax } from './transfer-syntax';

/** Pixels as they lie in the file: one run of bytes, or fragments of a compressed stream. */
export type EncodedPixelData =
  | { readonly kind: 'native'; readonly bytes: Uint8Array; readonly vr: string }
  | {
      readonly kind: 'encapsulated';
      readonly fragments: readonly Uint8Array[];
      /** Fragment each frame starts with; empty when the file does not say. */
      readonly frameStarts: readonly number[];
    };

export interface Part10File {
  /**
   * The data set as WADO-RS metadata would give it, without group 2 and without pixels. Elements are converted when
   * asked for, from the bytes of the file, which stay in memory as long as the data set does.
   */
  readonly dataset: DicomJsonDataset;
  /** File Meta Information (group 2). */
  readonly fileMeta: DicomJsonDataset;
  readonly transferSyntax: TransferSyntax;
  readonly pixelData?: EncodedPixelData;
}

/** Preamble and `DICM` (PS3.10 7.1). */
const PREFIX_BYTES = 132;
const EXPLICIT_LITTLE: ElementEncoding = { explicit: true, littleEndian: true };
const FILE_META_GROUP = 0x0002;
const TRANSFER_SYNTAX_UID = 0x00020010;
/** A deflated data set may grow to this many times its size plus a megabyte; beyond, it is an attack. */
const LARGEST_INFLATION = 200;
const INFLATION_ALLOWANCE_BYTES = 1 << 20;

/**
 * Reads one DICOM file (PS3.10) in any transfer syntax and character set. Only the places of elements are read now,
 * and values later: of damage inside a sequence, the refusal comes when that sequence is asked for.
 * @param name what to call the file in a refusal
 * @throws InputRefused when it is no DICOM file, or a declared length runs past its end
 */
export function parsePart10(bytes: Uint8Array, name = 'file'): Part10File {
  const { metaSource, meta, syntax, source, elements, pixels } = scanned(bytes, name);
  return {
    dataset: lazyDataset(source, elements),
    get fileMeta() {
      return lazyDataset(metaSource, meta);
    },
    transferSyntax: syntax,
    ...(pixels ? { pixelData: pixelDataOf(pixels, source) } : {}),
  };
}

/**
 * The data set of a DICOM file, for keeping thousands: only the bytes before the pixels stay in memory.
 * @throws InputRefused as {@link parsePart10} does
 */
export function parseHeader(bytes: Uint8Array, name = 'file'): DicomJsonDataset {
  const { source, elements, pixels } = scanned(bytes, name);
  const own = source.bytes.slice(0, pixels?.start ?? source.bytes.length);
  return lazyDataset(elementSource(own, source, name), elements);
}

interface Scanned {
  readonly metaSource: ElementSource;
  readonly meta: ElementTable;
  readonly syntax: TransferSyntax;
  readonly source: ElementSource;
  readonly elements: ElementTable;
  readonly pixels: ScannedElement | undefined;
}

function scanned(bytes: Uint8Array, name: string): Scanned {
  if (!hasPrefix(bytes)) throw new InputRefused('not a DICOM file', name, 'give DICOM Part 10 files');
  const metaSource = elementSource(bytes, EXPLICIT_LITTLE, name);
  const meta = scanElements(metaSource, PREFIX_BYTES, bytes.length, FILE_META_GROUP);
  const syntax = transferSyntax(transferSyntaxUid(bytes, meta, name));
  const { source, start } = dataSetOf(bytes, endOf(meta), syntax, name);
  const elements = scanElements(source, start, source.bytes.length);
  const pixels = [...PIXEL_TAGS].map((tag) => elements.find(tag)).find((found) => found !== undefined);
  return { metaSource, meta, syntax, source, elements, pixels };
}

/** `DICM` after a preamble of 128 bytes. */
function hasPrefix(bytes: Uint8Array): boolean {
  return bytes.length > PREFIX_BYTES && String.fromCharCode(...bytes.subarray(128, 132)) === 'DICM';
}

function endOf(meta: ElementTable): number {
  return meta.count === 0 ? PREFIX_BYTES : meta.at(meta.count - 1).end;
}

function transferSyntaxUid(bytes: Uint8Array, meta: ElementTable, name: string): string {
  const found = meta.find(TRANSFER_SYNTAX_UID);
  if (!found)
    throw new InputRefused(
      'damaged DICOM file (no transfer syntax, 0002,0010)',
      name,
      'fetch the file again',
    );
  return String.fromCharCode(...bytes.subarray(found.start, found.end)).replace(/[\s\0]+/gu, '');
}

function dataSetOf(
  bytes: Uint8Array,
  start: number,
  { uid, littleEndian, deflated }: TransferSyntax,
  name: string,
): { source: ElementSource; start: number } {
  const encoding = { explicit: uid !== IMPLICIT_VR_LITTLE_ENDIAN, littleEndian };
  if (!deflated) return { source: elementSource(bytes, encoding, name), start };
  return { source: elementSource(inflated(bytes.subarray(start), name), encoding, name), start: 0 };
}

function inflated(deflated: Uint8Array, name: string): Uint8Array {
  try {
    return inflate(deflated, name);
  } catch (problem) {
    if (problem instanceof InputRefused) throw problem;
    throw new InputRefused('damaged DICOM file (deflated data)', name, 'fetch the file again');
  }
}

function inflate(deflated: Uint8Array, name: string): Uint8Array {
  const limit = INFLATION_ALLOWANCE_BYTES + deflated.length * LARGEST_INFLATION;
  const parts: Uint8Array[] = [];
  let length = 0;
  const stream = new Inflate((part) => {
    length += part.length;
    if (length > limit) throw new InputRefused('deflated data grows without end', name, 'fetch it again');
    parts.push(part);
  });
  for (let start = 0; start < deflated.length; start += 1 << 16) {
    const end = Math.min(start + (1 << 16), deflated.length);
    stream.push(deflated.subarray(start, end), end === deflated.length);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function pixelDataOf(found: ScannedElement, source: ElementSource): EncodedPixelData {
  const { bytes } = source;
  if (!found.undefinedLength)
    return { kind: 'native', vr: found.vr ?? 'OW', bytes: bytes.subarray(found.start, found.end) };
  // The first item is the Basic Offset Table: where, after it, each frame's first fragment begins (PS3.5 A.4).
  const [table, ...fragments] = scanItems(source, found.start, found.end).elements();
  const base = table?.end ?? found.start;
  const places = new Map(fragments.map(({ start }, index) => [start - 8 - base, index]));
  const frameStarts = offsetsIn(source, table).map((offset) => places.get(offset) ?? -1);
  return {
    kind: 'encapsulated',
    fragments: fragments.map(({ start, end }) => bytes.subarray(start, end)),
    frameStarts: frameStarts.every((start) => start >= 0) ? frameStarts : [],
  };
}

function offsetsIn({ view, littleEndian }: ElementSource, table: ScannedElement | undefined): number[] {
  if (!table) return [];
  const count = Math.floor((table.end - table.start) / 4);
  return Array.from({ length: count }, (_, index) => view.getUint32(table.start + 4 * index, littleEndian));
}
