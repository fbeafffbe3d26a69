import type { DiffusionVolume } from '../data/diffusion-volume';
import { checkNoise } from '../data/noise-level';
import { InputRefused } from '../data/refusal';
import type { ScalarMap } from '../data/scalar-map';
import { checkVolumeChoice, forEachTile, voxelsToFit, type FitLoopOptions } from '../fitting/fit-loop';
import { fitInParts, rangesBySlice, type FitRunner } from '../fitting/fit-runner';
import { gatherSignals } from '../fitting/gather-signals';
import { kernelModule, withKernels } from '../kernels/kernel-module';
import type { Precision } from '../kernels/tensor-kernel';
import { determinesTensor, tensorDesign } from './design-matrix';
import { TensorDetailOutput, type TensorDetails } from './tensor-details';
import { TensorOutput, type TensorQuantity } from './tensor-output';
import { describeEngine, REFERENCE_ENGINE, type EngineChoice } from '../kernels/engine';
import { fitTensorByKernel, type TensorSeries } from './kernel-tensor-loop';
import { TensorTile } from './tensor-tile';
import { tensorVerdict, tensorVolumesByRule } from './tensor-volumes';

/** Voxels of one part of a fit in a pool of workers: some milliseconds of work. */
const PART_VOXELS = 2048;

export type TensorMethod = 'ols' | 'wls' | 'nlls' | 'robust';

export interface TensorFitOptions extends FitLoopOptions {
  /** One number per voxel, non-zero = fit; all voxels without it. */
  readonly mask?: Uint8Array | undefined;
  /** Volumes that enter the fit; by {@link tensorVolumesByRule} without it. */
  readonly volumes?: readonly number[] | undefined;
  /**
   * Ordinary; weighted by the squared signal; non-linear in the signal itself; or robust, which finds outliers and leaves
   * them out, without being given a noise level.
   */
  readonly method: TensorMethod;
  /**
   * Weighted: how often the weights are recomputed from the predicted signal, 0 to 20. Default 1: the fit that dipy
   * and the Spinal Cord Toolbox call WLS, so that numbers can be compared.
   */
  readonly iterations?: number | undefined;
  /**
   * Weighted: what comes before the first predicted weights. `ols` (default) with 1 iteration is dipy's WLS;
   * `measured-signal` with 2 iterations is MRtrix3's default.
   */
  readonly start?: 'ols' | 'measured-signal' | undefined;
  /** Non-linear: only tensors without a negative eigenvalue (Cholesky factors as parameters). Default false. */
  readonly positiveDefinite?: boolean | undefined;
  /** Adds {@link TensorFitResult.details}. Default false. */
  readonly details?: boolean | undefined;
  /**
   * For chi-square: standard deviation of the noise in signal units, one for all or one per slice. Estimated from the
   * residuals of the slice without it.
   */
  readonly noise?: number | readonly number[] | undefined;
  /** Default `auto`: the kernels for linear fits where WebAssembly with SIMD is to be had. */
  readonly engine?: EngineChoice | undefined;
  /**
   * Arithmetic of the kernels. Default `double`. `single` is two to three times as fast, FA within 1e-5 of it; voxels it
   * may not do for are fitted in double precision.
   */
  readonly precision?: Precision | undefined;
}

export interface TensorFitReport {
  readonly method: string;
  /** What computed it. */
  readonly engine: string;
  readonly iterations: number;
  /** Volumes used. */
  readonly volumes: number[];
  readonly fittedVoxels: number;
  /** Voxels of the mask without a value, for want of positive signal or a regular system. */
  readonly failedVoxels: number;
}

export interface TensorFitResult {
  readonly maps: Readonly<Record<TensorQuantity, ScalarMap>>;
  /** Unit vector of the largest eigenvalue, `[voxel][x, y, z]` in LPS, z >= 0; zero where there is no tensor. */
  readonly principalDirections: Float32Array;
  readonly report: TensorFitReport;
  /** With the option `details`. */
  readonly details?: TensorDetails;
}

/**
 * Fits the diffusion tensor `S = S0 exp(-b g'Dg)`: by linear least squares on ln S, by non-linear least squares on S
 * (from the weighted linear fit), or robustly ({@link RobustTensorFit}).
 *
 * Status of a voxel: `valid`; `atBound` when an eigenvalue was not positive and is taken as
 * 1e-6 / largest b (the value counts);
 * `nonPositiveSignal` when a signal was <= 0 (fitted as {@link logSignals} says, but flagged) or none was positive or
 * one was not a number (no value); `singular` when the system has no solution (no value).
 *
 * @throws InputRefused when the table carries no tensor, or mask, volumes, iterations or noise are wrong
 * @throws the reason of `options.signal` when cancelled
 */
export async function tensorFit(
  volume: DiffusionVolume,
  options: TensorFitOptions,
): Promise<TensorFitResult> {
  const iterations = options.method === 'wls' ? (options.iterations ?? 1) : 0;
  const volumes = [...(options.volumes ?? tensorVolumesByRule(volume.gradients))];
  check(volume, volumes, iterations, options);
  const design = tensorDesign(volume.gradients, volumes);
  const method = describeMethod(options, iterations);
  const output = new TensorOutput(volume, method, design.bScale);
  const details = options.details
    ? new TensorDetailOutput(volume, design, method, options.method === 'ols')
    : null;
  const voxels = voxelsToFit(volume, options.mask);
  const series = { volume, volumes, voxels, design, output, details };
  const engine = await fitSeries(series, options, iterations);
  const report = { method, engine, iterations, volumes };
  return output.result(report, voxels.length, details?.result(options.noise));
}

/** Fits in parts, by the kernels or by the reference, and says what computed. */
async function fitSeries(
  series: TensorSeries,
  options: TensorFitOptions,
  iterations: number,
): Promise<string> {
  const { runner } = options;
  if (runner && series.voxels.length > PART_VOXELS) return fitInRunner(runner, series, options);
  const module = options.engine === 'reference' || !isLinear(options) ? null : await kernelModule();
  if (module) {
    const plan = {
      measuredWeights: options.method === 'wls' && options.start === 'measured-signal',
      iterations,
      precision: options.precision ?? 'double',
    };
    await withKernels(module, (instance) => fitTensorByKernel(instance, series, plan, options));
  } else await fitByReference(series, options, iterations);
  return module ? describeEngine(options.precision ?? 'double') : REFERENCE_ENGINE;
}

async function fitInRunner(
  runner: FitRunner,
  { volume, volumes, voxels, output, details }: TensorSeries,
  options: TensorFitOptions,
): Promise<string> {
  const { method, iterations, start, positiveDefinite, engine: asked, precision } = options;
  // With noise 1 the standard errors of the parts are those for noise 1, which the noise of the slice then scales.
  const noise = details ? 1 : undefined;
  const forPart = {
    method,
    iterations,
    start,
    positiveDefinite,
    engine: asked,
    precision,
    details: details !== null,
    noise,
  };
  const { columns, rows } = volume.grid;
  const ranges = rangesBySlice(voxels, columns * rows, PART_VOXELS, options.firstSlices);
  const engines = new Set<string>();
  const parts = { kind: 'tensor', volume, volumes, voxels, ranges, optionsOf: () => forPart } as const;
  await fitInParts(runner, parts, options, (range, result) => {
    const part = result as TensorFitResult;
    output.takePart(voxels, range, part);
    if (part.details) details?.takePart(voxels, range, part.details);
    engines.add(part.report.engine);
  });
  return [...engines].sort().join('; ');
}

function isLinear({ method }: TensorFitOptions): boolean {
  return method === 'ols' || method === 'wls';
}

async function fitByReference(
  { volume, volumes, voxels, design, output, details }: TensorSeries,
  options: TensorFitOptions,
  iterations: number,
): Promise<void> {
  const tile = new TensorTile(design, options, iterations);
  await forEachTile(voxels.length, options, (from, to) => {
    gatherSignals(volume, volumes, voxels, from, to, tile.signal);
    tile.fit(to - from);
    for (let at = 0; at < to - from; at++) {
      const voxel = voxels[from + at] ?? 0;
      const status = output.write(voxel, tile, at);
      details?.write(voxel, tile, at, status);
    }
  });
}

function check(
  volume: DiffusionVolume,
  volumes: readonly number[],
  iterations: number,
  options: TensorFitOptions,
): void {
  checkVolumeChoice(volume, volumes);
  const verdict = tensorVerdict(volume.gradients.select(volumes));
  if (!verdict.possible) throw new InputRefused(verdict.why, volume.name, verdict.whatToDo);
  // The rule may choose fewer volumes than the caller; what counts is what is fitted.
  if (!determinesTensor(tensorDesign(volume.gradients, volumes))) {
    throw new InputRefused(
      'the chosen volumes do not determine a tensor',
      volume.name,
      'choose more volumes',
    );
  }
  checkNoise(options.noise, volume.grid.slices, 'tensor fit');
  if (!Number.isInteger(iterations) || iterations < 0 || iterations > 20) {
    throw new InputRefused(`${String(iterations)} iterations`, 'tensor fit', 'choose 0 to 20');
  }
  if (options.method === 'wls' && options.start !== 'measured-signal' && iterations === 0) {
    throw new InputRefused(
      'weighted fit without weights: 0 iterations from ordinary least squares',
      'tensor fit',
      'choose 1 iteration or more, or method "ols"',
    );
  }
}

function describeMethod(options: TensorFitOptions, iterations: number): string {
  const { method, start, positiveDefinite } = options;
  if (method === 'ols') return 'ordinary least squares';
  if (method === 'robust') return 'robust non-linear least squares, outliers beyond 3 scales left out';
  if (method === 'nlls') {
    return `non-linear least squares${positiveDefinite ? ', positive-definite tensors only' : ''}`;
  }
  const first = start === 'measured-signal' ? 'measured signal, then ' : '';
  const times = `${String(iterations)} iteration${iterations === 1 ? '' : 's'}`;
  return `weighted least squares, weights by ${first}predicted signal, ${times}`;
}
