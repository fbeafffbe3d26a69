import type { AveragedBValues } from './averaged-b-values';
import { BiexponentialTile } from './biexponential-tile';
import type { IvimTile } from './ivim-estimate';
import type { IvimFitOptions } from './ivim-fit';
import { IVIM_PRIORS } from './ivim-priors';
import { SegmentedTile } from './segmented-tile';

/** What fits the voxels of a tile, and its name for reports. */
export function ivimMethodOf(
  { method, prior = 'weak' }: IvimFitOptions,
  averaged: AveragedBValues,
  splitBValue: number,
): { tile: IvimTile; method: string } {
  if (method === 'segmented') {
    const split = String(splitBValue);
    return {
      tile: new SegmentedTile(averaged, splitBValue),
      method: `segmented, b ${split} s/mm2 and above for D; S0, f and D* refitted with D fixed`,
    };
  }
  if (method === 'nlls') {
    return { tile: new BiexponentialTile(averaged, null), method: 'bounded non-linear least squares' };
  }
  const start = IVIM_PRIORS[prior === 'slice' ? 'weak' : prior];
  const description =
    prior === 'slice' ? 'prior learned from each slice (normal in logit f, ln D, ln D*)' : start.description;
  return {
    tile: new BiexponentialTile(averaged, start),
    method: `Bayesian, posterior mean, ${description}`,
  };
}
