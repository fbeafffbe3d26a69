import { join } from 'node:path';
import type { CordMask } from '@myelon/cord';
import type { ScalarMap } from '@myelon/diffusion';
import { writeNifti } from '@myelon/nifti';
import { writeOutputFile } from '../inputs/files';

/**
 * Writes maps as `<quantity>.nii.gz`, in the stored unit (mm2/s, fraction, signal), 0 where there is no value.
 * @returns the file names
 */
export async function writeMaps(folder: string, maps: readonly ScalarMap[]): Promise<string[]> {
  const names: string[] = [];
  for (const map of maps) {
    const name = `${map.quantity}.nii.gz`;
    const data = map.values.map((value) => (Number.isFinite(value) ? value : 0));
    const description = `${map.quantity} [${map.unit}] ${map.method}`;
    await writeOutputFile(
      join(folder, name),
      writeNifti({ grid: map.grid, volumes: 1, data, description }, { gzip: true }),
    );
    names.push(name);
  }
  return names;
}

export async function writeMask(path: string, mask: CordMask): Promise<void> {
  const data = Float32Array.from(mask.labels);
  const description = `spinal cord, ${mask.method} outline`;
  await writeOutputFile(path, writeNifti({ grid: mask.grid, volumes: 1, data, description }, { gzip: true }));
}
