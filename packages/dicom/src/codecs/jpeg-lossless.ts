import { Decoder } from 'jpeg-lossless-decoder-js';
import { InputRefused } from '@myelon/diffusion';
import { checkJpegSize } from './jpeg-size';
import type { PixelDecoder } from './pixel-decoder';

/** JPEG Lossless (process 14, ITU-T T.81), any predictor. */
export const decodeJpegLossless: PixelDecoder = (bytes, format, name) => {
  checkJpegSize(bytes, format, name);
  const size = format.bitsAllocated / 8;
  const values = decoded(bytes, size, name);
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  if (values.BYTES_PER_ELEMENT === size) return raw;
  const widened = size === 2 ? Uint16Array.from(values) : Uint8Array.from(values);
  return new Uint8Array(widened.buffer);
};

function decoded(bytes: Uint8Array, size: number, name: string): Uint8Array | Uint16Array {
  try {
    // The decoder reads the whole buffer behind a view, so it gets a copy of its own.
    const own = bytes.slice();
    return new Decoder().decode(own.buffer, 0, own.length, size);
  } catch (problem) {
    const why = problem instanceof Error ? problem.message : 'unreadable';
    throw new InputRefused(`damaged JPEG Lossless data (${why})`, name, 'fetch the image again');
  }
}
