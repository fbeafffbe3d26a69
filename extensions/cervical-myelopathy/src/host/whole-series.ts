import { DicomWebError, framePixels, parsePart10, string, Tag, type Part10File } from '@myelon/dicom';
import { InputRefused, type SliceSource } from '@myelon/diffusion';
import type { HostContext } from './context';
import type { DisplaySet } from './ohif';
import { dicomWebClient, readRoot } from './web-roots';

/** A larger series is fetched frame by frame: this one answer is held in memory beside the volume made of it. */
const MOST_BYTES = 256e6;
/** How long the page may be kept from drawing while files are parsed. */
const BUSY_MS = 16;

/**
 * Fetches a series in one request and hands over the frames asked for: a request per frame costs more than its pixels.
 * @returns false when this way does not serve (large, compressed, refused by the server): fetch frame by frame then
 */
export async function loadWholeSeries(
  context: HostContext,
  displaySet: DisplaySet,
  frames: readonly SliceSource[],
  onFrame: (index: number, values: ArrayLike<number>) => void,
  signal: AbortSignal,
): Promise<boolean> {
  if (bytesOf(displaySet) > MOST_BYTES) return false;
  try {
    const client = dicomWebClient(context, readRoot(context));
    const files = await client.series(displaySet.StudyInstanceUID, displaySet.SeriesInstanceUID, { signal });
    return await handOver(files, frames, onFrame, signal);
  } catch (problem) {
    signal.throwIfAborted();
    if (problem instanceof DicomWebError || problem instanceof InputRefused) return false;
    throw problem;
  }
}

async function handOver(
  files: readonly Uint8Array[],
  frames: readonly SliceSource[],
  onFrame: (index: number, values: ArrayLike<number>) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const wanted = new Map<string, { index: number; frame: number }[]>();
  for (const [index, { sopInstanceUID, frame }] of frames.entries()) {
    wanted.set(sopInstanceUID, [...(wanted.get(sopInstanceUID) ?? []), { index, frame }]);
  }
  let left = frames.length;
  let since = performance.now();
  for (const bytes of files) {
    const file = parsePart10(bytes, 'image of the series');
    if (!isNative(file)) return false;
    for (const { index, frame } of wanted.get(string(file.dataset, Tag.SOPInstanceUID) ?? '') ?? []) {
      onFrame(index, await framePixels(file, frame));
      left--;
      if (performance.now() - since < BUSY_MS) continue;
      await new Promise((drawn) => setTimeout(drawn));
      signal.throwIfAborted();
      since = performance.now();
    }
  }
  return left === 0;
}

function isNative({ pixelData }: Part10File): boolean {
  return pixelData?.kind === 'native';
}

/** Pixel bytes of a series, from its headers. */
function bytesOf({ instances }: DisplaySet): number {
  return (instances ?? []).reduce((sum, instance) => {
    const of = (keyword: string, otherwise: number) => Number(instance[keyword] ?? otherwise);
    return sum + of('Rows', 0) * of('Columns', 0) * of('NumberOfFrames', 1) * (of('BitsAllocated', 16) / 8);
  }, 0);
}
