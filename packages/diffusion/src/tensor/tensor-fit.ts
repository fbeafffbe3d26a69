import type { DiffusionVolume } from '../data/diffusion-volume';
import { InputRefused } from '../data/refusal';
import { VoxelStatus, type ScalarMap } from '../data/scalar-map';
import { voxelCount } from '../data/voxel-grid';
import {
  checkVolumeChoice,
  emptyMap,
  forEachTile,
  TILE_VOXELS,
  voxelsToFit,
  type FitLoopOptions,
} from '../fitting/fit-loop';
import { logSignals, SignalQuality } from '../fitting/log-signal';
import { gatherSignals } from '../fitting/gather-signals';
import { determinesTensor, tensorDesign } from './design-matrix';
import { eigenSymmetric } from './eigen-symmetric';
import { LinearTensorFit, PARAMETER_STRIDE } from './linear-tensor-fit';
import { tensorVerdict, tensorVolumesByRule } from './tensor-volumes';

/**
 * Smallest eigenvalue times the largest b-value: smaller ones, negative ones above all, are noise and are taken as this
 * (as dipy does).
 */
const SMALLEST_EXPONENT = 1e-6;

export interface TensorFitOptions extends FitLoopOptions {
  /** One number per voxel, non-zero = fit; all voxels without it. */
  readonly mask?: Uint8Array | undefined;
  /** Volumes that enter the fit; by {@link tensorVolumesByRule} without it. */
  readonly volumes?: readonly number[] | undefined;
  /** Ordinary, or weighted by the squared signal. */
  readonly method: 'ols' | 'wls';
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
}

export type TensorQuantity = 'fa' | 'md' | 'ad' | 'rd' | 's0';

export interface TensorFitReport {
  readonly method: string;
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
}

/**
 * Fits the diffusion tensor `S = S0 exp(-b g'Dg)` by linear least squares on ln S.
 *
 * Status of a voxel: `valid`; `atBound` when an eigenvalue was not positive and is taken as
 * 1e-6 / largest b (the value counts);
 * `nonPositiveSignal` when a signal was <= 0 (fitted as {@link logSignals} says, but flagged) or none was positive or
 * one was not a number (no value); `singular` when the weighted system has no solution (no value).
 *
 * @throws InputRefused when the table carries no tensor, or mask, volumes or iterations are wrong
 * @throws the reason of `options.signal` when cancelled
 */
export async function tensorFit(
  volume: DiffusionVolume,
  options: TensorFitOptions,
): Promise<TensorFitResult> {
  const iterations = options.method === 'ols' ? 0 : (options.iterations ?? 1);
  const volumes = [...(options.volumes ?? tensorVolumesByRule(volume.gradients))];
  check(volume, volumes, iterations, options);
  const design = tensorDesign(volume.gradients, volumes);
  const fit = new LinearTensorFit(design, TILE_VOXELS);
  const method = describeMethod(options, iterations);
  const output = new TensorOutput(volume, method, design.bScale);
  const voxels = voxelsToFit(volume, options.mask);
  await forEachTile(voxels.length, options, (from, to) => {
    gatherSignals(volume, volumes, voxels, from, to, fit.logSignal);
    for (let at = 0; at < to - from; at++)
      output.quality[at] = logSignals(fit.logSignal, at * design.rows, design.rows);
    if (options.method === 'wls' && options.start === 'measured-signal') fit.weightByMeasuredSignal();
    else fit.ordinary();
    for (let i = 0; i < iterations; i++) fit.weightByPredictedSignal();
    for (let at = 0; at < to - from; at++) output.write(voxels[from + at] ?? 0, fit, at);
  });
  return output.result({ method, iterations, volumes }, voxels.length);
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

function describeMethod({ method, start }: TensorFitOptions, iterations: number): string {
  if (method === 'ols') return 'ordinary least squares';
  const first = start === 'measured-signal' ? 'measured signal, then ' : '';
  const times = `${String(iterations)} iteration${iterations === 1 ? '' : 's'}`;
  return `weighted least squares, weights by ${first}predicted signal, ${times}`;
}

/** The maps being filled. */
class TensorOutput {
  readonly quality = new Uint8Array(TILE_VOXELS);
  private readonly maps: Readonly<Record<TensorQuantity, ScalarMap>>;
  private readonly principalDirections: Float32Array;
  private readonly eigen = new Float64Array(6);
  private failed = 0;

  constructor(
    volume: DiffusionVolume,
    method: string,
    private readonly bScale: number,
  ) {
    this.maps = {
      fa: emptyMap(volume, 'fa', method),
      md: emptyMap(volume, 'md', method),
      ad: emptyMap(volume, 'ad', method),
      rd: emptyMap(volume, 'rd', method),
      s0: emptyMap(volume, 's0', method),
    };
    this.principalDirections = new Float32Array(3 * voxelCount(volume.grid));
  }

  write(voxel: number, fit: LinearTensorFit, at: number): void {
    const parameters = at * PARAMETER_STRIDE;
    const quality = this.quality[at] ?? 0;
    if (quality === SignalQuality.unusable) return this.fail(voxel, VoxelStatus.nonPositiveSignal);
    if (fit.singular[at] !== 0) return this.fail(voxel, VoxelStatus.singular);
    eigenSymmetric(fit.parameters, parameters + 1, this.eigen);
    const [e1 = 0, e2 = 0, e3 = 0, x = 0, y = 0, z = 0] = this.eigen;
    const s0 = Math.exp(fit.parameters[parameters] ?? 0);
    if (!Number.isFinite(e1 + e2 + e3 + s0)) return this.fail(voxel, VoxelStatus.singular);
    this.setStatus(
      voxel,
      quality === SignalQuality.nonPositive
        ? VoxelStatus.nonPositiveSignal
        : e3 < SMALLEST_EXPONENT
          ? VoxelStatus.atBound
          : VoxelStatus.valid,
    );
    this.maps.s0.values[voxel] = s0;
    this.setScalars(voxel, floored(e1), floored(e2), floored(e3));
    this.principalDirections[3 * voxel] = x;
    this.principalDirections[3 * voxel + 1] = y;
    this.principalDirections[3 * voxel + 2] = z;
  }

  result(report: Omit<TensorFitReport, 'fittedVoxels' | 'failedVoxels'>, voxels: number): TensorFitResult {
    return {
      maps: this.maps,
      principalDirections: this.principalDirections,
      report: { ...report, fittedVoxels: voxels - this.failed, failedVoxels: this.failed },
    };
  }

  private setScalars(voxel: number, e1: number, e2: number, e3: number): void {
    const { fa, md, ad, rd } = this.maps;
    const norm = e1 * e1 + e2 * e2 + e3 * e3;
    const spread = (e1 - e2) * (e1 - e2) + (e2 - e3) * (e2 - e3) + (e3 - e1) * (e3 - e1);
    fa.values[voxel] = norm > 0 ? Math.sqrt((0.5 * spread) / norm) : 0;
    md.values[voxel] = (e1 + e2 + e3) / (3 * this.bScale);
    ad.values[voxel] = e1 / this.bScale;
    rd.values[voxel] = (e2 + e3) / (2 * this.bScale);
  }

  private fail(voxel: number, status: VoxelStatus): void {
    this.failed++;
    this.setStatus(voxel, status);
  }

  private setStatus(voxel: number, status: VoxelStatus): void {
    for (const map of Object.values(this.maps)) map.status[voxel] = status;
  }
}

function floored(eigenvalue: number): number {
  return eigenvalue > SMALLEST_EXPONENT ? eigenvalue : SMALLEST_EXPONENT;
}
