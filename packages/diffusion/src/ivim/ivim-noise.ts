import type { DiffusionVolume } from '../data/diffusion-volume';
import { forEachTile, TILE_VOXELS, type FitLoopOptions } from '../fitting/fit-loop';
import { SignalQuality } from '../fitting/log-signal';
import type { AveragedBValues } from './averaged-b-values';
import { BiexponentialTile } from './biexponential-tile';
import type { EngineChoice } from '../kernels/engine';
import { kernelModule, withKernels, type KernelInstance } from '../kernels/kernel-module';
import { noiseOfResiduals } from '../fitting/noise-of-residuals';

/** Voxels of a slice that are looked at, evenly spread over those to be fitted. */
const VOXELS_PER_SLICE = 1000;

const PARAMETERS = 4;

/**
 * Standard deviation of the noise of each slice from the residuals of least squares.
 *
 * @returns signal units, one per slice; NaN for a slice without a voxel to fit, or no more b-values than parameters
 */
export async function noiseOfSlices(
  volume: DiffusionVolume,
  averaged: AveragedBValues,
  voxels: Int32Array,
  { signal, engine }: FitLoopOptions & { readonly engine?: EngineChoice | undefined },
): Promise<Float64Array> {
  const module = engine === 'reference' ? null : await kernelModule();
  const find = (kernels: KernelInstance | null): Promise<Float64Array> =>
    findNoise(volume, averaged, voxels, new BiexponentialTile(averaged, null, kernels, false), signal);
  return module ? withKernels(module, find) : find(null);
}

async function findNoise(
  volume: DiffusionVolume,
  averaged: AveragedBValues,
  voxels: Int32Array,
  tile: BiexponentialTile,
  signal: AbortSignal | undefined,
): Promise<Float64Array> {
  const { slices, rows, columns } = volume.grid;
  const chosen = spreadOverSlices(voxels, slices, rows * columns);
  const costs: number[][] = Array.from({ length: slices }, () => []);
  await forEachTile(chosen.length, { signal }, (from, to) => {
    const quality = averaged.logAverages(volume, chosen, from, to, tile.logSignal);
    tile.prepare(Math.min(to - from, TILE_VOXELS));
    for (let at = 0; at < to - from; at++) {
      if (quality[at] !== SignalQuality.good || !tile.fit(at, Number.NaN)) continue;
      const slice = Math.floor((chosen[from + at] ?? 0) / (rows * columns));
      costs[slice]?.push(tile.cost * Math.exp(2 * (tile.lnScale[at] ?? 0)));
    }
  });
  const freedom = averaged.count - PARAMETERS;
  return Float64Array.from(costs, (ofSlice) =>
    ofSlice.length === 0 || freedom < 1 ? Number.NaN : noiseOfResiduals(Float64Array.from(ofSlice), freedom),
  );
}

/** At most `most` voxels of every slice, evenly spread over those of an ascending list. */
export function spreadOverSlices(
  voxels: Int32Array,
  slices: number,
  size: number,
  most = VOXELS_PER_SLICE,
): Int32Array {
  const chosen: number[] = [];
  let from = 0;
  for (let slice = 0; slice < slices; slice++) {
    let to = from;
    while (to < voxels.length && (voxels[to] ?? 0) < (slice + 1) * size) to++;
    const count = Math.min(to - from, most);
    for (let i = 0; i < count; i++) chosen.push(voxels[from + Math.floor((i * (to - from)) / count)] ?? 0);
    from = to;
  }
  return Int32Array.from(chosen);
}
