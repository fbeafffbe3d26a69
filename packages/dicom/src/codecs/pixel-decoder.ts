import type { PixelFormat } from '../dataset/pixel-format';
import type { PixelEncoding } from '../dataset/transfer-syntax';

/**
 * Decompresses one frame.
 * @param bytes the compressed stream of the frame
 * @param format what the header says about the frame
 * @param name what to call the image in a refusal
 * @returns values as uncompressed little endian Pixel Data of `format`
 * @throws InputRefused when the stream is damaged or does not fit the header
 */
export type PixelDecoder = (
  bytes: Uint8Array,
  format: PixelFormat,
  name: string,
) => Uint8Array | Promise<Uint8Array>;

/** Decoders by the encoding they understand. */
export type PixelDecoders = Readonly<Partial<Record<PixelEncoding, PixelDecoder>>>;
