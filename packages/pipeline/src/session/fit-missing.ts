import type { CordMask } from '@myelon/cord';
import {
  InputRefused,
  VoxelStatus,
  type DiffusionVolume,
  type QuantityId,
  type ScalarMap,
  type VoxelErrors,
} from '@myelon/diffusion';
import { measuredVoxelsBySlice } from '../measure/regions';
import { voxelsToFit } from './fit-extent';
import { fitIvim, fitTensor, type FitControl, type ModelFit } from './fit-models';
import type { FittedModels } from './fit-outcome';

/**
 * Fits cord voxels that lie outside what was fitted, as the rest was fitted, and puts them into the maps.
 * @returns null when every voxel of the mask was fitted already
 */
export async function fitMissingVoxels(
  fitted: FittedModels,
  mask: CordMask,
  volumeOf: (key: string) => DiffusionVolume,
  signal?: AbortSignal,
): Promise<FittedModels | null> {
  const { tensorKey, ivimKey, options = {} } = fitted.request;
  const control = (missing: Uint8Array): FitControl => ({
    mask: missing,
    noise: options.noise,
    details: options.details ?? false,
    signal,
  });
  let after = fitted;
  const tensorMissing = missingVoxels(fitted.maps.get('fa'), mask, tensorKey, volumeOf);
  if (tensorMissing && tensorKey !== null) {
    const fit = await unlessNothingFits(
      fitTensor(volumeOf(tensorKey), options.tensor ?? {}, control(tensorMissing)),
    );
    if (fit) after = { ...merged(after, fit, tensorMissing), tensor: counted(after.tensor, fit.report) };
  }
  const ivimMissing = missingVoxels(fitted.maps.get('ivim_d'), mask, ivimKey, volumeOf);
  if (ivimMissing && ivimKey !== null) {
    const fit = await unlessNothingFits(fitIvim(volumeOf(ivimKey), options.ivim ?? {}, control(ivimMissing)));
    if (fit) after = { ...merged(after, fit, ivimMissing), ivim: counted(after.ivim, fit.report) };
  }
  signal?.throwIfAborted();
  return after === fitted ? null : after;
}

/** Voxels of the mask on the volume's grid that lie outside the map; null when there are none. */
function missingVoxels(
  map: ScalarMap | undefined,
  mask: CordMask,
  key: string | null,
  volumeOf: (key: string) => DiffusionVolume,
): Uint8Array | null {
  if (!map || key === null) return null;
  const volume = volumeOf(key);
  const wanted = voxelsToFit(volume, measuredVoxelsBySlice(mask.grid, mask.labels, volume.grid), 'mask');
  const missing = wanted.map((one, at) => (one > 0 && map.status[at] === VoxelStatus.outsideMask ? 1 : 0));
  return missing.includes(1) ? missing : null;
}

/** Voxels without signal cannot be fitted; they stay outside. */
async function unlessNothingFits<Fit>(fit: Promise<Fit>): Promise<Fit | null> {
  try {
    return await fit;
  } catch (error) {
    if (error instanceof InputRefused) return null;
    throw error;
  }
}

function merged(
  fitted: FittedModels,
  fit: ModelFit<unknown>,
  missing: Uint8Array,
): Pick<FittedModels, 'request' | 'maps' | 'errors' | 'replicates' | 'warnings' | 'tensor' | 'ivim'> {
  const maps = new Map(fitted.maps);
  for (const map of fit.maps) {
    const before = maps.get(map.quantity);
    if (before) maps.set(map.quantity, joined(before, map, missing));
  }
  const errors = new Map<QuantityId, VoxelErrors>(fitted.errors);
  for (const [quantity, more] of fit.details.errors) {
    const before = errors.get(quantity);
    if (before) errors.set(quantity, joinedErrors(before, more, missing));
  }
  return { ...fitted, maps, errors, replicates: new Map() };
}

function joined(before: ScalarMap, more: ScalarMap, missing: Uint8Array): ScalarMap {
  return {
    ...before,
    values: before.values.map((value, at) => (missing[at] ? (more.values[at] ?? 0) : value)),
    status: before.status.map((status, at) => (missing[at] ? (more.status[at] ?? status) : status)),
  };
}

function joinedErrors(before: VoxelErrors, more: VoxelErrors, missing: Uint8Array): VoxelErrors {
  const { bias } = before;
  return {
    ...before,
    standardErrors: before.standardErrors.map((one, at) =>
      missing[at] ? (more.standardErrors[at] ?? one) : one,
    ),
    ...(bias && { bias: bias.map((one, at) => (missing[at] ? (more.bias?.[at] ?? one) : one)) }),
  };
}

interface Counts {
  readonly fittedVoxels: number;
  readonly failedVoxels: number;
}

function counted<Report extends Counts>(before: Report | null, more: Counts): Report | null {
  return (
    before && {
      ...before,
      fittedVoxels: before.fittedVoxels + more.fittedVoxels,
      failedVoxels: before.failedVoxels + more.failedVoxels,
    }
  );
}
