import type { ByteSource } from './byte-source';
import { byteReader, MalformedDataSet, type PixelDataElement } from './data-set-reader';
import type { Part10File } from './part10-file';

const endOfImage = 0xffd9;

/** A run of bytes of the source. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

export interface ImageGeometry {
  readonly frames: number;
  readonly bitsPerFrame: number;
  readonly bitsAllocated: number;
}

function unsignedShort(file: Part10File, tag: string): number | undefined {
  const element = file.elements.get(tag);
  if (!element || element.length < 2) return undefined;
  return byteReader(file.encoding).readUint16(file.header, element.offset);
}

function asciiText(file: Part10File, tag: string): string {
  const element = file.elements.get(tag);
  if (!element) return '';
  return file.header.toString('latin1', element.offset, element.offset + element.length).trim();
}

/** Size of the frames as Rows, Columns, Bits Allocated ... say; undefined for objects that are no images. */
export function imageGeometry(file: Part10File): ImageGeometry | undefined {
  const rows = unsignedShort(file, '00280010');
  const columns = unsignedShort(file, '00280011');
  if (rows === undefined || columns === undefined) return undefined;
  const pixelTag = file.pixelData?.tag;
  const implied = pixelTag === '7FE00008' ? 32 : pixelTag === '7FE00009' ? 64 : undefined;
  const bitsAllocated = implied ?? unsignedShort(file, '00280100') ?? 16;
  // 4:2:2 shares colour between two pixels: two samples a pixel instead of three (PS3.3 C.7.6.3.1.2).
  const isSubsampled = asciiText(file, '00280004') === 'YBR_FULL_422';
  const samples = isSubsampled ? 2 : (unsignedShort(file, '00280002') ?? 1);
  const frames = Number.parseInt(asciiText(file, '00280008'), 10);
  return {
    frames: Number.isInteger(frames) && frames > 0 ? frames : 1,
    bitsPerFrame: rows * columns * samples * bitsAllocated,
    bitsAllocated,
  };
}

/** Fragments of encapsulated pixel data (PS3.5 A.4), without the basic offset table. */
export interface EncapsulatedPixelData {
  readonly basicOffsets: readonly number[];
  readonly fragments: readonly ByteRange[];
  /** First byte behind the sequence delimiter. */
  readonly end: number;
}

/**
 * Walks the items of encapsulated pixel data, reading only their headers.
 *
 * @throws MalformedDataSet when it does not end with a sequence delimiter inside the source
 */
export async function readEncapsulated(
  file: Part10File,
  pixelData: PixelDataElement,
): Promise<EncapsulatedPixelData> {
  const { source } = file;
  const fragments: ByteRange[] = [];
  let position = pixelData.offset;
  let basicOffsets: number[] | undefined;
  for (;;) {
    if (position + 8 > source.size) throw new MalformedDataSet('pixel data has no sequence delimiter');
    const item = await source.read(position, 8);
    const length = item.readUInt32LE(4);
    position += 8;
    const tag = item.readUInt32BE(0);
    if (tag === 0xfeffdde0) return { basicOffsets: basicOffsets ?? [], fragments, end: position };
    if (tag !== 0xfeff00e0) throw new MalformedDataSet('pixel data holds something that is no item');
    if (position + length > source.size) throw new MalformedDataSet('a fragment of pixel data is cut off');
    if (basicOffsets) fragments.push({ offset: position, length });
    else basicOffsets = unsignedLongs(await source.read(position, length));
    position += length;
  }
}

function unsignedLongs(bytes: Buffer): number[] {
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => bytes.readUInt32LE(index * 4));
}

function extendedOffsets(file: Part10File): number[] | undefined {
  const element = file.elements.get('7FE00001');
  if (!element || element.length === 0) return undefined;
  return Array.from({ length: Math.floor(element.length / 8) }, (_, index) =>
    Number(file.header.readBigUInt64LE(element.offset + index * 8)),
  );
}

/** Groups fragments into frames by the offset of each frame's first item, counted from the first item. */
function groupedByOffset(
  fragments: readonly ByteRange[],
  offsets: readonly number[],
): ByteRange[][] | undefined {
  const first = fragments[0];
  if (!first) return undefined;
  const frameStarts = new Set(offsets);
  const frames: ByteRange[][] = [];
  for (const fragment of fragments) {
    if (frameStarts.has(fragment.offset - first.offset)) frames.push([]);
    frames.at(-1)?.push(fragment);
  }
  return frames.length === offsets.length ? frames : undefined;
}

/** Groups fragments into frames by the end-of-image marker all JPEG kinds close a frame with. */
async function groupedByEndOfImage(
  source: ByteSource,
  fragments: readonly ByteRange[],
): Promise<ByteRange[][]> {
  const frames: ByteRange[][] = [[]];
  for (const [index, fragment] of fragments.entries()) {
    frames.at(-1)?.push(fragment);
    const tail = await source.read(
      fragment.offset + Math.max(0, fragment.length - 3),
      Math.min(3, fragment.length),
    );
    const isEnd = [0, 1].some((at) => tail.length >= at + 2 && tail.readUInt16BE(at) === endOfImage);
    if (isEnd && index < fragments.length - 1) frames.push([]);
  }
  return frames;
}

/**
 * Byte ranges of each frame of encapsulated pixel data, in order.
 *
 * @throws MalformedDataSet when the frames cannot be told apart
 */
export async function encapsulatedFrames(
  file: Part10File,
  pixelData: PixelDataElement,
): Promise<ByteRange[][]> {
  const { basicOffsets, fragments } = await readEncapsulated(file, pixelData);
  const frames = imageGeometry(file)?.frames ?? 1;
  if (frames === 1) return [[...fragments]];
  if (fragments.length === frames) return fragments.map((fragment) => [fragment]);
  for (const offsets of [extendedOffsets(file), basicOffsets]) {
    if (offsets?.length !== frames) continue;
    const grouped = groupedByOffset(fragments, offsets);
    if (grouped) return grouped;
  }
  const grouped = await groupedByEndOfImage(file.source, fragments);
  if (grouped.length === frames) return grouped;
  throw new MalformedDataSet(`${fragments.length} fragments cannot be divided into ${frames} frames`);
}

/**
 * Copies one frame of native pixel data; frames of one bit a pixel need not begin at a byte, they come out
 * beginning at the lowest bit of the first byte, padded with zero bits.
 *
 * @param index from 0
 */
export async function readNativeFrame(
  source: ByteSource,
  valueOffset: number,
  bitsPerFrame: number,
  index: number,
): Promise<Buffer> {
  const firstBit = index * bitsPerFrame;
  const firstByte = Math.floor(firstBit / 8);
  const shift = firstBit % 8;
  const byteCount = Math.ceil(bitsPerFrame / 8);
  const covering = Math.ceil((shift + bitsPerFrame) / 8);
  const bytes = await source.read(valueOffset + firstByte, covering);
  if (shift === 0 && bitsPerFrame % 8 === 0) return bytes;
  const frame = Buffer.alloc(byteCount);
  for (let at = 0; at < byteCount; at++) {
    frame[at] = (((bytes[at] ?? 0) >> shift) | ((bytes[at + 1] ?? 0) << (8 - shift))) & 0xff;
  }
  const spareBits = byteCount * 8 - bitsPerFrame;
  frame[byteCount - 1] = (frame[byteCount - 1] ?? 0) & (0xff >> spareBits);
  return frame;
}
