import { InputRefused } from '@myelon/diffusion';
import type { PixelDecoders } from '../codecs/pixel-decoder';
import { framesOf } from '../dataset/frame-pixels';
import type { Part10File } from '../dataset/part10';
import type { FrameRequest, PixelSource } from './assemble-volume';

/**
 * Pixels from files.
 * @param load gives the file of a SOP Instance; called once per instance, one after another
 * @param decoders for compressed pixels, besides the built-in ones
 */
export function pixelsFromFiles(
  load: (sopInstanceUID: string, signal: AbortSignal) => Part10File | Promise<Part10File>,
  decoders: PixelDecoders = {},
): PixelSource {
  return async (requests, onFrame, signal) => {
    for (const [sopInstanceUID, wanted] of byInstance(requests)) {
      signal.throwIfAborted();
      const file = await load(sopInstanceUID, signal);
      const pixelsOf = framesOf(file, { name: sopInstanceUID, decoders });
      for (const request of wanted) {
        const values = pixelsOf(request.frame);
        onFrame(request, values instanceof Promise ? await values : values);
      }
    }
  };
}

/** Requests of each instance, in the order given. */
export function byInstance(requests: readonly FrameRequest[]): Map<string, FrameRequest[]> {
  const instances = new Map<string, FrameRequest[]>();
  for (const request of requests) {
    const wanted = instances.get(request.sopInstanceUID);
    if (wanted) wanted.push(request);
    else instances.set(request.sopInstanceUID, [request]);
  }
  return instances;
}

/** A loader over files already in memory. @throws InputRefused for an instance that is not among them */
export function fromMemory(files: ReadonlyMap<string, Part10File>): (sopInstanceUID: string) => Part10File {
  return (sopInstanceUID) => {
    const file = files.get(sopInstanceUID);
    if (!file)
      throw new InputRefused('the file is not there', sopInstanceUID, 'give all files of the series');
    return file;
  };
}
