import { toNiftiOrientation, writeFslGradientTable, writeNifti } from '@myelon/nifti';
import type { DiffusionVolume } from '@myelon/diffusion';
import type { DicomFile } from './dicom/classic-mr';
import type { AnatomicalImage, Phantom } from './phantom';

/** The phantom as NIfTI (.nii.gz) with FSL gradient tables, and its truth: cord mask and parameter maps. */
export function phantomNiftiFiles(phantom: Phantom): DicomFile[] {
  const { truth } = phantom;
  const truthMaps = Object.entries(truth.maps).map(([quantity, values]) =>
    imageFile({ name: `truth ${quantity}`, grid: truth.grid, values }, `truth/${quantity}.nii.gz`),
  );
  return [
    ...diffusionFiles(phantom.dti, 'dti'),
    ...diffusionFiles(phantom.ivim, 'ivim'),
    imageFile(phantom.sagittalT2, 't2-sagittal.nii.gz'),
    imageFile(phantom.axialT2, 't2-axial.nii.gz'),
    imageFile(
      { name: 'truth cord', grid: truth.grid, values: Float32Array.from(truth.labels) },
      'truth/cord.nii.gz',
    ),
    ...truthMaps,
  ];
}

function diffusionFiles(volume: DiffusionVolume, name: string): DicomFile[] {
  const image = toNiftiOrientation({
    grid: volume.grid,
    volumes: volume.gradients.count,
    data: volume.signal,
  });
  const { bval, bvec } = writeFslGradientTable(volume.gradients, image.grid);
  const text = (content: string) => new TextEncoder().encode(content);
  return [
    { path: `${name}.nii.gz`, bytes: writeNifti({ ...image, description: volume.name }, { gzip: true }) },
    { path: `${name}.bval`, bytes: text(bval) },
    { path: `${name}.bvec`, bytes: text(bvec) },
  ];
}

function imageFile(image: AnatomicalImage, path: string): DicomFile {
  const oriented = toNiftiOrientation({ grid: image.grid, volumes: 1, data: image.values });
  return { path, bytes: writeNifti({ ...oriented, description: image.name }, { gzip: true }) };
}
