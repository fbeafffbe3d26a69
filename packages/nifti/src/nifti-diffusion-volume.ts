import { diffusionVolume, InputRefused, type DiffusionVolume, type GradientTable } from '@myelon/diffusion';
import type { NiftiImage } from './nifti-image';

/**
 * A diffusion series from a NIfTI image and its gradient table.
 * @throws InputRefused when the table does not have one entry per volume
 */
export function niftiDiffusionVolume(
  image: NiftiImage,
  gradients: GradientTable,
  name: string,
): DiffusionVolume {
  if (image.volumes !== gradients.count)
    throw new InputRefused(
      `${String(image.volumes)} volumes but ${String(gradients.count)} entries in the gradient table`,
      name,
      'give the .bval and .bvec of this image',
    );
  return diffusionVolume({ grid: image.grid, gradients, signal: image.data, sources: [], name });
}
