import type { DiffusionVolume } from './diffusion-volume';
import { VoxelStatus, type QuantityUnit } from './scalar-map';
import { voxelCount, type VoxelGrid } from './voxel-grid';

/** A number per voxel that says how a fit went rather than what the tissue is like. Otherwise as a `ScalarMap`. */
export interface DetailMap {
  readonly grid: VoxelGrid;
  /** For people: "fit residual". */
  readonly name: string;
  readonly unit: QuantityUnit;
  readonly method: string;
  readonly values: Float32Array;
  /** {@link VoxelStatus} per voxel. */
  readonly status: Uint8Array;
}

/** A detail map without values. */
export function emptyDetailMap(
  volume: DiffusionVolume,
  name: string,
  unit: QuantityUnit,
  method: string,
): DetailMap {
  const size = voxelCount(volume.grid);
  return {
    grid: volume.grid,
    name,
    unit,
    method,
    values: new Float32Array(size),
    status: new Uint8Array(size).fill(VoxelStatus.outsideMask),
  };
}
