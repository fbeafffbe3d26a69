import type { PixelDecoders } from '../codecs/pixel-decoder';
import { decodeFrame, framePixels } from '../dataset/frame-pixels';
import { parsePart10 } from '../dataset/part10';
import type { PixelFormat } from '../dataset/pixel-format';
import { transferSyntax } from '../dataset/transfer-syntax';
import type { FrameRequest, PixelSource } from '../read/assemble-volume';
import { byInstance } from '../read/file-pixels';
import type { DicomWebClient } from './dicom-web-client';

/** Objects up to this size are fetched whole, in one request; larger ones by frames. */
const LARGEST_WHOLE_OBJECT_BYTES = 64 << 20;
/** Frames of a large object are asked for in runs of about this size. */
const FRAME_RUN_BYTES = 8 << 20;

/**
 * Pixels from a DICOMweb server, a few requests at a time, whatever the size of the series.
 * @param options `decoders` for compressed pixels, besides the built-in ones; `inFlight` objects or runs of frames in memory at once; 4 when absent
 */
export function pixelsFromDicomWeb(
  client: DicomWebClient,
  studyInstanceUID: string,
  { inFlight = 4, decoders = {} }: { readonly inFlight?: number; readonly decoders?: PixelDecoders } = {},
): PixelSource {
  return async (requests, onFrame, signal) => {
    const place: Place = { client, study: studyInstanceUID, decoders };
    const tasks = [...byInstance(requests).values()].flatMap(fetches);
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    const worker = async () => {
      for (let task = tasks.shift(); task; task = tasks.shift()) {
        either.throwIfAborted();
        if (task.whole) await fetchObject(place, task.frames, onFrame, either);
        else await fetchFrames(place, task.frames, onFrame, either);
      }
    };
    try {
      await Promise.all(Array.from({ length: Math.min(inFlight, tasks.length) }, worker));
    } catch (problem) {
      stop.abort(problem);
      throw problem;
    }
  };
}

interface Place {
  readonly client: DicomWebClient;
  readonly study: string;
  readonly decoders: PixelDecoders;
}

interface Fetch {
  readonly whole: boolean;
  readonly frames: readonly FrameRequest[];
}

type OnFrame = Parameters<PixelSource>[1];

function fetches(frames: readonly FrameRequest[]): Fetch[] {
  const format = frames[0]?.pixelFormat;
  if (!format) return [];
  const frameBytes = bytesPerFrame(format);
  if (frameBytes * format.frames <= LARGEST_WHOLE_OBJECT_BYTES) return [{ whole: true, frames }];
  const run = Math.max(1, Math.floor(FRAME_RUN_BYTES / frameBytes));
  const count = Math.ceil(frames.length / run);
  return Array.from({ length: count }, (_, index) => ({
    whole: false,
    frames: frames.slice(index * run, (index + 1) * run),
  }));
}

function bytesPerFrame(format: PixelFormat): number {
  return (format.rows * format.columns * format.bitsAllocated) / 8;
}

async function fetchObject(
  { client, study, decoders }: Place,
  frames: readonly FrameRequest[],
  onFrame: OnFrame,
  signal: AbortSignal,
): Promise<void> {
  const [first] = frames;
  if (!first) return;
  const { seriesInstanceUID, sopInstanceUID } = first;
  const bytes = await client.instance(study, seriesInstanceUID, sopInstanceUID, { signal });
  const file = parsePart10(bytes, sopInstanceUID);
  for (const request of frames) {
    onFrame(request, await framePixels(file, request.frame, { name: sopInstanceUID, decoders }));
  }
}

async function fetchFrames(
  { client, study, decoders }: Place,
  frames: readonly FrameRequest[],
  onFrame: OnFrame,
  signal: AbortSignal,
): Promise<void> {
  const [first] = frames;
  if (!first) return;
  const { seriesInstanceUID, sopInstanceUID } = first;
  const wanted = frames.map((request) => request.frame);
  const encoded = await client.frames(study, seriesInstanceUID, sopInstanceUID, wanted, { signal });
  for (const [index, request] of frames.entries()) {
    const found = encoded[index];
    if (!found) continue;
    const syntax = transferSyntax(found.transferSyntaxUID);
    const options = { name: sopInstanceUID, decoders };
    onFrame(request, await decodeFrame(found.bytes, request.pixelFormat, syntax, options));
  }
}
