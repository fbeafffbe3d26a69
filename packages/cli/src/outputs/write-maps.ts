import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { CordMask } from '@myelon/cord';
import type { ScalarMap, VoxelGrid } from '@myelon/diffusion';
import type { NamedDetailMap } from '@myelon/pipeline';
import { losslessDatatype, toNiftiOrientation, writeNifti } from '@myelon/nifti';
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

/**
 * A gzipped NIfTI file of an image, and the grid it has in the file.
 * @param values what was acquired is stored as whole numbers where it consists of such, as scanner and dcm2niix do
 */
export function niftiFile(
  image: Image,
  description: string,
  order: VoxelOrder,
  values: 'map' | 'acquired' = 'map',
): { readonly bytes: Uint8Array; readonly grid: VoxelGrid } {
  const oriented = order === 'as-dcm2niix' ? toNiftiOrientation(image) : image;
  const whole = oriented.data instanceof Uint8Array ? 'uint8' : 'float32';
  const datatype = values === 'acquired' ? losslessDatatype(oriented.data) : whole;
  const bytes = writeNifti({ ...oriented, description }, { gzip: false, datatype });
  // Node compresses three times as fast as the library that browsers need.
  return { bytes: gzipSync(bytes), grid: oriented.grid };
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
    const convention = map.quantity === 'ivim_dstar' ? ' S0[f exp(-b D*)+(1-f)exp(-b D)]' : '';
    names.push(
      await writeMap(folder, map.quantity, map, `${map.quantity} [${map.unit}]${convention}`, order),
    );
  }
  return names;
}

/** Writes `<id>.nii.gz` of maps that say how a fit went. */
export async function writeDetailMaps(
  folder: string,
  maps: readonly NamedDetailMap[],
  order: VoxelOrder,
): Promise<string[]> {
  const names: string[] = [];
  for (const map of maps) names.push(await writeMap(folder, map.id, map, `${map.name} [${map.unit}]`, order));
  return names;
}

/**
 * Writes the principal direction of each voxel as three volumes x, y, z in the world axes of NIfTI (right, anterior,
 * superior); 0 where there is no tensor.
 *
 * @param directions unit vectors, `[voxel][x, y, z]` in LPS
 */
export async function writeDirections(
  folder: string,
  grid: VoxelGrid,
  directions: Float32Array,
  order: VoxelOrder,
): Promise<string> {
  const size = directions.length / 3;
  const data = new Float32Array(directions.length);
  for (let axis = 0; axis < 3; axis++)
    for (let voxel = 0; voxel < size; voxel++)
      data[axis * size + voxel] = (axis < 2 ? -1 : 1) * (directions[3 * voxel + axis] ?? 0) + 0;
  const { bytes } = niftiFile({ grid, volumes: 3, data }, 'principal direction, RAS', order);
  await writeOutputFile(join(folder, 'tensor_direction.nii.gz'), bytes);
  return 'tensor_direction.nii.gz';
}

async function writeMap(
  folder: string,
  id: string,
  { grid, values }: { readonly grid: VoxelGrid; readonly values: Float32Array },
  description: string,
  order: VoxelOrder,
): Promise<string> {
  const data = values.map((value) => (Number.isFinite(value) ? value : 0));
  const { bytes } = niftiFile({ grid, volumes: 1, data }, description.slice(0, 79), order);
  await writeOutputFile(join(folder, `${id}.nii.gz`), bytes);
  return `${id}.nii.gz`;
}

export async function writeMask(path: string, mask: CordMask, order: VoxelOrder): Promise<void> {
  const image = { grid: mask.grid, volumes: 1, data: mask.labels };
  await writeOutputFile(path, niftiFile(image, `spinal cord, ${mask.method} outline`, order).bytes);
}
