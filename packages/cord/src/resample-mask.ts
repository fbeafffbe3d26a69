import { patientToVoxel, sameGrid, voxelToPatient, type VoxelGrid } from '@myelon/diffusion';
import { cordMask, type CordMask } from './cord-mask';

/**
 * The same cord on another grid: every voxel takes the label at its centre (nearest neighbour through LPS mm), so
 * labels are never mixed. Both grids must share a frame of reference; nothing is registered here.
 * @throws InputRefused when no voxel of the other grid lies on the cord
 */
export function resampleMask(mask: CordMask, onto: VoxelGrid): CordMask {
  if (sameGrid(mask.grid, onto)) return { ...mask, grid: onto };
  const { grid, labels } = mask;
  const resampled = new Uint8Array(onto.columns * onto.rows * onto.slices);
  let at = 0;
  for (let slice = 0; slice < onto.slices; slice++)
    for (let row = 0; row < onto.rows; row++)
      for (let column = 0; column < onto.columns; column++, at++) {
        const [i, j, k] = patientToVoxel(grid, voxelToPatient(onto, [column, row, slice]));
        resampled[at] = labelNear(labels, grid, Math.round(i), Math.round(j), Math.round(k));
      }
  return cordMask({ ...mask, grid: onto, labels: resampled });
}

function labelNear(labels: Uint8Array, grid: VoxelGrid, i: number, j: number, k: number): number {
  if (i < 0 || j < 0 || k < 0 || i >= grid.columns || j >= grid.rows || k >= grid.slices) return 0;
  return labels[(k * grid.rows + j) * grid.columns + i] ?? 0;
}
