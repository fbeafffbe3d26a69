import { patientToVoxel, voxelCount, voxelIndex, voxelToPatient, type VoxelGrid } from '@myelon/diffusion';
import type { CordMask } from './cord-mask';

/**
 * The mask on another grid, through positions in the body: every voxel takes the label of the voxel its centre lies
 * in, 0 outside the mask's grid.
 *
 * @returns labels on `onto`; all 0 when the two grids do not meet
 */
export function resampleMask(mask: CordMask, onto: VoxelGrid): CordMask {
  const { grid } = mask;
  const labels = new Uint8Array(voxelCount(onto));
  for (let slice = 0; slice < onto.slices; slice++) {
    for (let row = 0; row < onto.rows; row++) {
      for (let column = 0; column < onto.columns; column++) {
        const at = patientToVoxel(grid, voxelToPatient(onto, [column, row, slice]));
        labels[voxelIndex(onto, column, row, slice)] = labelAt(mask, at[0], at[1], at[2]);
      }
    }
  }
  return { grid: onto, labels, method: mask.method };
}

function labelAt({ grid, labels }: CordMask, x: number, y: number, z: number): number {
  const [column, row, slice] = [Math.round(x), Math.round(y), Math.round(z)];
  const inside =
    column >= 0 && row >= 0 && slice >= 0 && column < grid.columns && row < grid.rows && slice < grid.slices;
  return inside ? (labels[voxelIndex(grid, column, row, slice)] ?? 0) : 0;
}
