import { voxelCount, voxelToPatient, type VoxelGrid } from '@myelon/diffusion';
import type { HostContext } from './context';

/** Slices further apart than this are not the same slice. */
const SAME_POSITION_MM = 0.05;

export interface ShownOutline {
  /** New for every labelmap: the viewer remembers colours of an identifier longer than it keeps the colours. */
  readonly segmentationId: string;
  readonly displaySetInstanceUID: string;
  readonly grid: VoxelGrid;
  /** Labelmap image of every slice of the grid. */
  readonly imageIds: readonly string[];
}

/** Pixels of the images the labelmap was made on, by position. */
export function imageUnder(
  context: HostContext,
  { displaySetInstanceUID, grid }: ShownOutline,
): Float32Array | null {
  const { imageIds = [] } = context.displaySet(displaySetInstanceUID);
  const perSlice = grid.columns * grid.rows;
  const values = new Float32Array(voxelCount(grid));
  for (const [slice, imageId] of inSliceOrder(context, imageIds, grid).entries()) {
    const pixels = context.cornerstone.cache.getImage(imageId)?.voxelManager?.getScalarData();
    if (pixels?.length !== perSlice) return null;
    values.set(pixels, slice * perSlice);
  }
  return values;
}

/** Labelmap images in the order of the slices of a grid, by position: neither host promises an order. */
export function labelmapSlices(context: HostContext, segmentationId: string, grid: VoxelGrid): string[] {
  return inSliceOrder(
    context,
    [context.tools.segmentation.getLabelmapImageIds(segmentationId) ?? []].flat(),
    grid,
  );
}

function inSliceOrder(context: HostContext, imageIds: readonly string[], grid: VoxelGrid): string[] {
  const positions = imageIds.map((imageId) => {
    const plane = context.cornerstone.metaData.get('imagePlaneModule', imageId) as {
      imagePositionPatient: number[];
    };
    return { imageId, position: plane.imagePositionPatient };
  });
  return Array.from({ length: grid.slices }, (_, slice) => {
    const [x, y, z] = voxelToPatient(grid, [0, 0, slice]);
    const found = positions.find(
      ({ position: [px = 0, py = 0, pz = 0] }) => Math.hypot(px - x, py - y, pz - z) <= SAME_POSITION_MM,
    );
    if (!found) throw new Error(`slice ${String(slice + 1)} of the outline is not in the series on screen`);
    return found.imageId;
  });
}

function slicePixels(context: HostContext, imageId: string) {
  const image = context.cornerstone.cache.getImage(imageId);
  if (!image?.voxelManager) throw new Error('the outline is no longer in memory: draw it again');
  return image.voxelManager;
}

export function writeLabels(
  context: HostContext,
  { grid, imageIds }: ShownOutline,
  labels: Uint8Array,
): void {
  const perSlice = grid.columns * grid.rows;
  for (const [slice, imageId] of imageIds.entries()) {
    slicePixels(context, imageId)
      .getScalarData()
      .set(labels.subarray(slice * perSlice, (slice + 1) * perSlice));
  }
}

export function readLabels(context: HostContext, { grid, imageIds }: ShownOutline): Uint8Array {
  const perSlice = grid.columns * grid.rows;
  const labels = new Uint8Array(voxelCount(grid));
  for (const [slice, imageId] of imageIds.entries()) {
    labels.set(slicePixels(context, imageId).getScalarData(), slice * perSlice);
  }
  return labels;
}
