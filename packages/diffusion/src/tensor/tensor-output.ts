import type { DiffusionVolume } from '../data/diffusion-volume';
import { VoxelStatus, type ScalarMap } from '../data/scalar-map';
import { voxelCount } from '../data/voxel-grid';
import { emptyMap } from '../fitting/fit-loop';
import type { VoxelRange } from '../fitting/fit-runner';
import { SignalQuality } from '../fitting/log-signal';
import { KERNEL_MAPS, type TensorKernel } from '../kernels/tensor-kernel';
import { eigenSymmetric } from './eigen-symmetric';
import { PARAMETER_STRIDE } from './linear-tensor-fit';
import type { TensorDetails } from './tensor-details';
import type { TensorFitReport, TensorFitResult } from './tensor-fit';
import type { FittedTile } from './tensor-tile';

/**
 * Smallest eigenvalue times the largest b-value: smaller ones, negative ones above all, are noise and are taken as this
 * (as dipy does).
 */
const SMALLEST_EXPONENT = 1e-6;

export type TensorQuantity = 'fa' | 'md' | 'ad' | 'rd' | 's0';

/** The maps being filled. */
export class TensorOutput {
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

  /** @returns the status of the voxel */
  write(voxel: number, fit: FittedTile, at: number): VoxelStatus {
    const parameters = at * PARAMETER_STRIDE;
    const quality = fit.quality[at] ?? 0;
    if (quality === SignalQuality.unusable) return this.fail(voxel, VoxelStatus.nonPositiveSignal);
    if (fit.singular[at] !== 0) return this.fail(voxel, VoxelStatus.singular);
    eigenSymmetric(fit.parameters, parameters + 1, this.eigen);
    const [e1 = 0, e2 = 0, e3 = 0, x = 0, y = 0, z = 0] = this.eigen;
    const s0 = Math.exp(fit.parameters[parameters] ?? 0);
    if (!Number.isFinite(e1 + e2 + e3 + s0)) return this.fail(voxel, VoxelStatus.singular);
    const status =
      quality === SignalQuality.nonPositive
        ? VoxelStatus.nonPositiveSignal
        : e3 < SMALLEST_EXPONENT
          ? VoxelStatus.atBound
          : VoxelStatus.valid;
    this.setStatus(voxel, status);
    this.maps.s0.values[voxel] = s0;
    this.setScalars(voxel, floored(e1), floored(e2), floored(e3));
    this.principalDirections[3 * voxel] = x;
    this.principalDirections[3 * voxel + 1] = y;
    this.principalDirections[3 * voxel + 2] = z;
    return status;
  }

  /** Takes a voxel over from a tile of the kernels; returns its status. */
  take(voxel: number, { maps, status, tile }: TensorKernel, at: number): VoxelStatus {
    const found = (status[at] ?? 0) as VoxelStatus;
    const { fa, md, ad, rd, s0 } = this.maps;
    const s0Value = maps[KERNEL_MAPS.s0 * tile + at] ?? 0;
    if (s0Value === 0 && found !== VoxelStatus.valid && found !== VoxelStatus.atBound) this.failed++;
    this.setStatus(voxel, found);
    fa.values[voxel] = maps[KERNEL_MAPS.fa * tile + at] ?? 0;
    md.values[voxel] = maps[KERNEL_MAPS.md * tile + at] ?? 0;
    ad.values[voxel] = maps[KERNEL_MAPS.ad * tile + at] ?? 0;
    rd.values[voxel] = maps[KERNEL_MAPS.rd * tile + at] ?? 0;
    s0.values[voxel] = s0Value;
    this.principalDirections[3 * voxel] = maps[KERNEL_MAPS.x * tile + at] ?? 0;
    this.principalDirections[3 * voxel + 1] = maps[KERNEL_MAPS.y * tile + at] ?? 0;
    this.principalDirections[3 * voxel + 2] = maps[KERNEL_MAPS.z * tile + at] ?? 0;
    return found;
  }

  /** Takes over the results of some voxels that were fitted as a series of their own. */
  takePart(voxels: Int32Array, { from, to }: VoxelRange, part: TensorFitResult): void {
    this.failed += part.report.failedVoxels;
    for (const quantity of ['fa', 'md', 'ad', 'rd', 's0'] as const) {
      const { values, status } = this.maps[quantity];
      const found = part.maps[quantity];
      for (let at = from; at < to; at++) {
        const voxel = voxels[at] ?? 0;
        values[voxel] = found.values[at - from] ?? 0;
        status[voxel] = found.status[at - from] ?? 0;
      }
    }
    for (let at = from; at < to; at++)
      for (let i = 0; i < 3; i++)
        this.principalDirections[3 * (voxels[at] ?? 0) + i] =
          part.principalDirections[3 * (at - from) + i] ?? 0;
  }

  result(
    report: Omit<TensorFitReport, 'fittedVoxels' | 'failedVoxels'>,
    voxels: number,
    details: TensorDetails | undefined,
  ): TensorFitResult {
    return {
      maps: this.maps,
      principalDirections: this.principalDirections,
      report: { ...report, fittedVoxels: voxels - this.failed, failedVoxels: this.failed },
      ...(details && { details }),
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

  private fail(voxel: number, status: VoxelStatus): VoxelStatus {
    this.failed++;
    this.setStatus(voxel, status);
    return status;
  }

  private setStatus(voxel: number, status: VoxelStatus): void {
    const { fa, md, ad, rd, s0 } = this.maps;
    fa.status[voxel] = status;
    md.status[voxel] = status;
    ad.status[voxel] = status;
    rd.status[voxel] = status;
    s0.status[voxel] = status;
  }
}

/** An eigenvalue times the design's b scale, as it counts in maps. */
export function floored(eigenvalue: number): number {
  return eigenvalue > SMALLEST_EXPONENT ? eigenvalue : SMALLEST_EXPONENT;
}
