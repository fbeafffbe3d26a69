import type { KernelInstance } from '../kernels/kernel-module';
import type { AveragedBValues } from './averaged-b-values';
import { BiexponentialTile } from './biexponential-tile';
import type { IvimTile } from './ivim-estimate';
import type { IvimFitOptions } from './ivim-fit';
import { IVIM_PRIORS } from './ivim-priors';
import { SegmentedTile } from './segmented-tile';

/** Name of a method, for reports. */
export function describeIvimMethod({ method, prior = 'weak' }: IvimFitOptions, splitBValue: number): string {
  if (method === 'nlls') return 'bounded non-linear least squares';
  if (method === 'segmented')
    return `segmented, b ${String(splitBValue)} s/mm2 and above for D; S0, f and D* refitted with D fixed`;
  const description =
    prior === 'slice'
      ? 'prior learned from each slice (normal in logit f, ln D, ln D*)'
      : IVIM_PRIORS[prior].description;
  return `Bayesian, posterior mean, ${description}`;
}

/** What fits the voxels of a tile; the slice's own prior comes later where one is learned. */
export function ivimTileOf(
  { method, prior = 'weak', intervals }: IvimFitOptions & { readonly intervals: boolean },
  averaged: AveragedBValues,
  splitBValue: number,
  kernels: KernelInstance | null,
): IvimTile {
  if (method === 'segmented') return new SegmentedTile(averaged, splitBValue);
  const known = method === 'bayesian' ? IVIM_PRIORS[prior === 'slice' ? 'weak' : prior] : null;
  return new BiexponentialTile(averaged, known, kernels, intervals);
}
