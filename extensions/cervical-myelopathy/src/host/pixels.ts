import type { SliceSource } from '@myelon/diffusion';
import type { HostContext } from './context';
import type { DisplaySet, NaturalizedInstance } from './ohif';
import type { HostPixels } from './viewer-host';
import { loadWholeSeries } from './whole-series';

const REQUESTS_AT_ONCE = 8;

interface LoadedImage {
  readonly imageId: string;
  readonly slope?: number;
  readonly intercept?: number;
  readonly preScale?: { readonly scaled?: boolean };
  readonly voxelManager?: { getScalarData(): ArrayLike<number> };
  getPixelData(): ArrayLike<number>;
}

export function hostPixels(context: HostContext): HostPixels {
  return {
    async load(displaySetInstanceUIDs, frames, onFrame, signal) {
      const shares = displaySetInstanceUIDs.map((uid) => {
        const displaySet = context.displaySet(uid);
        return { displaySet, own: framesOf(displaySet, frames) };
      });
      if (shares.reduce((sum, { own }) => sum + own.length, 0) < frames.length)
        throw new Error('images of this series are no longer open in the viewer: reload the study');
      for (const { displaySet, own } of shares) await loadSeries(context, displaySet, own, onFrame, signal);
    },
  };
}

/** A frame asked for, with its place in what was asked. */
interface WantedFrame extends SliceSource {
  readonly index: number;
}

function framesOf({ instances = [] }: DisplaySet, frames: readonly SliceSource[]): WantedFrame[] {
  const held = new Set(instances.map(({ SOPInstanceUID }) => SOPInstanceUID));
  return frames.flatMap((frame, index) => (held.has(frame.sopInstanceUID) ? [{ ...frame, index }] : []));
}

async function loadSeries(
  context: HostContext,
  displaySet: DisplaySet,
  frames: readonly WantedFrame[],
  onFrame: (index: number, values: ArrayLike<number>) => void,
  signal: AbortSignal,
): Promise<void> {
  const hand = (at: number, values: ArrayLike<number>) => {
    const frame = frames[at];
    if (frame) onFrame(frame.index, values);
  };
  if (frames.length === 0) return;
  if (wantsMost(displaySet, frames) && (await loadWholeSeries(context, displaySet, frames, hand, signal)))
    return;
  const imageIds = imageIdsOf(context, displaySet, frames);
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < imageIds.length; at = next++) {
      signal.throwIfAborted();
      const values = await storedPixels(context, imageIds[at] ?? '');
      signal.throwIfAborted();
      hand(at, values);
    }
  };
  await Promise.all(Array.from({ length: Math.min(REQUESTS_AT_ONCE, imageIds.length) }, worker));
}

function wantsMost({ instances = [] }: DisplaySet, frames: readonly WantedFrame[]): boolean {
  return new Set(frames.map(({ sopInstanceUID }) => sopInstanceUID)).size * 2 > instances.length;
}

function imageIdsOf(context: HostContext, displaySet: DisplaySet, frames: readonly SliceSource[]): string[] {
  const source = context.dataSource();
  const instances = new Map<string, NaturalizedInstance>(
    (displaySet.instances ?? []).map((instance) => [instance.SOPInstanceUID, instance]),
  );
  return frames.map(({ sopInstanceUID, frame }) => {
    const instance = instances.get(sopInstanceUID);
    if (!instance) {
      throw new Error(`instance ${sopInstanceUID} is not part of the series on screen: reload the study`);
    }
    if (Number(instance['NumberOfFrames'] ?? 1) > 1)
      return source.getImageIdsForInstance({ instance, frame });
    return instance.imageId ?? source.getImageIdsForInstance({ instance });
  });
}

/**
 * Stored values, exactly: the reader of the series applies rescale and vendors' private scale itself, the same way as
 * from files. The viewer's own rescaling cuts fractions off, so an image it has rescaled is read past its cache.
 */
async function storedPixels(context: HostContext, imageId: string): Promise<ArrayLike<number>> {
  const options = { requestType: 'prefetch', priority: 0, preScale: { enabled: false } };
  const { imageLoader } = context.cornerstone;
  const image = (await imageLoader.loadImage(imageId, options)) as unknown as LoadedImage;
  const rescaled =
    image.preScale?.scaled === true && ((image.slope ?? 1) !== 1 || (image.intercept ?? 0) !== 0);
  if (!rescaled) return pixelsOf(image);
  const uncached = { ...options, ignoreCache: true };
  return pixelsOf((await imageLoader.loadImage(imageId, uncached)) as unknown as LoadedImage);
}

function pixelsOf(image: LoadedImage): ArrayLike<number> {
  return image.voxelManager?.getScalarData() ?? image.getPixelData();
}
