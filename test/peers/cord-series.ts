import { readFileSync } from 'node:fs';
import { GradientTable, meanOfVolumes, voxelIndex, type DiffusionVolume } from '@myelon/diffusion';
import { niftiDiffusionVolume, readFslGradientTable, readNifti } from '@myelon/nifti';
import { sharedData } from '../support/shared-data';

/** Name of the data set: a real cervical cord, 5 b0 and 30 directions at b 800. */
export const SCT_CORD = 'cord_dti_sct_tutorial';

export const sctCordFiles = (): { dwi: string; bval: string; bvec: string } => ({
  dwi: sharedData(SCT_CORD, 'dmri.nii.gz'),
  bval: sharedData(SCT_CORD, 'bvals.txt'),
  bvec: sharedData(SCT_CORD, 'bvecs.txt'),
});

export function readSctCord(): DiffusionVolume {
  const { dwi, bval, bvec } = sctCordFiles();
  const image = readNifti(readFileSync(dwi));
  return niftiDiffusionVolume(
    image,
    readFslGradientTable(readFileSync(bval, 'utf8'), readFileSync(bvec, 'utf8'), image.grid),
    'cord DTI',
  );
}

/** Name of the data set: a real cervical cord at 7 T, 11 b-values without b0, one direction per file. */
export const IVIM_CORD = 'cord_ivim_7T_ap_is_native';

/** The series with the gradient across the cord (anterior-posterior). */
export function readIvimCord(): DiffusionVolume {
  const image = readNifti(readFileSync(sharedData(IVIM_CORD, 'dwi_ap_native.nii.gz')));
  const bValues = readFileSync(sharedData(IVIM_CORD, 'bval_ap.txt'), 'utf8').trim().split(/\s+/).map(Number);
  const posterior = bValues.flatMap(() => [0, 1, 0]);
  return niftiDiffusionVolume(image, new GradientTable(bValues, posterior), 'cord IVIM, anterior-posterior');
}

/**
 * The cord as what is bright in the mean diffusion-weighted image around its brightest spot: along the cord hardly
 * anything but cord stays bright at b 800.
 *
 * @returns voxels above `share` of the brightest smoothed voxel of their slice, within 4 voxels of it
 */
export function brightCord(volume: DiffusionVolume, share: number): number[] {
  const { grid, gradients } = volume;
  const weighted = [...gradients.bValues.keys()].filter((v) => gradients.bValue(v) >= 600);
  const mean = meanOfVolumes(volume, weighted);
  const voxels: number[] = [];
  for (let slice = 0; slice < grid.slices; slice++) {
    const peak = brightestSpot(volume, mean, slice);
    for (let row = peak.row - 4; row <= peak.row + 4; row++)
      for (let column = peak.column - 4; column <= peak.column + 4; column++) {
        const voxel = voxelIndex(grid, column, row, slice);
        if (mean[voxel]! > share * peak.value) voxels.push(voxel);
      }
  }
  return voxels;
}

function brightestSpot(
  { grid }: DiffusionVolume,
  mean: Float32Array,
  slice: number,
): { column: number; row: number; value: number } {
  let best = { column: 0, row: 0, value: -1 };
  for (let row = 5; row < grid.rows - 5; row++)
    for (let column = 5; column < grid.columns - 5; column++) {
      let value = 0;
      for (const [dx, dy] of [
        [0, 0],
        [1, 0],
        [-1, 0],
        [0, 1],
        [0, -1],
      ] as const)
        value += mean[voxelIndex(grid, column + dx, row + dy, slice)]! / 5;
      if (value > best.value) best = { column, row, value };
    }
  return best;
}
