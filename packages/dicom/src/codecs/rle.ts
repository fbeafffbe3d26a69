import { InputRefused } from '@myelon/diffusion';
import type { PixelDecoder } from './pixel-decoder';

const HEADER_BYTES = 64;

/**
 * RLE Lossless: one PackBits segment per byte of a value, most significant first.
 * Source: PS3.5 annex G.
 */
export const decodeRle: PixelDecoder = (bytes, format, name) => {
  const count = format.rows * format.columns;
  const size = format.bitsAllocated / 8;
  if (bytes.length < HEADER_BYTES) throw damaged(name);
  const header = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  const segments = header.getUint32(0, true);
  if (segments !== size) throw damaged(name);
  const decoded = new Uint8Array(count * size);
  for (let segment = 0; segment < size; segment++) {
    const start = header.getUint32(4 + 4 * segment, true);
    const end = segment + 1 < segments ? header.getUint32(8 + 4 * segment, true) : bytes.length;
    if (start < HEADER_BYTES || end > bytes.length || start > end) throw damaged(name);
    const plane = unpackBits(bytes.subarray(start, end), count, name);
    const significance = size - 1 - segment;
    for (let index = 0; index < count; index++) decoded[index * size + significance] = plane[index] ?? 0;
  }
  return decoded;
};

function unpackBits(packed: Uint8Array, count: number, name: string): Uint8Array {
  const plane = new Uint8Array(count);
  let to = 0;
  let from = 0;
  while (to < count) {
    const control = packed[from++];
    if (control === undefined) throw damaged(name);
    if (control < 128) {
      const literal = packed.subarray(from, from + Math.min(control + 1, count - to));
      if (from + literal.length > packed.length || literal.length === 0) throw damaged(name);
      plane.set(literal, to);
      to += literal.length;
      from += control + 1;
    } else if (control > 128) {
      const value = packed[from++];
      if (value === undefined) throw damaged(name);
      plane.fill(value, to, Math.min(to + 257 - control, count));
      to += 257 - control;
    }
  }
  return plane;
}

function damaged(name: string): InputRefused {
  return new InputRefused('the RLE data are damaged', name, 'fetch the image again');
}
