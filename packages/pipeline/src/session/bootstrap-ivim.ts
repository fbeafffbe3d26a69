import type { CordMask } from '@myelon/cord';
import {
  bootstrapIvimGroups,
  type BootstrapOptions,
  type DiffusionVolume,
  type GroupReplicates,
  type QuantityId,
} from '@myelon/diffusion';
import { measuredVoxelsBySlice } from '../measure/regions';
import type { FittedModels } from './analysis-session';

/**
 * Bootstrap of the IVIM maps over the measured voxels, slice by slice of the outline.
 *
 * @param voxels measuring mask on the grid of the outline, 1 where measured
 */
export async function bootstrapIvim(
  volume: DiffusionVolume,
  { mask, voxels, fitted }: { mask: CordMask; voxels: Uint8Array; fitted: FittedModels },
  options: BootstrapOptions,
): Promise<ReadonlyMap<QuantityId, GroupReplicates>> {
  const groups = measuredVoxelsBySlice(mask.grid, voxels, volume.grid);
  if (groups.every((group) => group.length === 0)) return new Map();
  const { method = 'segmented', splitBValue } = fitted.request.options?.ivim ?? {};
  const volumes = fitted.ivim?.volumes;
  const found = await bootstrapIvimGroups(volume, groups, { method, splitBValue, volumes }, options);
  const { ivim_d, ivim_dstar, ivim_f, adc } = found;
  return new Map<QuantityId, GroupReplicates>([
    ['ivim_d', ivim_d],
    ['ivim_dstar', ivim_dstar],
    ['ivim_f', ivim_f],
    ['adc', adc],
  ]);
}
