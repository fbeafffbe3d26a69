import { diffusionVolume, InputRefused, voxelCount, type DiffusionVolume } from '@myelon/diffusion';
import type { PixelFormat } from '../dataset/pixel-format';
import type { FrameScaling } from './diffusion-frame';
import type { DiffusionSeries } from './diffusion-series';

/** One stored frame that is wanted. */
export interface FrameRequest {
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
  /** From 1. */
  readonly frame: number;
  readonly pixelFormat: PixelFormat;
}

/**
 * Where pixels come from: delivers every requested frame once through `onFrame`, in any order, with stored values as
 * the header's Pixel Data has them. It bounds its own requests in flight.
 */
export type PixelSource = (
  requests: readonly FrameRequest[],
  onFrame: (request: FrameRequest, values: ArrayLike<number>) => void,
  signal: AbortSignal,
) => Promise<void>;

export interface AssembleOptions {
  /** True for signal (stored x slope + intercept), false for stored values. */
  readonly scaled: boolean;
  /** Part done, 0 to 1, after each frame. */
  readonly onProgress?: (fraction: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Streams the pixels of a series into one volume; only this volume and the frames in flight are in memory.
 * @throws InputRefused when frames are missing or do not fit; the signal's reason when aborted
 */
export async function assembleVolume(
  series: DiffusionSeries,
  pixelsOf: PixelSource,
  options: AssembleOptions,
): Promise<DiffusionVolume> {
  const { grid, frames, name, gradients } = series;
  const signal = options.signal ?? new AbortController().signal;
  signal.throwIfAborted();
  const perSlice = grid.rows * grid.columns;
  const target = new Float32Array(voxelCount(grid) * gradients.count);
  const { requests, users } = wantedFrames(frames);
  const arrived = new Set<string>();
  await pixelsOf(
    requests,
    (request, values) => {
      signal.throwIfAborted();
      const key = frameKey(request);
      for (const at of users.get(key) ?? []) {
        const frame = frames[at];
        if (frame)
          writeSlice(
            target.subarray(at * perSlice, (at + 1) * perSlice),
            values,
            frame,
            series,
            options.scaled,
          );
      }
      arrived.add(key);
      options.onProgress?.(arrived.size / requests.length);
    },
    signal,
  );
  signal.throwIfAborted();
  const missing = requests.filter((request) => !arrived.has(frameKey(request)));
  if (missing.length > 0)
    throw new InputRefused(
      `pixels of ${String(missing.length)} of ${String(requests.length)} images did not arrive`,
      name,
      'fetch the series again',
    );
  const sources = frames.map(({ sopInstanceUID, frame }) => ({ sopInstanceUID, frame }));
  return diffusionVolume({ grid, gradients, signal: target, sources, name });
}

function frameKey(frame: { sopInstanceUID: string; frame: number }): string {
  return `${frame.sopInstanceUID} ${String(frame.frame)}`;
}

function wantedFrames(frames: readonly FrameScaling[]): {
  requests: FrameRequest[];
  users: Map<string, number[]>;
} {
  const users = new Map<string, number[]>();
  const requests: FrameRequest[] = [];
  for (const [at, wanted] of frames.entries()) {
    const { seriesInstanceUID, sopInstanceUID, frame, pixelFormat } = wanted;
    const key = frameKey(wanted);
    const sharing = users.get(key);
    if (sharing) sharing.push(at);
    else {
      users.set(key, [at]);
      requests.push({ seriesInstanceUID, sopInstanceUID, frame, pixelFormat });
    }
  }
  return { requests, users };
}

function writeSlice(
  target: Float32Array,
  values: ArrayLike<number>,
  frame: FrameScaling,
  series: DiffusionSeries,
  scaled: boolean,
): void {
  const { columns, rows } = series.grid;
  const { pixelFormat, tile } = frame;
  if (values.length !== pixelFormat.rows * pixelFormat.columns)
    throw new InputRefused(
      `${String(values.length)} pixels where the header says ${String(pixelFormat.columns)} x ${String(pixelFormat.rows)}`,
      series.name,
      'fetch the series again',
    );
  copySlice(target, values, {
    first: tile.row * pixelFormat.columns + tile.column,
    stride: pixelFormat.columns,
    columns,
    rows,
  });
  if (scaled) rescaleInPlace(target, frame.slope, frame.intercept);
}

interface Place {
  /** Index of the first pixel, and from one row to the next. */
  readonly first: number;
  readonly stride: number;
  readonly columns: number;
  readonly rows: number;
}

/** Converts whole runs at once: the engine does it several times faster than a loop over pixels. */
function copySlice(
  target: Float32Array,
  stored: ArrayLike<number>,
  { first, stride, columns, rows }: Place,
): void {
  const values =
    stored instanceof Uint16Array || stored instanceof Int16Array ? stored : Float32Array.from(stored);
  if (stride === columns) {
    target.set(values.subarray(first, first + rows * columns));
    return;
  }
  for (let row = 0; row < rows; row++) {
    const from = first + row * stride;
    target.set(values.subarray(from, from + columns), row * columns);
  }
}

function rescaleInPlace(signal: Float32Array, slope: number, intercept: number): void {
  if (slope === 1 && intercept === 0) return;
  for (let index = 0; index < signal.length; index++)
    signal[index] = (signal[index] ?? 0) * slope + intercept;
}
