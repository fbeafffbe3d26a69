import { TensorCovariance } from '../uncertainty/tensor-covariance';
import { emptyDetailMap, type DetailMap } from '../data/detail-map';
import type { DiffusionVolume } from '../data/diffusion-volume';
import { VoxelStatus } from '../data/scalar-map';
import type { VoxelRange } from '../fitting/fit-runner';
import { SignalQuality } from '../fitting/log-signal';
import { noiseOfResiduals } from '../fitting/noise-of-residuals';
import { TENSOR_PARAMETERS, type TensorDesign } from './design-matrix';
import { eigenSymmetric } from './eigen-symmetric';
import { PARAMETER_STRIDE } from './linear-tensor-fit';
import { floored } from './tensor-output';
import { predictedSignal } from './tensor-signal-models';
import type { FittedTile } from './tensor-tile';

/** How a tensor fit went, voxel by voxel. */
export interface TensorDetails {
  /** Mode of anisotropy: -1 (disc) to 1 (line). */
  readonly mode: DetailMap;
  /**
   * Standard deviation of the residuals in signal units: sqrt(sum of squares / (measurements used - 7)), corrected
   * for outliers left out; without an artefact, the noise.
   */
  readonly residual: DetailMap;
  /** Reduced chi-square: (residual / noise of the slice)^2. 1 where the tensor explains the signal up to noise. */
  readonly chiSquare: DetailMap;
  /** Fraction of the measurements that were left out. */
  readonly outliers: DetailMap;
  /**
   * Standard errors of FA, MD, AD and RD (diffusivities in mm2/s) for the noise of the slice, by the delta method; 0 where
   * there is none.
   */
  readonly standardErrors: Readonly<Record<'fa' | 'md' | 'ad' | 'rd', DetailMap>>;
  /** By how much noise is expected to have raised FA (the residual of the voxel taken as noise), to second order. */
  readonly faBias: DetailMap;
  /** Standard deviation of the noise of each slice in signal units; null for a slice without a fitted voxel. */
  readonly noise: readonly (number | null)[];
  /** Where {@link noise} comes from, for people. */
  readonly noiseMethod: string;
  /** Voxels whose measurement was left out, `[volume used][slice]`. */
  readonly outlierVoxels: Uint32Array;
  /** Fitted voxels of each slice. */
  readonly fittedVoxels: Uint32Array;
}

/**
 * Mode of anisotropy of three eigenvalues; 0 when they are equal.
 *
 * Ennis & Kindlmann, Magn Reson Med 2006;55:136-146.
 */
export function tensorMode(l1: number, l2: number, l3: number): number {
  const mean = (l1 + l2 + l3) / 3;
  const a = l1 - mean;
  const b = l2 - mean;
  const c = l3 - mean;
  const norm = Math.sqrt(a * a + b * b + c * c);
  if (!(norm > 1e-12 * Math.abs(mean))) return 0;
  const mode = 3 * Math.sqrt(6) * (a / norm) * (b / norm) * (c / norm);
  return Math.min(Math.max(mode, -1), 1);
}

/** Standard deviation of what is left of standard normal noise when all beyond 3 is left out. */
const SD_WITHIN_LIMIT = 0.98658;

/** Absurd signals must not become Infinity in a map. */
const LARGEST_FLOAT32 = 3.4e38;

function asError(variance: number): number {
  return variance > 0 && Number.isFinite(variance) ? Math.min(Math.sqrt(variance), LARGEST_FLOAT32) : 0;
}

/** The detail maps being filled. */
export class TensorDetailOutput {
  private readonly mode: DetailMap;
  private readonly residual: DetailMap;
  private readonly outliers: DetailMap;
  private readonly outlierVoxels: Uint32Array;
  private readonly fittedVoxels: Uint32Array;
  private readonly eigen = new Float64Array(6);
  private readonly predicted: Float64Array;
  private readonly used: Uint8Array;
  private readonly covariance: TensorCovariance;
  /** For noise 1, until the noise is known. */
  private readonly standardErrors: TensorDetails['standardErrors'];
  private readonly faBias: DetailMap;

  constructor(
    private readonly volume: DiffusionVolume,
    private readonly design: TensorDesign,
    method: string,
    ordinary: boolean,
  ) {
    const delta = `${method}; delta method`;
    this.covariance = new TensorCovariance(design, ordinary);
    this.predicted = new Float64Array(design.rows);
    this.used = new Uint8Array(design.rows);
    this.standardErrors = {
      fa: emptyDetailMap(volume, 'standard error of FA', '1', delta),
      md: emptyDetailMap(volume, 'standard error of MD', 'mm2/s', delta),
      ad: emptyDetailMap(volume, 'standard error of AD', 'mm2/s', delta),
      rd: emptyDetailMap(volume, 'standard error of RD', 'mm2/s', delta),
    };
    this.faBias = emptyDetailMap(volume, 'bias of FA by noise', '1', delta);
    this.mode = emptyDetailMap(volume, 'mode of anisotropy', '1', method);
    this.residual = emptyDetailMap(volume, 'fit residual', 'signal', method);
    this.outliers = emptyDetailMap(volume, 'fraction of outliers', '1', method);
    this.outlierVoxels = new Uint32Array(design.rows * volume.grid.slices);
    this.fittedVoxels = new Uint32Array(volume.grid.slices);
  }

  /** @param status what the parameter maps say of this voxel */
  write(voxel: number, tile: FittedTile, at: number, status: VoxelStatus): void {
    const { mode, residual, outliers, faBias } = this;
    const maps = [mode, residual, outliers, faBias, ...Object.values(this.standardErrors)];
    for (const map of maps) map.status[voxel] = status;
    const parameters = at * PARAMETER_STRIDE;
    const failed = tile.singular[at] !== 0 || tile.quality[at] === SignalQuality.unusable;
    if (failed || !Number.isFinite(tile.parameters[parameters])) return;
    const squares = this.sumOfSquares(voxel, tile, at);
    if (!Number.isFinite(squares)) return;
    eigenSymmetric(tile.parameters, parameters + 1, this.eigen);
    const [l1 = 0, l2 = 0, l3 = 0] = this.eigen;
    this.mode.values[voxel] = tensorMode(floored(l1), floored(l2), floored(l3));
    const { rows } = this.design;
    const left = this.outliers.values[voxel] ?? 0;
    const freedom = Math.max(rows - left - TENSOR_PARAMETERS, 1);
    const kept = tile.outliers ? SD_WITHIN_LIMIT : 1;
    this.residual.values[voxel] = Math.min(Math.sqrt(squares / freedom) / kept, LARGEST_FLOAT32);
    this.outliers.values[voxel] = left / rows;
    this.writeErrors(voxel, tile, parameters + 1);
    const slice = this.sliceOf(voxel);
    this.fittedVoxels[slice] = (this.fittedVoxels[slice] ?? 0) + 1;
  }

  /** Takes over the details of some voxels that were fitted as a series of their own, with noise 1. */
  takePart(voxels: Int32Array, { from, to }: VoxelRange, part: TensorDetails): void {
    const { mode, residual, outliers, faBias, standardErrors } = this;
    const own = [mode, residual, outliers, faBias, ...Object.values(standardErrors)];
    const found = [
      part.mode,
      part.residual,
      part.outliers,
      part.faBias,
      ...Object.values(part.standardErrors),
    ];
    own.forEach((map, i) => {
      for (let at = from; at < to; at++) {
        const voxel = voxels[at] ?? 0;
        map.values[voxel] = found[i]?.values[at - from] ?? 0;
        map.status[voxel] = found[i]?.status[at - from] ?? 0;
      }
    });
    const { slices } = this.volume.grid;
    const slice = this.sliceOf(voxels[from] ?? 0);
    this.fittedVoxels[slice] = (this.fittedVoxels[slice] ?? 0) + (part.fittedVoxels[0] ?? 0);
    part.outlierVoxels.forEach((count, row) => {
      const cell = row * slices + slice;
      this.outlierVoxels[cell] = (this.outlierVoxels[cell] ?? 0) + count;
    });
  }

  result(noise: number | readonly number[] | undefined): TensorDetails {
    const levels = this.noiseLevels(noise);
    const chiSquare: DetailMap = {
      ...this.residual,
      name: 'reduced chi-square',
      unit: '1',
      values: this.residual.values.map((residual, voxel) => {
        const level = levels[this.sliceOf(voxel)] ?? 0;
        return level > 0 ? Math.min((residual / level) ** 2, LARGEST_FLOAT32) : 0;
      }),
    };
    const { mode, residual, outliers, outlierVoxels, fittedVoxels } = this;
    return {
      mode,
      residual,
      chiSquare,
      outliers,
      standardErrors: this.errorsFor(levels),
      faBias: this.faBias,
      noise: levels,
      noiseMethod: noise === undefined ? 'median fit residual of the slice' : 'given',
      outlierVoxels,
      fittedVoxels,
    };
  }

  private writeErrors(voxel: number, tile: FittedTile, at: number): void {
    const { covariance, predicted, used, standardErrors } = this;
    const sigma = this.residual.values[voxel] ?? 0;
    if (!covariance.find(tile.parameters, at, predicted, used, sigma)) return;
    const { fa, md, ad, rd, faBias } = covariance.variances;
    const { bScale } = this.design;
    standardErrors.fa.values[voxel] = asError(fa);
    standardErrors.md.values[voxel] = asError(md) / bScale;
    standardErrors.ad.values[voxel] = asError(ad) / bScale;
    standardErrors.rd.values[voxel] = asError(rd) / bScale;
    this.faBias.values[voxel] = Number.isFinite(faBias) ? faBias : 0;
  }

  private errorsFor(levels: readonly (number | null)[]): TensorDetails['standardErrors'] {
    const scaled = (map: DetailMap): DetailMap => ({
      ...map,
      values: map.values.map((unit, voxel) =>
        Math.min(unit * (levels[this.sliceOf(voxel)] ?? 0), LARGEST_FLOAT32),
      ),
    });
    const { fa, md, ad, rd } = this.standardErrors;
    return { fa: scaled(fa), md: scaled(md), ad: scaled(ad), rd: scaled(rd) };
  }

  /** Squared residuals of the measurements that were used; counts those that were not. */
  private sumOfSquares(voxel: number, tile: FittedTile, at: number): number {
    const { rows, weighting } = this.design;
    const { slices } = this.volume.grid;
    const slice = this.sliceOf(voxel);
    let squares = 0;
    let left = 0;
    for (let row = 0; row < rows; row++) {
      const outlier = tile.outliers?.[at * rows + row] === 1;
      const predicted = predictedSignal(weighting, row, tile.parameters, at * PARAMETER_STRIDE);
      this.predicted[row] = predicted;
      this.used[row] = outlier ? 0 : 1;
      if (outlier) {
        left++;
        const cell = row * slices + slice;
        this.outlierVoxels[cell] = (this.outlierVoxels[cell] ?? 0) + 1;
        continue;
      }
      squares += ((tile.signal[at * rows + row] ?? 0) - predicted) ** 2;
    }
    this.outliers.values[voxel] = left;
    return squares;
  }

  private noiseLevels(noise: number | readonly number[] | undefined): (number | null)[] {
    const { slices } = this.volume.grid;
    if (typeof noise === 'number') return new Array<number>(slices).fill(noise);
    if (noise !== undefined) return [...noise];
    const size = this.residual.values.length / slices;
    return Array.from({ length: slices }, (_, slice) => {
      const found: number[] = [];
      for (let voxel = slice * size; voxel < (slice + 1) * size; voxel++) {
        const status = this.residual.status[voxel];
        if (status === VoxelStatus.valid || status === VoxelStatus.atBound)
          found.push(this.residual.values[voxel] ?? 0);
      }
      const freedom = Math.max(this.design.rows - TENSOR_PARAMETERS, 1);
      const costs = Float64Array.from(found, (residual) => freedom * residual * residual);
      return found.length === 0 ? null : noiseOfResiduals(costs, freedom);
    });
  }

  private sliceOf(voxel: number): number {
    return Math.floor(voxel / (this.volume.grid.columns * this.volume.grid.rows));
  }
}
