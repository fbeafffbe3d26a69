import { cordMask, type CordMask } from '@myelon/cord';
import { InputRefused, sameGrid, type VoxelGrid } from '@myelon/diffusion';
import { readNifti } from '@myelon/nifti';
import { readInputFile } from './files';

/** Largest distance in mm between voxels of mask and image that still counts as one grid: NIfTI stores 32 bits. */
const SAME_GRID_TOLERANCE_MM = 0.05;

/**
 * Reads a cord mask: a 3-D NIfTI on the grid of one of the series. Non-zero is cord.
 * @param grids grids of the series the mask may belong to
 * @throws InputRefused when it cannot be read, is empty, or lies on none of the grids
 */
export async function loadMask(
  path: string,
  grids: readonly { readonly name: string; readonly grid: VoxelGrid }[],
): Promise<CordMask> {
  const image = readNifti(await readInputFile(path));
  const match = grids.find(({ grid }) => sameGrid(grid, image.grid, SAME_GRID_TOLERANCE_MM));
  if (image.volumes !== 1 || !match) {
    const { columns, rows, slices } = image.grid;
    throw new InputRefused(
      `${sizeOf(columns, rows, slices)}${image.volumes > 1 ? ` x ${String(image.volumes)}` : ''} voxels that do not lie ` +
        `on the voxels of ${grids.map(({ name, grid }) => `${name} (${sizeOf(grid.columns, grid.rows, grid.slices)})`).join(' or ')}`,
      path,
      'give a 3-D mask on the grid of the diffusion series',
    );
  }
  const labels = Uint8Array.from(image.data, (value) => (value > 0 ? 1 : 0));
  return cordMask({ grid: match.grid, labels, method: 'imported' });
}

function sizeOf(columns: number, rows: number, slices: number): string {
  return `${String(columns)} x ${String(rows)} x ${String(slices)}`;
}
