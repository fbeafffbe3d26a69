import { voxelIndex, type VoxelGrid } from '@myelon/diffusion';

/**
 * The mask without its outermost voxels: kept are those whose four neighbours in the slice belong to it too.
 *
 * @param voxels `[slice][row][column]`, 1 inside
 */
export function erodedInSlices(voxels: Uint8Array, grid: VoxelGrid): Uint8Array {
  const { columns, rows, slices } = grid;
  const isInside = (column: number, row: number, slice: number) =>
    column >= 0 &&
    row >= 0 &&
    column < columns &&
    row < rows &&
    voxels[voxelIndex(grid, column, row, slice)] === 1;
  const kept = new Uint8Array(voxels.length);
  for (let slice = 0; slice < slices; slice++)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const inner =
          isInside(column, row, slice) &&
          isInside(column - 1, row, slice) &&
          isInside(column + 1, row, slice) &&
          isInside(column, row - 1, slice) &&
          isInside(column, row + 1, slice);
        if (inner) kept[voxelIndex(grid, column, row, slice)] = 1;
      }
  return kept;
}
