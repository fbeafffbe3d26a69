import { cordSlices, resampleMask, type CordMask } from '@myelon/cord';
import { InputRefused, sameGrid, voxelVolumeMm3, type VoxelGrid } from '@myelon/diffusion';
import type { RegionRecord } from '../analysis-record';

/** A part of the outline that is measured, without its statistics. */
export type Region = Omit<RegionRecord, 'statistics'>;

/** Region ids that have one meaning everywhere (record, SR, panel). */
export const REGION_IDS = {
  wholeCord: 'whole-cord',
  compression: 'compression',
  /** @param slice slice of the outline's grid, from 0; the id counts from 1 as people do */
  slice: (slice: number) => `slice-${String(slice + 1)}`,
} as const;

/**
 * The regions of an outline: the whole cord, the compression (when slices are named), each slice.
 * Voxels and volume are those of the outline, not of the measuring mask.
 *
 * @param compressionSlices slices of the outline's grid, from 0; may be empty
 * @throws InputRefused when a compression slice holds no cord
 */
export function regionsOfCord(mask: CordMask, compressionSlices: readonly number[]): Region[] {
  const slices = cordSlices(mask);
  const absent = compressionSlices.filter((slice) => !slices.includes(slice));
  if (absent.length > 0) {
    throw new InputRefused(
      `no cord is outlined in slice ${absent.map((slice) => String(slice + 1)).join(', ')}`,
      'compression slices',
      `name slices between ${String(Math.min(...slices) + 1)} and ${String(Math.max(...slices) + 1)}, or outline the cord there`,
    );
  }
  const region = (id: string, name: string, kind: Region['kind'], of: readonly number[]) =>
    regionOfSlices(mask, id, name, kind, of);
  const compression = [...new Set(compressionSlices)].sort((p, q) => p - q);
  return [
    region(REGION_IDS.wholeCord, 'Whole cord', 'whole-cord', slices),
    ...(compression.length > 0
      ? [region(REGION_IDS.compression, 'Compression', 'compression', compression)]
      : []),
    ...slices.map((slice) => region(REGION_IDS.slice(slice), `Slice ${String(slice + 1)}`, 'slice', [slice])),
  ];
}

/** A region of whole slices of the outline. */
export function regionOfSlices(
  mask: CordMask,
  id: string,
  name: string,
  kind: Region['kind'],
  slices: readonly number[],
): Region {
  const sorted = [...slices].sort((p, q) => p - q);
  const voxels = sorted.reduce((sum, slice) => sum + cordVoxelsInSlice(mask, slice), 0);
  return { id, name, kind, slices: sorted, voxels, volumeMm3: voxels * voxelVolumeMm3(mask.grid) };
}

function cordVoxelsInSlice(mask: CordMask, slice: number): number {
  const size = mask.grid.columns * mask.grid.rows;
  let voxels = 0;
  for (let at = slice * size; at < (slice + 1) * size; at++) if ((mask.labels[at] ?? 0) > 0) voxels++;
  return voxels;
}

/**
 * Voxels of the maps' grid to measure, by slice of the outline's grid (element `s`: linear indices of the maps' grid
 * whose centre lies in a measured voxel of slice `s`). On one and the same grid these are the measured voxels.
 *
 * @param voxels measuring mask on `grid`, 1 where measured
 * @param onto grid of the maps
 * @throws InputRefused when the two grids belong to different frames of reference
 */
export function measuredVoxelsBySlice(grid: VoxelGrid, voxels: Uint8Array, onto: VoxelGrid): number[][] {
  const size = grid.columns * grid.rows;
  const bySlice: number[][] = Array.from({ length: grid.slices }, () => []);
  const p = grid.frameOfReferenceUID;
  const q = onto.frameOfReferenceUID;
  if (p !== undefined && q !== undefined && p !== q) {
    throw new InputRefused(
      'its frame of reference differs from that of the outlined series, so positions cannot be compared',
      'IVIM series',
      'use series of one scanning session, or register them',
    );
  }
  if (sameGrid(grid, onto)) {
    voxels.forEach((measured, index) => {
      if (measured) bySlice[Math.floor(index / size)]?.push(index);
    });
    return bySlice;
  }
  if (!voxels.some((measured) => measured > 0)) return bySlice;
  // Slice number as label; 255 is the most a label can hold.
  if (grid.slices > 255)
    throw new InputRefused(
      `${String(grid.slices)} slices`,
      'cord outline',
      'outlines hold at most 255 slices',
    );
  const labels = voxels.map((measured, index) => (measured ? Math.floor(index / size) + 1 : 0));
  const resampled = resampleMask({ grid, labels, method: 'imported' }, onto);
  resampled.labels.forEach((label, index) => {
    if (label > 0) bySlice[label - 1]?.push(index);
  });
  return bySlice;
}
