import { voxelCount, type VoxelGrid } from '@myelon/diffusion';

/** An image of one or more volumes on one grid. */
export interface NiftiImage {
  /** Voxel (i, j, k) of the file is (column, row, slice); the affine is in LPS mm (NIfTI itself is RAS). */
  readonly grid: VoxelGrid;
  readonly volumes: number;
  /** Values after scl_slope and scl_inter, `[volume][slice][row][column]`. */
  readonly data: Float32Array;
}

/** True when the data fill grid x volumes. */
export function dataFits(image: {
  readonly grid: VoxelGrid;
  readonly volumes: number;
  readonly data: ArrayLike<number>;
}): boolean {
  return image.data.length === voxelCount(image.grid) * image.volumes;
}
