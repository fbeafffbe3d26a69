import { InputRefused } from '@myelon/diffusion';
import { BUILT_IN_DECODERS } from '../codecs/built-in-decoders';
import type { PixelDecoders } from '../codecs/pixel-decoder';
import { pixelFormat, storedValues, type PixelFormat, type StoredValues } from './pixel-format';
import type { EncodedPixelData, Part10File } from './part10';
import type { TransferSyntax } from './transfer-syntax';

/** What to call the file in a refusal; decoders come besides the built-in ones. */
export interface FramePixelsOptions {
  readonly name?: string;
  readonly decoders?: PixelDecoders;
}

/**
 * Stored values of one frame of a file.
 * @param frame frame number, from 1
 * @throws InputRefused when the file has no such frame, is cut off, or is in a transfer syntax without a decoder
 */
export async function framePixels(
  file: Part10File,
  frame: number,
  options: FramePixelsOptions = {},
): Promise<StoredValues> {
  return framesOf(file, options)(frame);
}

/**
 * The same for several frames of one file; what its header says about pixels is read once.
 * @throws InputRefused when the file has no pixels
 */
export function framesOf(
  file: Part10File,
  { name = 'file', decoders = {} }: FramePixelsOptions = {},
): (frame: number) => StoredValues | Promise<StoredValues> {
  const format = pixelFormat(file.dataset, name);
  const { pixelData, transferSyntax } = file;
  if (!pixelData) throw new InputRefused('no pixels', name, 'fetch the whole object, not its header');
  return (frame) => {
    if (!Number.isInteger(frame) || frame < 1 || frame > format.frames)
      throw new InputRefused(
        `frame ${String(frame)} of ${String(format.frames)}`,
        name,
        'fetch the series again',
      );
    const bytes = frameBytes(pixelData, format, frame, name);
    if (transferSyntax.encoding === 'native')
      return storedValues(bytes, format, transferSyntax.littleEndian, name);
    return decodeFrame(bytes, format, transferSyntax, { name, decoders });
  };
}

/**
 * Stored values from the bytes of one frame, as they lie in a file or come from WADO-RS.
 * @throws InputRefused naming the transfer syntax when there is no decoder for it
 */
export async function decodeFrame(
  bytes: Uint8Array,
  format: PixelFormat,
  syntax: TransferSyntax,
  { name, decoders = {} }: { readonly name: string; readonly decoders?: PixelDecoders },
): Promise<StoredValues> {
  const { encoding } = syntax;
  if (encoding === 'native') return storedValues(bytes, format, syntax.littleEndian, name);
  const decode = encoding === 'unknown' ? undefined : (decoders[encoding] ?? BUILT_IN_DECODERS[encoding]);
  if (decode) return storedValues(await decode(bytes, format, name), format, true, name);
  throw new InputRefused(
    `pixels are compressed as ${syntax.name} (${syntax.uid})`,
    name,
    'ask the PACS for an uncompressed transfer syntax',
  );
}

function frameBytes(
  pixelData: EncodedPixelData,
  format: PixelFormat,
  frame: number,
  name: string,
): Uint8Array {
  if (pixelData.kind === 'encapsulated') return fragmentsOfFrame(pixelData, format, frame, name);
  const size = (format.rows * format.columns * format.bitsAllocated) / 8;
  return pixelData.bytes.subarray((frame - 1) * size, frame * size);
}

function fragmentsOfFrame(
  pixelData: Extract<EncodedPixelData, { kind: 'encapsulated' }>,
  format: PixelFormat,
  frame: number,
  name: string,
): Uint8Array {
  const { fragments, frameStarts } = pixelData;
  if (format.frames === 1) return joined(fragments);
  if (frameStarts.length === format.frames)
    return joined(fragments.slice(frameStarts[frame - 1], frameStarts[frame]));
  const only = fragments[frame - 1];
  if (fragments.length === format.frames && only) return only;
  throw new InputRefused(
    `${String(fragments.length)} fragments for ${String(format.frames)} frames and no offset table`,
    name,
    'ask the PACS for an uncompressed transfer syntax',
  );
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
