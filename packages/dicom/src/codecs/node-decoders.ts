import { createRequire } from 'node:module';
import { InputRefused } from '@myelon/diffusion';
import type { PixelFormat } from '../dataset/pixel-format';
import { checkFrameInfo, checkJpeg2000Size, checkJpegSize } from './jpeg-size';
import type { PixelDecoder, PixelDecoders } from './pixel-decoder';

/** What CharLS, OpenJPEG and OpenJPH, as the cornerstone project builds them, have in common. */
interface StreamDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getFrameInfo(): { width: number; height: number; componentCount: number; bitsPerSample: number };
  getDecodedBuffer(): Uint8Array;
  delete(): void;
}

type Codec = Readonly<Record<'JpegLSDecoder' | 'J2KDecoder' | 'HTJ2KDecoder', new () => StreamDecoder>>;
type CodecFactory = (options: { print: () => void; printErr: () => void }) => Promise<Codec>;

/** Loaded through Node's own `require`: the codecs find their WebAssembly beside themselves, bundled or not. */
const load = createRequire(import.meta.url);
const codecs = new Map<string, Promise<Codec>>();

function codec(specifier: string): Promise<Codec> {
  let loaded = codecs.get(specifier);
  if (!loaded) {
    const silent = () => undefined;
    loaded = (load(specifier) as CodecFactory)({ print: silent, printErr: silent });
    codecs.set(specifier, loaded);
  }
  return loaded;
}

const decodeJpegLs: PixelDecoder = async (bytes, format, name) => {
  checkJpegSize(bytes, format, name);
  const { JpegLSDecoder } = await codec('@cornerstonejs/codec-charls/decodewasmjs');
  return decodeStream(new JpegLSDecoder(), bytes, format, name);
};

const decodeJpeg2000: PixelDecoder = async (bytes, format, name) => {
  checkJpeg2000Size(bytes, format, name);
  const { J2KDecoder } = await codec('@cornerstonejs/codec-openjpeg/decodewasmjs');
  return decodeStream(new J2KDecoder(), bytes, format, name);
};

/** The codestream has the same frame header as JPEG 2000 (ITU-T T.814). */
const decodeHtj2k: PixelDecoder = async (bytes, format, name) => {
  checkJpeg2000Size(bytes, format, name);
  const { HTJ2KDecoder } = await codec('@cornerstonejs/codec-openjph/wasmjs');
  return decodeStream(new HTJ2KDecoder(), bytes, format, name);
};

/**
 * JPEG-LS (CharLS), JPEG 2000 (OpenJPEG) and High-Throughput JPEG 2000 (OpenJPH) in WebAssembly, for Node. In the
 * viewer, the viewer's own codecs decode.
 */
export const NODE_DECODERS: PixelDecoders = {
  'jpeg-ls': decodeJpegLs,
  'jpeg-2000': decodeJpeg2000,
  htj2k: decodeHtj2k,
};

function decodeStream(
  decoder: StreamDecoder,
  bytes: Uint8Array,
  format: PixelFormat,
  name: string,
): Uint8Array {
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    const { width, height, componentCount, bitsPerSample } = decoder.getFrameInfo();
    checkFrameInfo({ rows: height, columns: width, components: componentCount }, format, name);
    const wide = bitsPerSample > 8;
    // A copy: the buffer is the codec's own memory.
    const decoded = decoder.getDecodedBuffer().slice();
    if (wide === (format.bitsAllocated === 16)) return decoded;
    if (wide) throw new InputRefused('16-bit stream in an 8-bit image', name, 'fetch the image again');
    return new Uint8Array(Uint16Array.from(decoded).buffer);
  } catch (problem) {
    if (problem instanceof InputRefused) throw problem;
    throw new InputRefused('the compressed data are damaged', name, 'fetch the image again');
  } finally {
    decoder.delete();
  }
}
