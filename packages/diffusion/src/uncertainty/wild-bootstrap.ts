import type { GradientTable } from '../data/gradient-table';
import type { DiffusionVolume } from '../data/diffusion-volume';
import { InputRefused } from '../data/refusal';
import type { ScalarMap } from '../data/scalar-map';
import { VoxelStatus } from '../data/scalar-map';
import type { FitLoopOptions } from '../fitting/fit-loop';
import { noiseSource, type NoiseSource } from '../simulation/rician-noise';
import { uncertaintyOfGroups, type GroupReplicates, type RegionUncertainty } from './group-replicates';

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
 * @param groupOf group of each voxel of `model.measured`, from 0
 * @param groups number of groups
 * @throws InputRefused for fewer than 20 replicates
 */
export async function bootstrapGroups<Q extends string>(
  model: BootstrapModel<Q>,
  { groupOf, groups }: { readonly groupOf: Int32Array; readonly groups: number },
  { seed, replicates = 200, signal, onProgress, runner }: BootstrapOptions,
): Promise<Readonly<Record<Q, GroupReplicates>>> {
  if (!Number.isInteger(replicates) || replicates < FEWEST_REPLICATES) {
    throw new InputRefused(`${String(replicates)} replicates`, 'bootstrap', 'choose 20 or more');
  }
  const { measured } = model;
  const found = await model.fit(measured, { signal, runner });
  const quantities = Object.keys(found) as Q[];
  const random = noiseSource(seed);
  // As many replicates at a time as there are workers; they are drawn one after the other, so the number changes nothing.
  const replicas = Array.from({ length: runner?.size ?? 1 }, () => ({
    ...measured,
    signal: new Float32Array(measured.signal.length),
  }));
  const sumsOf = (quantity: Q, values: Float32Array): Float64Array => {
    const sums = new Float64Array(groups);
    found[quantity].status.forEach((status, voxel) => {
      const group = groupOf[voxel] ?? 0;
      if (hasValue(status)) sums[group] = (sums[group] ?? 0) + (values[voxel] ?? 0);
    });
    return sums;
  };
  const results = quantities.map((quantity) => ({
    quantity,
    counts: sumsOf(quantity, new Float32Array(groupOf.length).fill(1)),
    sums: sumsOf(quantity, found[quantity].values),
    replicateSums: new Float64Array(replicates * groups),
  }));
  for (let first = 0; first < replicates; first += replicas.length) {
    const drawn = replicas.slice(0, replicates - first);
    for (const replica of drawn) model.perturb(random, replica.signal);
    const maps = await Promise.all(drawn.map((replica) => model.fit(replica, { signal, runner })));
    for (const { quantity, replicateSums } of results)
      maps.forEach((map, at) => {
        replicateSums.set(sumsOf(quantity, map[quantity].values), (first + at) * groups);
      });
    onProgress?.((first + drawn.length) / replicates);
  }
  return Object.fromEntries(results.map(({ quantity, ...rest }) => [quantity, rest])) as unknown as Readonly<
    Record<Q, GroupReplicates>
  >;
}

/** {@link bootstrapGroups} with all voxels as one group. */
export async function bootstrapMeans<Q extends string>(
  model: BootstrapModel<Q>,
  options: BootstrapOptions,
): Promise<Readonly<Record<Q, RegionUncertainty>>> {
  const groupOf = new Int32Array(model.measured.grid.columns);
  const found = await bootstrapGroups(model, { groupOf, groups: 1 }, options);
  const none: RegionUncertainty = {
    mean: Number.NaN,
    standardError: Number.NaN,
    bias: Number.NaN,
    interval: [Number.NaN, Number.NaN],
    replicates: 0,
    method: 'no voxel has a value',
  };
  const entries = Object.entries<GroupReplicates>(found);
  return Object.fromEntries(
    entries.map(([quantity, replicates]) => [quantity, uncertaintyOfGroups(replicates, [0]) ?? none]),
  ) as Record<Q, RegionUncertainty>;
}

function hasValue(status: number): boolean {
  return status === VoxelStatus.valid || status === VoxelStatus.atBound;
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
