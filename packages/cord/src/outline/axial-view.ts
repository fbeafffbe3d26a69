import { InputRefused, spacingMm, voxelCount, type Affine, type VoxelGrid } from '@myelon/diffusion';

/** An image with its axes in an order that makes every slice cut across the neck. */
export interface AxialView {
  /** Same voxels, slices counted along the axis nearest to the body's. */
  readonly grid: VoxelGrid;
  readonly image: Float32Array;
  /** Puts labels of the view back into the order of the original image. */
  backToOriginal(labels: Uint8Array): Uint8Array;
}

/** In coarser planes the cord shows where it is, but not its cross-section, mm. */
const COARSEST_SECTION_MM = 2;
/** In still coarser ones (slices along the neck, further apart) it cannot be outlined, mm. */
const COARSEST_OUTLINE_MM = 4.5;

/**
 * Why planes show no cross-section of the cord; null when they do.
 * @param planes a grid whose slices cross the neck
 */
export function whyNoSections(planes: VoxelGrid): string | null {
  const pixelMm = Math.max(spacingMm(planes)[0], spacingMm(planes)[1]);
  if (pixelMm <= COARSEST_SECTION_MM) return null;
  return `slices along the neck, ${pixelMm.toFixed(1)} mm apart, do not show the cross-section of the cord`;
}

/**
 * Axial stacks stay as they are; the axes of sagittal and coronal ones are exchanged (no interpolation).
 * @throws InputRefused when the planes across the neck would be too coarse
 */
export function axialView(image: Float32Array, grid: VoxelGrid): AxialView {
  const upwards = [8, 9, 10].map((at, axis) => Math.abs(grid.affine[at] ?? 0) / (spacingMm(grid)[axis] ?? 1));
  const along = upwards.reduce((best, value, axis) => (value > (upwards[best] ?? 0) ? axis : best), 2);
  if (along === 2) return { grid, image, backToOriginal: (labels) => labels };
  // The axis along the neck and the slice axis change places.
  const order = along === 0 ? [2, 1, 0] : [0, 2, 1];
  const view = permutedGrid(grid, order);
  const pixelMm = Math.max(spacingMm(view)[0], spacingMm(view)[1]);
  if (pixelMm > COARSEST_OUTLINE_MM) {
    throw new InputRefused(
      `slices run along the neck and are ${pixelMm.toFixed(1)} mm apart`,
      'cord outline',
      'choose an axial series, or outline by hand',
    );
  }
  const original = originalIndices(grid, view, order);
  return {
    grid: view,
    image: Float32Array.from(original, (at) => image[at] ?? Number.NaN),
    backToOriginal: (labels) => {
      const back = new Uint8Array(labels.length);
      original.forEach((at, index) => {
        back[at] = labels[index] ?? 0;
      });
      return back;
    },
  };
}

/** Axis `k` of the result is axis `order[k]` of the grid. */
function permutedGrid(grid: VoxelGrid, order: readonly number[]): VoxelGrid {
  const sizes = [grid.columns, grid.rows, grid.slices];
  const [columns = 1, rows = 1, slices = 1] = order.map((axis) => sizes[axis] ?? 1);
  const affine = [0, 4, 8].flatMap((line) => [
    ...order.map((axis) => grid.affine[line + axis] ?? 0),
    grid.affine[line + 3] ?? 0,
  ]) as unknown as Affine;
  return { ...grid, columns, rows, slices, affine };
}

/** For every voxel of the view, in order, where it lies in the original. */
function originalIndices(grid: VoxelGrid, view: VoxelGrid, order: readonly number[]): Int32Array {
  const strides = [1, grid.columns, grid.columns * grid.rows];
  const [i, j, k] = order.map((axis) => strides[axis] ?? 0) as [number, number, number];
  const indices = new Int32Array(voxelCount(view));
  let at = 0;
  for (let slice = 0; slice < view.slices; slice++)
    for (let row = 0; row < view.rows; row++)
      for (let column = 0; column < view.columns; column++) indices[at++] = column * i + row * j + slice * k;
  return indices;
}
