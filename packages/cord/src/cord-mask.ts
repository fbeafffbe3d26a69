import { InputRefused, voxelCount, type VoxelGrid } from '@myelon/diffusion';

/** How the outline came to be. */
export type OutlineMethod = 'automatic' | 'edited' | 'manual' | 'imported';

/**
 * Which voxels are spinal cord. Labels are 0 (not cord) or a segment number; every non-zero voxel is cord.
 * Level segments, when there are any, split the same voxels.
 */
export interface CordMask {
  readonly grid: VoxelGrid;
  /** `[slice][row][column]`, 0 or segment number from 1. */
  readonly labels: Uint8Array;
  readonly method: OutlineMethod;
}

/** @throws InputRefused when labels do not fit the grid, or no voxel is cord */
export function cordMask(parts: CordMask): CordMask {
  if (parts.labels.length !== voxelCount(parts.grid)) {
    throw new InputRefused(
      `${String(parts.labels.length)} labels for ${String(voxelCount(parts.grid))} voxels`,
      'cord outline',
      'the outline belongs to another image: outline this one',
    );
  }
  if (!parts.labels.some((label) => label > 0)) {
    throw new InputRefused(
      'no voxel is marked as cord',
      'cord outline',
      'outline the cord in at least one slice',
    );
  }
  return parts;
}

/** Slices that hold cord, ascending. */
export function cordSlices(mask: CordMask): number[] {
  const perSlice = mask.grid.columns * mask.grid.rows;
  const slices: number[] = [];
  for (let slice = 0; slice < mask.grid.slices; slice++) {
    if (mask.labels.subarray(slice * perSlice, (slice + 1) * perSlice).some((label) => label > 0))
      slices.push(slice);
  }
  return slices;
}
