import type { Affine, VoxelGrid } from '@myelon/diffusion';
import { determinant } from './affine-rotation';
import { dataFits } from './nifti-image';

/**
 * The same image as dcm2niix stores DICOM: rows from the lower edge of the picture upwards, so that the affine has a
 * negative determinant. World positions of all voxels stay. An image that is that way already is returned as it is.
 * @throws RangeError when the data do not fill the grid
 */
export function toNiftiOrientation<
  T extends { grid: VoxelGrid; volumes: number; data: Float32Array | Uint8Array | Int16Array },
>(image: T): T {
  if (!dataFits(image)) throw new RangeError('data do not fill grid x volumes');
  const { grid } = image;
  if (determinant(grid.affine) < 0) return image;
  const { columns, rows } = grid;
  const flipped = image.data.slice();
  const lines = flipped.length / columns;
  for (let line = 0; line < lines; line++) {
    const slice = Math.floor(line / rows);
    const mirrored = slice * rows + (rows - 1 - (line % rows));
    flipped.set(image.data.subarray(line * columns, (line + 1) * columns), mirrored * columns);
  }
  return { ...image, grid: niftiOrientedGrid(grid), data: flipped };
}

/** The grid that an image has after {@link toNiftiOrientation}. */
export function niftiOrientedGrid(grid: VoxelGrid): VoxelGrid {
  return determinant(grid.affine) < 0 ? grid : { ...grid, affine: rowsReversed(grid.affine, grid.rows) };
}

function rowsReversed(affine: Affine, rows: number): Affine {
  const [a, b, c, x, d, e, f, y, g, h, i, z] = affine;
  const last = rows - 1;
  return [a, -b, c, x + b * last, d, -e, f, y + e * last, g, -h, i, z + h * last];
}
