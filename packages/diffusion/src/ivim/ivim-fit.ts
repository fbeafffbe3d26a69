import type { DetailMap } from '../data/detail-map';
import type { DiffusionVolume } from '../data/diffusion-volume';
import { checkNoise } from '../data/noise-level';
import { InputRefused } from '../data/refusal';
import type { ScalarMap } from '../data/scalar-map';
import { checkVolumeChoice, voxelsToFit, type FitLoopOptions } from '../fitting/fit-loop';
import type { EngineChoice } from '../kernels/engine';
import { averageDirections, separateDirections } from './averaged-directions';
import type { IntervalQuantity } from './ivim-estimate';
import { IVIM_CONVENTION } from './ivim-model';
import { IvimOutput, type IvimQuantity } from './ivim-output';
import { describeIvimMethod } from './ivim-method';
import type { IvimPriorName } from './ivim-priors';
import { averagedFor, fitSeries, learnedFor, noiseLevels } from './ivim-series';
import type { LearnedPrior } from './learned-prior';
import { DEFAULT_SPLIT_B_VALUE, ivimVerdict } from './ivim-verdict';

export type IvimMethod = 'segmented' | 'nlls' | 'bayesian';

export interface IvimFitOptions extends FitLoopOptions {
  /** One number per voxel, non-zero = fit; all voxels without it. */
  readonly mask?: Uint8Array | undefined;
  /** Volumes that enter the fit; all without it. */
  readonly volumes?: readonly number[] | undefined;
  /** Segmented; bounded least squares of all parameters at once; or posterior mean and interval. */
  readonly method: IvimMethod;
  /** b-value in s/mm2 from which the signal is taken as free of perfusion. Default 200. */
  readonly splitBValue?: number | undefined;
  /** Bayesian: what is known beforehand, `IVIM_PRIORS`, or `slice`: learned from each slice. Default weak. */
  readonly prior?: IvimPriorName | undefined;
  /**
   * Standard deviation of the noise of one measurement in signal units, one for all or one per slice, for intervals.
   * Estimated from the residuals of least squares, slice by slice, without it.
   */
  readonly noise?: number | readonly number[] | undefined;
  /**
   * Several directions: `geometric-mean` (default) fits the trace-weighted signal; `averaged` fits every direction by
   * itself and averages the maps.
   */
  readonly directions?: 'geometric-mean' | 'averaged' | undefined;
  /** Noise of each slice found before, signal units, NaN where it is not known: goes before {@link noise}. */
  readonly foundNoise?: Float64Array | undefined;
  /** What each slice taught before, for the prior `slice`. */
  readonly foundPriors?: readonly (LearnedPrior | null)[] | undefined;
  /** Default `auto`: the kernels for least squares and Bayes where WebAssembly with SIMD is to be had. */
  readonly engine?: EngineChoice | undefined;
  /** Adds {@link IvimFitResult.details}, and intervals to least squares. Default false. */
  readonly details?: boolean | undefined;
}

/** 95 % interval of each voxel, in the unit of the map; 0 and 0 where there is no value. */
export interface IvimInterval {
  readonly lower: Float32Array;
  readonly upper: Float32Array;
}

/** How an IVIM fit went. */
export interface IvimDetails {
  /** Standard deviation of the residuals in signal units. */
  readonly residual: DetailMap;
  /** Standard deviation of the noise of each slice, signal units; null where it is not known. */
  readonly noise: readonly (number | null)[];
  /** Where {@link noise} comes from, for people. */
  readonly noiseMethod: string;
}

export interface IvimFitReport {
  readonly method: string;
  /** What computed it. */
  readonly engine: string;
  readonly splitBValue: number;
  /** Volumes used. */
  readonly volumes: number[];
  /** How directions were treated. */
  readonly directions: string;
  readonly convention: string;
  readonly fittedVoxels: number;
  /** Voxels of the mask without a value. */
  readonly failedVoxels: number;
}

export interface IvimFitResult {
  readonly maps: Readonly<Record<IvimQuantity, ScalarMap>>;
  readonly report: IvimFitReport;
  /**
   * 95 % intervals: of the posterior (Bayesian), or of the linearised model (least squares with `details`; all that is
   * allowed where a parameter is at its bound). The segmented fit has none.
   */
  readonly intervals?: Readonly<Record<IntervalQuantity, IvimInterval>>;
  /** With the option `details`. */
  readonly details?: IvimDetails;
  /** Bayesian with prior `slice`: what each slice taught; null for a slice without a usable voxel. */
  readonly learnedPriors?: readonly (LearnedPrior | null)[];
}

/**
 * Fits intravoxel incoherent motion, `S = S0 [f exp(-b D*) + (1 - f) exp(-b D)]`.
 *
 * Signals of one b-value are averaged geometrically over directions and repeats. Series without b0 are fitted as they are:
 * S0 is a parameter. ADC is monoexponential over all b-values.
 *
 * - `segmented`: D comes from the b-values from `splitBValue` up (log-linear, weights by predicted signal); then S0, f and D*
 *   are refitted to all b-values with D fixed. Bounds: D 0..5e-3, f 0..1, D* 4e-3..0.1 mm2/s and at least 2 D.
 * - `nlls`: least squares in all four; D* up to 0.2 mm2/s.
 * - `bayesian`: posterior means, bounds as `nlls`; nothing is at a bound, the interval says what is not known.
 *
 * A parameter at its bound, and f and D* when D is at its bound, have status `atBound`. Where f is 0 there is no D*
 * (`singular`, 0). Voxels with a signal <= 0 are `nonPositiveSignal`, as in the tensor fit.
 *
 * Le Bihan et al., Radiology 1988;168:497-505; segmented: Luciani et al., Radiology 2008;249:891-899.
 *
 * @throws InputRefused when the table carries no IVIM, or mask, volumes or noise are wrong
 * @throws the reason of `options.signal` when cancelled
 */
export async function ivimFit(volume: DiffusionVolume, options: IvimFitOptions): Promise<IvimFitResult> {
  const splitBValue = options.splitBValue ?? DEFAULT_SPLIT_B_VALUE;
  const volumes = [...(options.volumes ?? volume.gradients.bValues.keys())];
  checkVolumeChoice(volume, volumes);
  checkNoise(options.noise, volume.grid.slices, 'IVIM fit');
  const verdict = ivimVerdict(volume.gradients.select(volumes), splitBValue);
  if (!verdict.possible) throw new InputRefused(verdict.why, volume.name, verdict.whatToDo);
  if (options.directions === 'averaged') {
    const separate = separateDirections(volume.gradients, volumes);
    if (separate.length > 1) return fitDirections(volume, options, volumes, separate);
  }
  const averaged = averagedFor(volume, volumes, options);
  const method = describeIvimMethod(options, splitBValue);
  const wantsIntervals =
    options.method === 'bayesian' || (options.details === true && options.method === 'nlls');
  const output = new IvimOutput(volume, averaged, method, {
    intervals: wantsIntervals,
    details: options.details === true,
  });
  const voxels = voxelsToFit(volume, options.mask);
  const series = { volume, volumes, voxels, averaged, splitBValue };
  const noise = wantsIntervals || options.details ? await noiseLevels(series, options) : null;
  const learned = noise && (await learnedFor(series, noise, options));
  const engine = await fitSeries(
    series,
    output,
    { noise, learned },
    { ...options, intervals: wantsIntervals },
  );
  const directions = averaged.description;
  const result = output.result(
    { method, engine, splitBValue, volumes, directions, convention: IVIM_CONVENTION },
    voxels.length,
    noise && {
      noise: Array.from(noise, (level) => (Number.isFinite(level) ? level : null)),
      noiseMethod: options.noise === undefined ? 'residuals of least squares, slice by slice' : 'given',
    },
  );
  return learned ? { ...result, learnedPriors: learned } : result;
}

/** Fits every direction by itself and averages the maps. */
async function fitDirections(
  volume: DiffusionVolume,
  options: IvimFitOptions,
  volumes: number[],
  separate: readonly (readonly number[])[],
): Promise<IvimFitResult> {
  const results: IvimFitResult[] = [];
  for (const [done, ofDirection] of separate.entries()) {
    const onProgress = (fraction: number): void => options.onProgress?.((done + fraction) / separate.length);
    results.push(
      await ivimFit(volume, { ...options, volumes: ofDirection, directions: undefined, onProgress }),
    );
  }
  return averageDirections(results, volumes);
}
