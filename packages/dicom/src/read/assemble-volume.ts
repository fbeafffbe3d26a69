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
  const slope = scaled ? frame.slope : 1;
  const intercept = scaled ? frame.intercept : 0;
  const first = tile.row * pixelFormat.columns + tile.column;
  const place = { first, stride: pixelFormat.columns, columns, rows, slope, intercept };
  // One loop per kind of array: a loop over any kind takes three times as long.
  if (values instanceof Uint16Array) copyUint16(target, values, place);
  else if (values instanceof Int16Array) copyInt16(target, values, place);
  else copyAny(target, values, place);
}

interface Place {
  /** Index of the first pixel, and from one row to the next. */
  readonly first: number;
  readonly stride: number;
  readonly columns: number;
  readonly rows: number;
  readonly slope: number;
  readonly intercept: number;
}

function copyUint16(target: Float32Array, values: Uint16Array, place: Place): void {
  const { first, stride, columns, rows, slope, intercept } = place;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      target[row * columns + column] = (values[first + row * stride + column] ?? 0) * slope + intercept;
}

function copyInt16(target: Float32Array, values: Int16Array, place: Place): void {
  const { first, stride, columns, rows, slope, intercept } = place;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      target[row * columns + column] = (values[first + row * stride + column] ?? 0) * slope + intercept;
}

function copyAny(target: Float32Array, values: ArrayLike<number>, place: Place): void {
  const { first, stride, columns, rows, slope, intercept } = place;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      target[row * columns + column] = (values[first + row * stride + column] ?? 0) * slope + intercept;
}
