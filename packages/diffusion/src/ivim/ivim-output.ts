import { emptyDetailMap, type DetailMap } from '../data/detail-map';
import type { DiffusionVolume } from '../data/diffusion-volume';
import { VoxelStatus, type ScalarMap } from '../data/scalar-map';
import { emptyMap } from '../fitting/fit-loop';
import type { VoxelRange } from '../fitting/fit-runner';
import { SignalQuality } from '../fitting/log-signal';
import type { AveragedBValues } from './averaged-b-values';
import type { IntervalQuantity, IvimTile } from './ivim-estimate';
import type { IvimDetails, IvimFitReport, IvimFitResult, IvimInterval } from './ivim-fit';
import { ivimSignal } from './ivim-model';
import { MonoexponentialFit } from './monoexponential-fit';

export type IvimQuantity = 'ivim_d' | 'ivim_dstar' | 'ivim_f' | 'ivim_s0' | 'adc';

const INTERVAL_QUANTITIES: readonly IntervalQuantity[] = ['ivim_d', 'ivim_f', 'ivim_dstar'];

/** Numbers beyond this are Infinity in a map. */
const LARGEST_FLOAT32 = 3.4e38;

/** The maps being filled. */
export class IvimOutput {
  private readonly maps: Readonly<Record<IvimQuantity, ScalarMap>>;
  private readonly adc: MonoexponentialFit;
  private readonly intervals: Readonly<Record<IntervalQuantity, IvimInterval>> | null;
  private readonly residual: DetailMap | null;
  private failed = 0;

  constructor(
    volume: DiffusionVolume,
    private readonly averaged: AveragedBValues,
    method: string,
    wanted: { readonly intervals: boolean; readonly details: boolean },
  ) {
    this.maps = {
      ivim_d: emptyMap(volume, 'ivim_d', method),
      ivim_dstar: emptyMap(volume, 'ivim_dstar', method),
      ivim_f: emptyMap(volume, 'ivim_f', method),
      ivim_s0: emptyMap(volume, 'ivim_s0', method),
      adc: emptyMap(volume, 'adc', 'monoexponential over all b-values, weights by predicted signal'),
    };
    this.adc = new MonoexponentialFit(averaged.bValues, averaged.repeats, 0);
    const size = this.maps.adc.values.length;
    const interval = (): IvimInterval => ({ lower: new Float32Array(size), upper: new Float32Array(size) });
    this.intervals = wanted.intervals
      ? { ivim_d: interval(), ivim_f: interval(), ivim_dstar: interval() }
      : null;
    this.residual = wanted.details ? emptyDetailMap(volume, 'fit residual', 'signal', method) : null;
  }

  /** @param sigma standard deviation of the noise, signal units; NaN when it is not known */
  write(voxel: number, tile: IvimTile, at: number, quality: number, sigma: number): void {
    if (quality === SignalQuality.unusable) return this.fail(voxel, VoxelStatus.nonPositiveSignal);
    if (!tile.fit(at, sigma)) return this.fail(voxel, VoxelStatus.singular);
    const { estimate } = tile;
    const { d, f, dStar, dAtBound, fAtBound, dStarAtBound } = estimate;
    const s0 = estimate.s0 * Math.exp(tile.lnScale[at] ?? 0);
    if (!Number.isFinite(s0 + d + f + dStar)) return this.fail(voxel, VoxelStatus.singular);
    const flagged = quality === SignalQuality.nonPositive;
    this.set('ivim_d', voxel, d, dAtBound, flagged);
    this.set('ivim_s0', voxel, s0, false, flagged);
    this.set('ivim_f', voxel, f, fAtBound, flagged);
    if (dStar > 0) this.set('ivim_dstar', voxel, dStar, dStarAtBound, flagged);
    else this.maps.ivim_dstar.status[voxel] = VoxelStatus.singular;
    this.writeAdc(voxel, tile, at, flagged);
    this.writeDetails(voxel, tile, at, s0);
  }

  /** Takes over the results of some voxels that were fitted as a series of their own. */
  takePart(voxels: Int32Array, { from, to }: VoxelRange, part: IvimFitResult): void {
    this.failed += part.report.failedVoxels;
    const copy = (own: Float32Array | Uint8Array, found: Float32Array | Uint8Array | undefined): void => {
      for (let at = from; at < to; at++) own[voxels[at] ?? 0] = found?.[at - from] ?? 0;
    };
    for (const quantity of ['ivim_d', 'ivim_dstar', 'ivim_f', 'ivim_s0', 'adc'] as const) {
      copy(this.maps[quantity].values, part.maps[quantity].values);
      copy(this.maps[quantity].status, part.maps[quantity].status);
    }
    const { intervals, residual } = this;
    if (intervals)
      for (const quantity of INTERVAL_QUANTITIES) {
        copy(intervals[quantity].lower, part.intervals?.[quantity].lower);
        copy(intervals[quantity].upper, part.intervals?.[quantity].upper);
      }
    if (!residual) return;
    copy(residual.values, part.details?.residual.values);
    copy(residual.status, part.details?.residual.status);
  }

  result(
    report: Omit<IvimFitReport, 'fittedVoxels' | 'failedVoxels'>,
    voxels: number,
    noise: Omit<IvimDetails, 'residual'> | null,
  ): IvimFitResult {
    const { maps, intervals, residual, failed } = this;
    return {
      maps,
      report: { ...report, fittedVoxels: voxels - failed, failedVoxels: failed },
      ...(intervals && { intervals }),
      ...(residual && noise && { details: { residual, ...noise } }),
    };
  }

  private writeAdc(voxel: number, tile: IvimTile, at: number, flagged: boolean): void {
    const { adc } = this;
    if (!adc.fit(tile.logSignal, at * this.averaged.count)) {
      this.maps.adc.status[voxel] = VoxelStatus.singular;
      return;
    }
    this.set('adc', voxel, Math.max(adc.diffusivity, 0), adc.diffusivity < 0, flagged);
  }

  private writeDetails(voxel: number, tile: IvimTile, at: number, s0: number): void {
    const { intervals, residual, averaged } = this;
    if (intervals)
      for (const quantity of INTERVAL_QUANTITIES) {
        intervals[quantity].lower[voxel] = tile.estimate.intervals[quantity][0] ?? 0;
        intervals[quantity].upper[voxel] = tile.estimate.intervals[quantity][1] ?? 0;
      }
    if (!residual) return;
    const { bValues, repeats, count } = averaged;
    const predicted = ivimSignal(bValues, { ...tile.estimate, s0 });
    let squares = 0;
    for (let i = 0; i < count; i++)
      squares +=
        (repeats[i] ?? 0) * (Math.exp(tile.logSignal[at * count + i] ?? 0) - (predicted[i] ?? 0)) ** 2;
    residual.values[voxel] = Math.min(Math.sqrt(squares / Math.max(count - 4, 1)), LARGEST_FLOAT32);
    residual.status[voxel] = this.maps.ivim_d.status[voxel] ?? 0;
  }

  private set(
    quantity: IvimQuantity,
    voxel: number,
    value: number,
    atBound: boolean,
    flagged: boolean,
  ): void {
    this.maps[quantity].values[voxel] = value;
    this.maps[quantity].status[voxel] = flagged
      ? VoxelStatus.nonPositiveSignal
      : atBound
        ? VoxelStatus.atBound
        : VoxelStatus.valid;
  }

  private fail(voxel: number, status: VoxelStatus): void {
    this.failed++;
    for (const map of Object.values(this.maps)) map.status[voxel] = status;
    if (this.residual) this.residual.status[voxel] = status;
  }
}
