import { cordMask, resampleMask, type CordMask } from '@myelon/cord';
import { dicomMask, type MaskedSeries } from '@myelon/pipeline';
import { InputRefused, patientToVoxel, voxelCount, voxelToPatient, type VoxelGrid } from '@myelon/diffusion';
import { readNifti } from '@myelon/nifti';

import { readInputFile } from './files';
import { isNiftiName } from './input-options';

/** How far, in voxels, centres may lie apart and still be the same voxel: NIfTI stores positions in 32 bits. */
const SAME_VOXEL_TOLERANCE = 0.05;

/**
 * Reads a cord mask: a DICOM Segmentation or RT Structure Set, or a 3-D NIfTI on the voxels of one of the series, in any order of rows and slices (NIfTI made from
 * DICOM has its rows reversed). Non-zero is cord.
 *
 * @param series the series the mask may belong to
 * @returns the mask on the grid of that series
 * @throws InputRefused when it cannot be read, is empty, or lies on none of the grids
 */
export async function loadMask(path: string, series: readonly MaskedSeries[]): Promise<CordMask> {
  const bytes = await readInputFile(path);
  if (!isNiftiName(path)) return dicomMask(bytes, path, series);
  const image = readNifti(bytes, path);
  const match = image.volumes === 1 && series.find(({ grid }) => sameVoxels(grid, image.grid));
  if (!match) {
    const { columns, rows, slices } = image.grid;
    const wanted = series.map(({ name, grid }) => `${name} (${sizeOf(grid)})`).join(' or ');
    const volumes = image.volumes > 1 ? ` x ${String(image.volumes)}` : '';
    throw new InputRefused(
      `${sizeOf({ columns, rows, slices })}${volumes} voxels that are not those of ${wanted}`,
      path,
      'give a 3-D mask on the grid of the diffusion series, a SEG or an RTSTRUCT',
    );
  }
  const labels = Uint8Array.from(image.data, (value) => (value > 0 ? 1 : 0));
  return resampleMask(cordMask({ grid: image.grid, labels, method: 'imported' }), match.grid);
}

/** True when both grids have the same voxels, whatever the order of their indices. */
function sameVoxels(p: VoxelGrid, q: VoxelGrid): boolean {
  if (voxelCount(p) !== voxelCount(q)) return false;
  const ends = (size: number) => [0, size - 1];
  return ends(p.slices).every((slice) =>
    ends(p.rows).every((row) =>
      ends(p.columns).every((column) => {
        const at = patientToVoxel(q, voxelToPatient(p, [column, row, slice]));
        const last = [q.columns - 1, q.rows - 1, q.slices - 1];
        return at.every((index, axis) => {
          const near = Math.round(index);
          return Math.abs(index - near) < SAME_VOXEL_TOLERANCE && near >= 0 && near <= (last[axis] ?? 0);
        });
      }),
    ),
  );
}

function sizeOf({ columns, rows, slices }: Pick<VoxelGrid, 'columns' | 'rows' | 'slices'>): string {
  return `${String(columns)} x ${String(rows)} x ${String(slices)}`;
}
