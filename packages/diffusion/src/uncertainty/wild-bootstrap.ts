import type { GradientTable } from '../data/gradient-table';
import type { DiffusionVolume } from '../data/diffusion-volume';
import { InputRefused } from '../data/refusal';
import type { ScalarMap } from '../data/scalar-map';
import { VoxelStatus } from '../data/scalar-map';
import type { FitLoopOptions } from '../fitting/fit-loop';
import { noiseSource, type NoiseSource } from '../simulation/rician-noise';
import { quantile } from '../statistics/region-statistics';

/** How far the mean of a map over a region is uncertain because of the noise of the images. */
export interface RegionUncertainty {
  /** Mean over the voxels that have a value. */
  readonly mean: number;
  /** Standard deviation of the mean over replicates. */
  readonly standardError: number;
  /** By how much the fit is expected to be off on average because of noise (FA: upwards). */
  readonly bias: number;
  /** 95 % interval of the mean, corrected for the bias. */
  readonly interval: readonly [lower: number, upper: number];
  readonly replicates: number;
  /** For people. */
  readonly method: string;
}

export interface BootstrapOptions extends FitLoopOptions {
  /** The same seed gives the same numbers. */
  readonly seed: number;
  /** Default 200, at least 20. */
  readonly replicates?: number | undefined;
}

/** What is fitted again and again. */
export interface BootstrapModel<Q extends string> {
  /** The voxels of the region in a row, with the signals as measured. */
  readonly measured: DiffusionVolume;
  /**
   * Signals with the residuals of the fit turned around at random.
   *
   * @param signal receives `[volume][voxel]`
   */
  readonly perturb: (random: NoiseSource, signal: Float32Array) => void;
  readonly fit: (volume: DiffusionVolume, options: FitLoopOptions) => Promise<Readonly<Record<Q, ScalarMap>>>;
}

const FEWEST_REPLICATES = 20;

/**
 * Wild bootstrap of region means: residuals keep their place and size and change their sign at random, so that noise that
 * differs from measurement to measurement stays where it is.
 *
 * Wu, Ann Stat 1986;14:1261-1295; for tensors: Whitcher et al., Hum Brain Mapp 2008;29:346-362.
 *
 * @throws InputRefused for fewer than 20 replicates
 */
export async function bootstrapMeans<Q extends string>(
  model: BootstrapModel<Q>,
  { seed, replicates = 200, signal, onProgress }: BootstrapOptions,
): Promise<Readonly<Record<Q, RegionUncertainty>>> {
  if (!Number.isInteger(replicates) || replicates < FEWEST_REPLICATES) {
    throw new InputRefused(`${String(replicates)} replicates`, 'bootstrap', 'choose 20 or more');
  }
  const { measured } = model;
  const found = await model.fit(measured, { signal });
  const quantities = Object.keys(found) as Q[];
  const random = noiseSource(seed);
  const replica = { ...measured, signal: new Float32Array(measured.signal.length) };
  const means = new Map(quantities.map((quantity) => [quantity, new Float64Array(replicates)]));
  for (let replicate = 0; replicate < replicates; replicate++) {
    model.perturb(random, replica.signal);
    const maps = await model.fit(replica, { signal });
    for (const [quantity, values] of means) values[replicate] = meanLike(found[quantity], maps[quantity]);
    onProgress?.((replicate + 1) / replicates);
  }
  const summaries = quantities.map((quantity) => {
    const mean = meanLike(found[quantity], found[quantity]);
    return [quantity, summary(mean, means.get(quantity) ?? new Float64Array())] as const;
  });
  return Object.fromEntries(summaries) as Record<Q, RegionUncertainty>;
}

/** Mean of a map over the voxels that have a value in the original fit. */
function meanLike(original: ScalarMap, map: ScalarMap): number {
  let sum = 0;
  let n = 0;
  original.status.forEach((status, voxel) => {
    if (status !== VoxelStatus.valid && status !== VoxelStatus.atBound) return;
    sum += map.values[voxel] ?? 0;
    n++;
  });
  return sum / n;
}

function summary(mean: number, replicates: Float64Array): RegionUncertainty {
  const n = replicates.length;
  const centre = replicates.reduce((sum, value) => sum + value, 0) / n;
  const squares = replicates.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  const sorted = replicates.toSorted();
  const bias = centre - mean;
  // Replicates scatter around the fit as the fit does around the truth: shifted by the bias twice.
  return {
    mean,
    standardError: Math.sqrt(squares / (n - 1)),
    bias,
    interval: [quantile(sorted, 0.025) - 2 * bias, quantile(sorted, 0.975) - 2 * bias],
    replicates: n,
    method: `wild bootstrap, ${String(n)} replicates`,
  };
}

/**
 * The voxels of a region in a row, as a series of their own.
 *
 * @throws InputRefused when the region is empty or reaches outside the images
 */
export function regionSeries(
  volume: DiffusionVolume,
  voxels: readonly number[],
  volumes: readonly number[],
): DiffusionVolume {
  const size = volume.signal.length / volume.gradients.count;
  const wrong = voxels.find((voxel) => !Number.isInteger(voxel) || voxel < 0 || voxel >= size);
  if (voxels.length === 0 || wrong !== undefined) {
    throw new InputRefused(
      wrong === undefined ? 'the region has no voxels' : `voxel ${String(wrong)} is outside the images`,
      volume.name,
      'give voxels of these images',
    );
  }
  const gradients: GradientTable = volume.gradients.select(volumes);
  const signal = new Float32Array(voxels.length * volumes.length);
  volumes.forEach((index, at) => {
    voxels.forEach((voxel, v) => {
      signal[at * voxels.length + v] = volume.signal[index * size + voxel] ?? Number.NaN;
    });
  });
  const grid = { ...volume.grid, columns: voxels.length, rows: 1, slices: 1 };
  return { grid, gradients, signal, sources: [], name: volume.name };
}

/** +1 or -1, each as often. */
export function randomSign(random: NoiseSource): number {
  return random.uniform() < 0.5 ? -1 : 1;
}
