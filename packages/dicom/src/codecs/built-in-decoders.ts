import { decodeJpegLossless } from './jpeg-lossless';
import type { PixelDecoders } from './pixel-decoder';
import { decodeRle } from './rle';

/** Decoders in plain JavaScript, which run everywhere and need nothing loaded. */
export const BUILT_IN_DECODERS: PixelDecoders = { rle: decodeRle, 'jpeg-lossless': decodeJpegLossless };
