import { emptyDetailMap, type DetailMap } from '../data/detail-map';
import type { DiffusionVolume } from '../data/diffusion-volume';
import { InputRefused } from '../data/refusal';
import { VoxelStatus } from '../data/scalar-map';
import { SignalQuality } from '../fitting/log-signal';
import { medianInPlace } from '../fitting/median';
import { TENSOR_PARAMETERS, type TensorDesign } from './design-matrix';
import { eigenSymmetric } from './eigen-symmetric';
import { PARAMETER_STRIDE } from './linear-tensor-fit';
import { floored } from './tensor-output';
import { predictedSignal } from './tensor-signal-models';
import type { TensorTile } from './tensor-tile';

/** How a tensor fit went, voxel by voxel. */
export interface TensorDetails {
  /** Mode of anisotropy: -1 (disc) to 1 (line). */
  readonly mode: DetailMap;
  /**
   * Standard deviation of the residuals in signal units: sqrt(sum of squares / (measurements used - 7)); without an
   * artefact, the noise.
   */
  readonly residual: DetailMap;
  /** Reduced chi-square: (residual / noise of the slice)^2. 1 where the tensor explains the signal up to noise. */
  readonly chiSquare: DetailMap;
  /** Fraction of the measurements that were left out. */
  readonly outliers: DetailMap;
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

/** @throws InputRefused when noise is not positive, or not one for all and not one per slice */
export function checkNoise(noise: number | readonly number[] | undefined, slices: number): void {
  if (noise === undefined) return;
  const levels = typeof noise === 'number' ? [noise] : noise;
  const wrong = levels.find((level) => !(level > 0) || !Number.isFinite(level));
  if (wrong === undefined && (typeof noise === 'number' || levels.length === slices)) return;
  throw new InputRefused(
    wrong === undefined
      ? `${String(levels.length)} noise levels for ${String(slices)} slices`
      : `noise level ${String(wrong)}`,
    'tensor fit',
    'give one positive standard deviation, or one per slice',
  );
}

/** Absurd signals must not become Infinity in a map. */
const LARGEST_FLOAT32 = 3.4e38;

/** The detail maps being filled. */
export class TensorDetailOutput {
  private readonly mode: DetailMap;
  private readonly residual: DetailMap;
  private readonly outliers: DetailMap;
  private readonly outlierVoxels: Uint32Array;
  private readonly fittedVoxels: Uint32Array;
  private readonly eigen = new Float64Array(6);

  constructor(
    private readonly volume: DiffusionVolume,
    private readonly design: TensorDesign,
    method: string,
  ) {
    this.mode = emptyDetailMap(volume, 'mode of anisotropy', '1', method);
    this.residual = emptyDetailMap(volume, 'fit residual', 'signal', method);
    this.outliers = emptyDetailMap(volume, 'fraction of outliers', '1', method);
    this.outlierVoxels = new Uint32Array(design.rows * volume.grid.slices);
    this.fittedVoxels = new Uint32Array(volume.grid.slices);
  }

  /** @param status what the parameter maps say of this voxel */
  write(voxel: number, tile: TensorTile, at: number, status: VoxelStatus): void {
    for (const map of [this.mode, this.residual, this.outliers]) map.status[voxel] = status;
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
    this.residual.values[voxel] = Math.min(Math.sqrt(squares / freedom), LARGEST_FLOAT32);
    this.outliers.values[voxel] = left / rows;
    const slice = this.sliceOf(voxel);
    this.fittedVoxels[slice] = (this.fittedVoxels[slice] ?? 0) + 1;
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
      noise: levels,
      noiseMethod: noise === undefined ? 'median fit residual of the slice' : 'given',
      outlierVoxels,
      fittedVoxels,
    };
  }

  /** Squared residuals of the measurements that were used; counts those that were not. */
  private sumOfSquares(voxel: number, tile: TensorTile, at: number): number {
    const { rows, weighting } = this.design;
    const { slices } = this.volume.grid;
    const slice = this.sliceOf(voxel);
    let squares = 0;
    let left = 0;
    for (let row = 0; row < rows; row++) {
      if (tile.outliers?.[at * rows + row] === 1) {
        left++;
        const cell = row * slices + slice;
        this.outlierVoxels[cell] = (this.outlierVoxels[cell] ?? 0) + 1;
        continue;
      }
      const predicted = predictedSignal(weighting, row, tile.parameters, at * PARAMETER_STRIDE);
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
      return found.length === 0 ? null : medianInPlace(Float64Array.from(found), found.length);
    });
  }

  private sliceOf(voxel: number): number {
    return Math.floor(voxel / (this.volume.grid.columns * this.volume.grid.rows));
  }
}
