import { InputRefused, voxelCount, type VoxelGrid } from '@myelon/diffusion';
import type { Code } from '../codes/code';
import { checkReferencedVolume, type ReferencedVolume } from '../write/referenced-volume';
import type { DerivedObject } from '../write/derived-object';

export const SEGMENTATION_STORAGE = '1.2.840.10008.5.1.4.1.1.66.4';

/** How the voxels were chosen (Segment Algorithm Type). */
export type SegmentAlgorithm = 'AUTOMATIC' | 'SEMIAUTOMATIC' | 'MANUAL';

/** One structure: its voxels and what it is. Segments may overlap. */
export interface Segment {
  /** What people call it, at most 64 characters ("Spinal cord", "Spinal cord, compression"). */
  readonly label: string;
  /** Links the segment to its measurements: the same pair goes into the report. */
  readonly trackingIdentifier: string;
  readonly trackingUID: string;
  /** `[slice][row][column]`, non-zero inside. */
  readonly voxels: Uint8Array;
  readonly algorithm: SegmentAlgorithm;
  /** Name and version of the algorithm; needed unless MANUAL. */
  readonly algorithmName?: string;
  readonly algorithmVersion?: string;
  /** Where along the spine, when it is not the whole cord (a vertebral or disc level). */
  readonly level?: Code;
}

/** Everything a segmentation object says. */
export interface SegmentationContent extends DerivedObject {
  readonly source: ReferencedVolume;
  readonly segments: readonly Segment[];
}

/** @throws InputRefused when a segment is empty, does not fit the grid, or lacks what the standard wants */
export function checkSegmentation(content: SegmentationContent): void {
  checkReferencedVolume(content.source);
  const where = 'segmentation';
  if (content.segments.length === 0)
    throw new InputRefused('no segment', where, 'outline the cord before saving');
  for (const segment of content.segments) checkSegment(segment, content.source.grid);
  const uids = content.segments.map((segment) => segment.trackingUID);
  if (new Set(uids).size !== uids.length)
    throw new InputRefused('two segments share a tracking UID', where, 'make one UID per segment');
}

function checkSegment(segment: Segment, grid: VoxelGrid): void {
  const where = `segment "${segment.label}"`;
  if (segment.voxels.length !== voxelCount(grid)) {
    throw new InputRefused(
      `${String(segment.voxels.length)} values for ${String(voxelCount(grid))} voxels`,
      where,
      'the outline belongs to another image: outline this one',
    );
  }
  if (!segment.voxels.some((voxel) => voxel !== 0))
    throw new InputRefused('no voxel is marked', where, 'leave the segment out, or outline it');
  if (segment.algorithm !== 'MANUAL' && segment.algorithmName === undefined)
    throw new InputRefused('no algorithm name', where, 'say which algorithm made it');
}
