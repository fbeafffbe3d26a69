import { InputRefused } from '../data/refusal';
import { voxelCount } from '../data/voxel-grid';
import type { FitRunner } from './fit-runner';
import type { DiffusionVolume } from '../data/diffusion-volume';
import { VoxelStatus, type QuantityId, QUANTITIES, type ScalarMap } from '../data/scalar-map';

/** Voxels fitted in one go: big enough to fill the matrix products, small enough to stay in cache. */
export const TILE_VOXELS = 64;

/** Time in ms a fit works before it lets the event loop run, so that progress shows and a cancel is heard. */
const TIME_SLICE_MS = 30;

/** What every fit takes besides its own options. */
export interface FitLoopOptions {
  /** Called with 0..1, at least once (1 at the end). */
  readonly onProgress?: ((fraction: number) => void) | undefined;
  /** Cancels the fit: it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Does the fit in parts (a pool of workers); it is done here without one. The numbers are the same. */
  readonly runner?: FitRunner | undefined;
  /** Slices that a runner does first, from 0. */
  readonly firstSlices?: readonly number[] | undefined;
}

/** Lets pending events (messages, timers, cancel) run; not throttled as nested timers are in browsers. */
class EventLoopBreak {
  private readonly channel = new MessageChannel();
  private resume: () => void = () => undefined;

  constructor() {
    this.channel.port1.onmessage = () => {
      this.resume();
    };
  }

  take(): Promise<void> {
    return new Promise((resolve) => {
      this.resume = resolve;
      this.channel.port2.postMessage(null);
    });
  }

  close(): void {
    this.channel.port1.close();
    this.channel.port2.close();
  }
}

/**
 * Runs `fitTile` over consecutive ranges of a voxel list, giving the event loop a turn every {@link TIME_SLICE_MS}.
 *
 * @param count number of voxels in the list
 * @param fitTile fits list positions `from` (inclusive) to `to` (exclusive), at most `tile`
 * @param tile voxels in one go
 * @throws the reason of `options.signal` when cancelled
 */
export async function forEachTile(
  count: number,
  options: FitLoopOptions,
  fitTile: (from: number, to: number) => void,
  tile = TILE_VOXELS,
): Promise<void> {
  options.signal?.throwIfAborted();
  const eventLoop = new EventLoopBreak();
  try {
    let sliceStart = performance.now();
    for (let from = 0; from < count; from += tile) {
      fitTile(from, Math.min(from + tile, count));
      if (performance.now() - sliceStart < TIME_SLICE_MS) continue;
      options.onProgress?.(Math.min(from + tile, count) / count);
      await eventLoop.take();
      options.signal?.throwIfAborted();
      sliceStart = performance.now();
    }
    options.onProgress?.(1);
  } finally {
    eventLoop.close();
  }
}

/**
 * Indices of the voxels a mask asks for; all voxels without one.
 *
 * @param mask one number per voxel, non-zero = fit
 * @throws InputRefused when the mask is of another grid, or empty
 */
export function voxelsToFit(volume: DiffusionVolume, mask: Uint8Array | undefined): Int32Array {
  const size = voxelCount(volume.grid);
  if (mask === undefined) return Int32Array.from({ length: size }, (_, voxel) => voxel);
  if (mask.length !== size) {
    throw new InputRefused(
      `mask of ${String(mask.length)} voxels on images of ${String(size)}`,
      volume.name,
      'give a mask drawn on these images',
    );
  }
  const count = mask.reduce((sum, inside) => sum + (inside === 0 ? 0 : 1), 0);
  if (count === 0) throw new InputRefused('the mask has no voxels', volume.name, 'outline the cord first');
  const voxels = new Int32Array(count);
  let at = 0;
  for (let voxel = 0; voxel < size; voxel++) if (mask[voxel] !== 0) voxels[at++] = voxel;
  return voxels;
}

/** @throws InputRefused when a volume index does not exist or comes twice */
export function checkVolumeChoice(volume: DiffusionVolume, volumes: readonly number[]): void {
  const wrong = volumes.find((v) => !Number.isInteger(v) || v < 0 || v >= volume.gradients.count);
  if (wrong !== undefined) {
    throw new InputRefused(
      `volume ${String(wrong)} was asked for, but there are volumes 0 to ${String(volume.gradients.count - 1)}`,
      volume.name,
      'choose volumes of this series',
    );
  }
  if (new Set(volumes).size !== volumes.length) {
    throw new InputRefused('a volume was chosen twice', volume.name, 'choose every volume once');
  }
}

/** A map without values: 0 everywhere, {@link VoxelStatus.outsideMask} everywhere. */
export function emptyMap(volume: DiffusionVolume, quantity: QuantityId, method: string): ScalarMap {
  const size = voxelCount(volume.grid);
  return {
    grid: volume.grid,
    quantity,
    unit: QUANTITIES[quantity].unit,
    method,
    values: new Float32Array(size),
    status: new Uint8Array(size).fill(VoxelStatus.outsideMask),
  };
}
