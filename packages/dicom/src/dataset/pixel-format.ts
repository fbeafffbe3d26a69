import { InputRefused } from '@myelon/diffusion';
import { integer, string } from './access';
import type { DicomJsonDataset } from './dicom-json';
import { Tag } from './tags';

/** How the stored values of an image are laid out (PS3.3 C.7.6.3.1). One sample per pixel only. */
export interface PixelFormat {
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  readonly bitsAllocated: 8 | 16;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
}

/** Stored values of one frame, `[row][column]`, sign-extended, before rescale. */
export type StoredValues = Int8Array | Uint8Array | Int16Array | Uint16Array;

/** No scanner makes a larger frame; a header that says so is damaged. */
const LARGEST_SIDE = 16384;
const LARGEST_FRAME_COUNT = 1_000_000;

/**
 * @param name what to call the image in a refusal
 * @throws InputRefused when the image is not a grey one of 8 or 16 bits, or a needed attribute is missing
 */
export function pixelFormat(dataset: DicomJsonDataset, name: string): PixelFormat {
  const rows = side(dataset, Tag.Rows, 'Rows', name);
  const columns = side(dataset, Tag.Columns, 'Columns', name);
  const frames = integer(dataset, Tag.NumberOfFrames) ?? 1;
  if (frames < 1 || frames > LARGEST_FRAME_COUNT)
    throw unusable(`Number of Frames is ${String(frames)}`, name);
  const samples = integer(dataset, Tag.SamplesPerPixel) ?? 1;
  if (samples !== 1)
    throw unusable(
      `colour image (${string(dataset, Tag.PhotometricInterpretation) ?? `${String(samples)} samples`})`,
      name,
    );
  const bitsAllocated = integer(dataset, Tag.BitsAllocated);
  if (bitsAllocated !== 8 && bitsAllocated !== 16)
    throw unusable(`Bits Allocated is ${String(bitsAllocated ?? 'missing')}, not 8 or 16`, name);
  const bitsStored = integer(dataset, Tag.BitsStored) ?? bitsAllocated;
  const highBit = integer(dataset, Tag.HighBit) ?? bitsStored - 1;
  if (bitsStored < 1 || highBit < bitsStored - 1 || highBit >= bitsAllocated)
    throw unusable(`Bits Stored ${String(bitsStored)} with High Bit ${String(highBit)}`, name);
  const signed = integer(dataset, Tag.PixelRepresentation) === 1;
  return { rows, columns, frames, bitsAllocated, bitsStored, highBit, signed };
}

function side(dataset: DicomJsonDataset, tag: string, keyword: string, name: string): number {
  const size = integer(dataset, tag);
  if (size === undefined || size < 1 || size > LARGEST_SIDE)
    throw unusable(`${keyword} is ${String(size ?? 'missing')}`, name);
  return size;
}

function unusable(what: string, name: string): InputRefused {
  return new InputRefused(what, name, 'choose a series of grey diffusion images, or fetch it again');
}

/**
 * Stored values from the bytes of one uncompressed frame. Bits outside Bits Stored (old overlays) are cut off. Where
 * nothing has to be changed the values are the bytes themselves, not a copy.
 * @param bytes exactly one frame
 * @throws InputRefused when there are too few bytes
 */
export function storedValues(
  bytes: Uint8Array,
  format: PixelFormat,
  littleEndian: boolean,
  name: string,
): StoredValues {
  const count = format.rows * format.columns;
  const size = format.bitsAllocated / 8;
  if (bytes.byteLength < count * size)
    throw new InputRefused(
      `${String(bytes.byteLength)} bytes of pixels where a frame has ${String(count * size)}`,
      name,
      'the image was cut off: fetch it again',
    );
  const raw =
    size === 1 ? Uint8Array.prototype.slice.call(bytes, 0, count) : words(bytes, count, littleEndian);
  return signExtended(raw, format);
}

const MACHINE_IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Words of the machine: in place where the bytes already are such, else a copy. */
function words(bytes: Uint8Array, count: number, littleEndian: boolean): Uint16Array {
  const asTheyAre = littleEndian === MACHINE_IS_LITTLE_ENDIAN;
  if (asTheyAre && bytes.byteOffset % 2 === 0) return new Uint16Array(bytes.buffer, bytes.byteOffset, count);
  const copy = Uint8Array.prototype.slice.call(bytes, 0, 2 * count);
  const raw = new Uint16Array(copy.buffer, copy.byteOffset, count);
  if (asTheyAre) return raw;
  for (let index = 0; index < count; index++) {
    const word = raw[index] ?? 0;
    raw[index] = ((word & 0xff) << 8) | (word >> 8);
  }
  return raw;
}

function signExtended(raw: Uint8Array | Uint16Array, format: PixelFormat): StoredValues {
  const { bitsAllocated, bitsStored, signed } = format;
  if (raw instanceof Uint8Array) {
    if (bitsStored < bitsAllocated) cutUint8(raw, format);
    return signed ? new Int8Array(raw.buffer, raw.byteOffset, raw.length) : raw;
  }
  const values = bitsStored === bitsAllocated || isClean(raw, format) ? raw : cutUint16(raw, format);
  return signed ? new Int16Array(values.buffer, values.byteOffset, values.length) : values;
}

/** True when no bit outside Bits Stored is set, but for the sign; then nothing has to be copied. */
function isClean(raw: Uint16Array, { bitsStored, highBit, signed }: PixelFormat): boolean {
  if (highBit !== bitsStored - 1) return false;
  // Two values at a time. In a signed value each bit from the sign on equals the next; in an unsigned one it is 0.
  const outside = signed ? (0x7fff << highBit) & 0x7fff : (0xffff << bitsStored) & 0xffff;
  const shift = signed ? 1 : 0;
  const skipped = (raw.byteOffset / 2) % 2;
  const pairs = new Int32Array(raw.buffer, raw.byteOffset + 2 * skipped, (raw.length - skipped) >> 1);
  let stray = 0;
  for (const at of [0, raw.length - 1]) stray |= strayBits(raw[at] ?? 0, shift);
  // By index: going through the values of an array takes three times as long.
  for (let index = 0, end = pairs.length; index < end; index++) stray |= strayBits(pairs[index] ?? 0, shift);
  return (stray & (outside | (outside << 16))) === 0;
}

function strayBits(values: number, shift: number): number {
  return shift === 0 ? values : values ^ (values >> shift);
}

function cutUint16(raw: Uint16Array, { bitsStored, highBit, signed }: PixelFormat): Uint16Array {
  const values = new Uint16Array(raw.length);
  const [left, right] = [31 - highBit, 32 - bitsStored];
  for (let index = 0; index < values.length; index++) {
    const shifted = (raw[index] ?? 0) << left;
    values[index] = signed ? shifted >> right : shifted >>> right;
  }
  return values;
}

function cutUint8(values: Uint8Array, { bitsStored, highBit, signed }: PixelFormat): void {
  const [left, right] = [31 - highBit, 32 - bitsStored];
  for (let index = 0; index < values.length; index++) {
    const shifted = (values[index] ?? 0) << left;
    values[index] = signed ? shifted >> right : shifted >>> right;
  }
}
