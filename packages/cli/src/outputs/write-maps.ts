import { join } from 'node:path';
import type { CordMask } from '@myelon/cord';
import type { ScalarMap, VoxelGrid } from '@myelon/diffusion';
import { toNiftiOrientation, writeNifti } from '@myelon/nifti';
import { writeOutputFile } from '../inputs/files';
import type { LoadedInputs } from '../inputs/loaded-inputs';

/**
 * Voxel order of the NIfTI files. Images that came from DICOM are stored as dcm2niix would, so that they lie voxel on
 * voxel over its output and over that of `myelon gradients`.
 */
export type VoxelOrder = 'as-input' | 'as-dcm2niix';

export function voxelOrderOf(loaded: Pick<LoadedInputs, 'kind'>): VoxelOrder {
  return loaded.kind === 'dicom' ? 'as-dcm2niix' : 'as-input';
}

interface Image {
  readonly grid: VoxelGrid;
  readonly volumes: number;
  readonly data: Float32Array | Uint8Array;
}

/** A gzipped NIfTI file of an image, and the grid it has in the file. */
export function niftiFile(
  image: Image,
  description: string,
  order: VoxelOrder,
): { readonly bytes: Uint8Array; readonly grid: VoxelGrid } {
  const oriented = order === 'as-dcm2niix' ? toNiftiOrientation(image) : image;
  const datatype = oriented.data instanceof Uint8Array ? 'uint8' : 'float32';
  return { bytes: writeNifti({ ...oriented, description }, { gzip: true, datatype }), grid: oriented.grid };
}

/**
 * Writes maps as `<quantity>.nii.gz`, in the stored unit (mm2/s, fraction, signal), 0 where there is no value.
 * @returns the file names
 */
export async function writeMaps(
  folder: string,
  maps: readonly ScalarMap[],
  order: VoxelOrder,
): Promise<string[]> {
  const names: string[] = [];
  for (const map of maps) {
    const name = `${map.quantity}.nii.gz`;
    const data = map.values.map((value) => (Number.isFinite(value) ? value : 0));
    const { bytes } = niftiFile({ grid: map.grid, volumes: 1, data }, `${map.quantity} [${map.unit}]`, order);
    await writeOutputFile(join(folder, name), bytes);
    names.push(name);
  }
  return names;
}

export async function writeMask(path: string, mask: CordMask, order: VoxelOrder): Promise<void> {
  const image = { grid: mask.grid, volumes: 1, data: mask.labels };
  await writeOutputFile(path, niftiFile(image, `spinal cord, ${mask.method} outline`, order).bytes);
}
