import { signalOfVolume, type DiffusionVolume } from '../data/diffusion-volume';

/** Fits that can be done elsewhere, by the names of their options. */
export type FitKind = 'tensor' | 'ivim' | 'ivim-noise';

/** A part of a fit: some voxels in a row as a series of their own, and how to fit them. Survives structured cloning. */
export interface FitPart {
  readonly kind: FitKind;
  readonly bValues: Float64Array;
  readonly directions: Float64Array;
  readonly name: string;
  /** Signals, `[volume][voxel]`. */
  readonly signal: Float32Array;
  /** Options of the fit, without mask, progress and signal. */
  readonly options: unknown;
}

/** Does parts of fits somewhere else (a pool of workers). */
export interface FitRunner {
  /** How many parts are done at a time. */
  readonly size: number;
  /**
   * @param part makes the part, when there is somebody to do it: once, or again when a worker is lost
   * @returns the result of the fit, as structured cloning leaves it
   * @throws InputRefused as the fit does; the reason of `signal` when cancelled; Error when workers are lost
   */
  run(part: () => FitPart, signal: AbortSignal | undefined): Promise<unknown>;
}

/** Some voxels of a series, as positions in a list. */
export interface VoxelRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Cuts a list of voxels into ranges that lie within one slice each. It depends on nothing but the list, so that every number
 * of workers does the same parts.
 *
 * @param sliceSize voxels of a slice
 * @param most voxels of a range
 * @param firstSlices slices to do first, in this order
 */
export function rangesBySlice(
  voxels: Int32Array,
  sliceSize: number,
  most: number,
  firstSlices: readonly number[] = [],
): VoxelRange[] {
  const ranges: (VoxelRange & { slice: number })[] = [];
  let from = 0;
  while (from < voxels.length) {
    const slice = Math.floor((voxels[from] ?? 0) / sliceSize);
    let to = from;
    while (to < voxels.length && to - from < most && (voxels[to] ?? 0) < (slice + 1) * sliceSize) to++;
    ranges.push({ from, to, slice });
    from = to;
  }
  const rank = ({ slice }: { slice: number }): number => {
    const at = firstSlices.indexOf(slice);
    return at < 0 ? firstSlices.length : at;
  };
  return ranges.sort((a, b) => rank(a) - rank(b));
}

/**
 * A part of a series as {@link FitRunner} wants it.
 *
 * @param volumes that enter the fit; the part holds no others
 */
export function fitPart(
  kind: FitKind,
  volume: DiffusionVolume,
  volumes: readonly number[],
  voxels: Int32Array,
  { from, to }: VoxelRange,
  options: object,
): FitPart {
  const count = to - from;
  const signal = new Float32Array(count * volumes.length);
  const first = voxels[from] ?? 0;
  const inARow = (voxels[to - 1] ?? 0) - first === count - 1;
  volumes.forEach((index, position) => {
    const plane = signalOfVolume(volume, index);
    const target = position * count;
    if (inARow) signal.set(plane.subarray(first, first + count), target);
    else for (let at = 0; at < count; at++) signal[target + at] = plane[voxels[from + at] ?? 0] ?? 0;
  });
  const { bValues, directions } = volume.gradients.select(volumes);
  return {
    kind,
    bValues,
    directions,
    name: volume.name,
    signal,
    options: { ...options, volumes: [...volumes.keys()] },
  };
}

/** What a fit in parts needs besides the series. */
export interface PartedFit {
  readonly kind: FitKind;
  readonly volume: DiffusionVolume;
  readonly volumes: readonly number[];
  readonly voxels: Int32Array;
  readonly ranges: readonly VoxelRange[];
  /** Options of the fit of one range. */
  readonly optionsOf: (range: VoxelRange) => object;
}

/**
 * Fits ranges of voxels in a runner.
 *
 * @param take called with every result, in the order in which they come in
 * @throws as {@link FitRunner.run}; the other ranges are then cancelled
 */
export async function fitInParts(
  runner: FitRunner,
  { kind, volume, volumes, voxels, ranges, optionsOf }: PartedFit,
  {
    onProgress,
    signal,
  }: { onProgress?: ((fraction: number) => void) | undefined; signal?: AbortSignal | undefined },
  take: (range: VoxelRange, result: unknown) => void,
): Promise<void> {
  const failed = new AbortController();
  const stop = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
  const total = ranges.reduce((sum, { from, to }) => sum + to - from, 0);
  let done = 0;
  try {
    await Promise.all(
      ranges.map(async (range) => {
        const part = (): FitPart => fitPart(kind, volume, volumes, voxels, range, optionsOf(range));
        const result = await runner.run(part, stop);
        take(range, result);
        done += range.to - range.from;
        onProgress?.(done / total);
      }),
    );
  } catch (error) {
    failed.abort(error);
    throw error;
  }
}
