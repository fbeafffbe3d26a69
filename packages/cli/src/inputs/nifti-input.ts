import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { niftiDiffusionVolume, readFslGradientTable, readNifti } from '@myelon/nifti';
import { readInputFile, readTextFile } from './files';
import type { InputPlace } from './input-options';
import type { LoadedInputs } from './loaded-inputs';

/**
 * Reads a 4-D NIfTI file with its FSL gradient table.
 * @throws InputRefused when a file cannot be read, or images and table do not belong together
 */
export async function loadNifti(place: Extract<InputPlace, { kind: 'nifti' }>): Promise<LoadedInputs> {
  const [bytes, bval, bvec] = await Promise.all([
    readInputFile(place.path),
    readTextFile(place.bval),
    readTextFile(place.bvec),
  ]);
  const image = readNifti(bytes, place.path);
  const gradients = readFslGradientTable(bval, bvec, image.grid, place);
  const name = basename(place.path);
  const volume = niftiDiffusionVolume(image, gradients, name);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const source = { kind: 'nifti' as const, file: name, sha256 };
  return {
    kind: 'nifti',
    series: [{ key: place.path, volume, origin: { source, leftOut: [], warnings: [] }, instances: [] }],
    leftOut: [],
    incomplete: false,
  };
}
