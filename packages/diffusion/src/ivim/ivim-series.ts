import type { DiffusionVolume } from '../data/diffusion-volume';
import { forEachTile, TILE_VOXELS, voxelsToFit } from '../fitting/fit-loop';
import { fitInParts, rangesBySlice, type FitRunner, type VoxelRange } from '../fitting/fit-runner';
import { describeEngine, REFERENCE_ENGINE } from '../kernels/engine';
import { kernelModule, withKernels, type KernelInstance } from '../kernels/kernel-module';
import { AveragedBValues } from './averaged-b-values';
import type { IvimFitOptions, IvimFitResult } from './ivim-fit';
import { noiseOfSlices, spreadOverSlices } from './ivim-noise';
import type { IvimOutput } from './ivim-output';
import { IVIM_PRIORS } from './ivim-priors';
import { ivimTileOf } from './ivim-method';
import { learnPriors, priorOf, type LearnedPrior } from './learned-prior';

/** Voxels of one part of a fit in a pool of workers. */
const PART_VOXELS = 512;

/** What is fitted. */
export interface IvimSeries {
  readonly volume: DiffusionVolume;
  readonly volumes: readonly number[];
  readonly voxels: Int32Array;
  readonly averaged: AveragedBValues;
  readonly splitBValue: number;
}

/** What is known of each slice before its voxels are fitted. */
export interface KnownOfSlices {
  /** Signal units; NaN where it is not known. */
  readonly noise: Float64Array | null;
  readonly learned: readonly (LearnedPrior | null)[] | null;
}

/** As {@link IvimFitOptions}, and whether intervals are wanted. */
type SeriesOptions = IvimFitOptions & { readonly intervals: boolean };

/**
 * Fits all voxels of a series, in parts where there is a runner.
 *
 * @returns what computed
 */
export async function fitSeries(
  series: IvimSeries,
  output: IvimOutput,
  { noise, learned }: KnownOfSlices,
  options: SeriesOptions,
): Promise<string> {
  const { volume, voxels, averaged } = series;
  const { runner } = options;
  const sliceSize = volume.grid.columns * volume.grid.rows;
  const sliceOf = (voxel: number): number => Math.floor(voxel / sliceSize);
  const known = (voxel: number): KnownOfVoxel => ({
    level: noise?.[sliceOf(voxel)] ?? Number.NaN,
    prior: learned?.[sliceOf(voxel)] ?? null,
  });
  const priors = learned?.map((one) => (one ? priorOf(one) : IVIM_PRIORS.weak));
  if (runner && voxels.length > PART_VOXELS) return fitInRunner(runner, series, output, known, options);
  const loop = async (kernels: KernelInstance | null): Promise<void> => {
    const tile = ivimTileOf(options, averaged, series.splitBValue, kernels);
    await forEachTile(voxels.length, options, (from, to) => {
      const quality = averaged.logAverages(volume, voxels, from, to, tile.logSignal);
      tile.prepare(to - from);
      for (let at = 0; at < to - from; at++) {
        const voxel = voxels[from + at] ?? 0;
        const ofSlice = priors?.[sliceOf(voxel)];
        if (ofSlice) tile.usePrior?.(ofSlice);
        output.write(voxel, tile, at, quality[at] ?? 0, noise?.[sliceOf(voxel)] ?? Number.NaN);
      }
    });
  };
  const module = usesKernels(options) ? await kernelModule() : null;
  await (module ? withKernels(module, loop) : loop(null));
  return module ? describeEngine('double') : REFERENCE_ENGINE;
}

/** The segmented fit has no kernel. */
function usesKernels({ method, engine }: IvimFitOptions): boolean {
  return method !== 'segmented' && engine !== 'reference';
}

/** What every slice teaches; null unless that is asked for. */
export async function learnedFor(
  { volume, voxels, averaged }: IvimSeries,
  noise: Float64Array,
  options: IvimFitOptions,
): Promise<readonly (LearnedPrior | null)[] | null> {
  if (options.method !== 'bayesian' || options.prior !== 'slice') return null;
  return options.foundPriors ?? learnPriors(volume, averaged, voxels, noise, options);
}

interface KnownOfVoxel {
  readonly level: number;
  readonly prior: LearnedPrior | null;
}

async function fitInRunner(
  runner: FitRunner,
  { volume, volumes, voxels }: IvimSeries,
  output: IvimOutput,
  known: (voxel: number) => KnownOfVoxel,
  options: IvimFitOptions,
): Promise<string> {
  const { method, splitBValue, prior, details, engine } = options;
  const forAll = { method, splitBValue, prior, details, engine };
  const { columns, rows } = volume.grid;
  const parts = {
    kind: 'ivim' as const,
    volume,
    volumes,
    voxels,
    ranges: rangesBySlice(voxels, columns * rows, PART_VOXELS, options.firstSlices),
    optionsOf: ({ from }: VoxelRange) => {
      const { level, prior: learned } = known(voxels[from] ?? 0);
      return { ...forAll, foundNoise: Float64Array.of(level), foundPriors: [learned] };
    },
  };
  const engines = new Set<string>();
  await fitInParts(runner, parts, options, (range, result) => {
    const part = result as IvimFitResult;
    output.takePart(voxels, range, part);
    engines.add(part.report.engine);
  });
  return [...engines].sort().join('; ');
}

/** Noise of every slice, signal units; NaN where it is not known. */
export async function noiseLevels(series: IvimSeries, options: IvimFitOptions): Promise<Float64Array> {
  const { noise, foundNoise, runner } = options;
  const { volume, volumes, voxels, averaged } = series;
  const { columns, rows, slices } = volume.grid;
  if (foundNoise) return foundNoise;
  if (typeof noise === 'number') return new Float64Array(slices).fill(noise);
  if (noise) return Float64Array.from(noise);
  if (!runner || voxels.length <= PART_VOXELS) return noiseOfSlices(volume, averaged, voxels, options);
  const levels = new Float64Array(slices).fill(Number.NaN);
  const chosen = spreadOverSlices(voxels, slices, columns * rows);
  const ranges = rangesBySlice(chosen, columns * rows, Infinity);
  const forPart = { method: options.method, engine: options.engine };
  const parts = {
    kind: 'ivim-noise',
    volume,
    volumes,
    voxels: chosen,
    ranges,
    optionsOf: () => forPart,
  } as const;
  await fitInParts(runner, parts, { signal: options.signal }, ({ from }, result) => {
    levels[Math.floor((chosen[from] ?? 0) / (columns * rows))] = (result as Float64Array)[0] ?? Number.NaN;
  });
  return levels;
}

/**
 * Standard deviation of the noise of each slice from the residuals of least squares: what an IVIM fit estimates by itself.
 *
 * @returns signal units; NaN where it is not known
 */
export function ivimNoise(volume: DiffusionVolume, options: IvimFitOptions): Promise<Float64Array> {
  const volumes = [...(options.volumes ?? volume.gradients.bValues.keys())];
  const averaged = averagedFor(volume, volumes, options);
  return noiseOfSlices(volume, averaged, voxelsToFit(volume, options.mask), options);
}

/** One signal per b-value; the segmented fit takes b 0 and 1 as one. */
export function averagedFor(
  { gradients }: DiffusionVolume,
  volumes: readonly number[],
  { method }: IvimFitOptions,
): AveragedBValues {
  return new AveragedBValues(gradients, volumes, TILE_VOXELS, method === 'segmented' ? 'together' : 'apart');
}
