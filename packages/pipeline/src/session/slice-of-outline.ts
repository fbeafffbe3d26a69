import { cordMask, expectedCentre, outlineCord, type CordMask, type CordOutline } from '@myelon/cord';
import { InputRefused, sameGrid, type VoxelGrid } from '@myelon/diffusion';
import type { ProgressListener } from './fit-models';

interface SliceRequest {
  readonly image: Float32Array;
  readonly grid: VoxelGrid;
  /** From 0. */
  readonly slice: number;
  readonly mask: CordMask;
  readonly outline: CordOutline | null;
}

/** Outlines the stack with a point where the neighbours of one slice show the cord, and takes that slice of it. */
export async function outlineSliceAnew(
  { image, grid, slice, mask, outline }: SliceRequest,
  onProgress?: ProgressListener,
  signal?: AbortSignal,
): Promise<{ outline: CordOutline; mask: CordMask }> {
  const seed = expectedCentre(mask.grid, mask.labels, slice);
  const anew = await outlineCord(image, grid, {
    contrast: 'dwi',
    seeds: seed ? [seed] : [],
    offsetMm: outline?.offsetMm ?? 0,
    ...(onProgress ? { onProgress } : {}),
    ...(signal ? { signal } : {}),
  });
  signal?.throwIfAborted();
  return withSliceOf(anew, slice, mask, outline);
}

/**
 * One slice of a new outline put into a mask, and into the outline it was drawn from.
 * @param before the outline so far; null for a mask that came without one
 * @throws InputRefused when the slices of the new outline are not those of the mask, or it found no cord there
 */
function withSliceOf(
  anew: CordOutline,
  slice: number,
  mask: CordMask,
  before: CordOutline | null,
): { outline: CordOutline; mask: CordMask } {
  if (!sameGrid(anew.planes, mask.grid)) {
    throw new InputRefused(
      'the slices run along the neck: a single one cannot be outlined anew',
      'cord outline',
      'find the cord again, or draw in this slice',
    );
  }
  if (!anew.contours[slice]) {
    throw new InputRefused(
      `no cord is to be seen in slice ${String(slice + 1)}`,
      'cord outline',
      'draw it by hand, or copy it from the next slice',
    );
  }
  const base = before ?? anew;
  const put = <T>(into: readonly T[], from: readonly T[]) =>
    into.map((one, at) => (at === slice ? (from[slice] ?? one) : one));
  return {
    outline: {
      ...base,
      mask: { ...base.mask, labels: withSlice(base.mask, anew.mask, slice) },
      contours: put(base.contours, anew.contours),
      centreline: put(base.centreline, anew.centreline),
      areasMm2: put(base.areasMm2, anew.areasMm2),
      slicesToCheck: [
        ...base.slicesToCheck.filter((one) => one.slice !== slice),
        ...anew.slicesToCheck.filter((one) => one.slice === slice),
      ].sort((p, q) => p.slice - q.slice),
    },
    mask: cordMask({ ...mask, labels: withSlice(mask, anew.mask, slice) }),
  };
}

function withSlice(mask: CordMask, from: CordMask, slice: number): Uint8Array {
  const perSlice = mask.grid.columns * mask.grid.rows;
  const labels = mask.labels.slice();
  labels.set(from.labels.subarray(slice * perSlice, (slice + 1) * perSlice), slice * perSlice);
  return labels;
}
