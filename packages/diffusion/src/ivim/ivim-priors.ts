/** What is taken as known about IVIM parameters before a voxel is looked at. */
export interface IvimPrior {
  /** For reports. */
  readonly description: string;
  /** ln density of f, up to a constant. */
  readonly lnF: (f: number) => number;
  /** ln density of D in mm2/s, up to a constant. */
  readonly lnD: (d: number) => number;
  /** ln density of ln D*, up to a constant. */
  readonly lnDStar: (lnDStar: number) => number;
}

const flat = (): number => 0;

/** ln density of a normal distribution, up to a constant. */
export const normal =
  (mean: number, sd: number) =>
  (x: number): number =>
    -0.5 * ((x - mean) / sd) ** 2;

/**
 * `flat`: every f, D and ln D* within its bounds is as likely. `weak`: what soft tissue of any organ looks like, wide enough
 * that a good measurement overrules it: f Beta(1.5, 3.5), D normal 1.4e-3 +- 0.8e-3 mm2/s, D* log-normal around 25e-3
 * mm2/s with a standard deviation of 0.9. It was fixed before any comparison.
 */
export const IVIM_PRIORS: Readonly<Record<'flat' | 'weak', IvimPrior>> = {
  flat: { description: 'flat prior (f, D, ln D*)', lnF: flat, lnD: flat, lnDStar: flat },
  weak: {
    description: 'weak prior (f Beta(1.5, 3.5); D 1.4 +- 0.8 e-3 mm2/s; D* 25e-3 mm2/s, log-normal, sd 0.9)',
    lnF: (f) => 0.5 * Math.log(f) + 2.5 * Math.log(1 - f),
    lnD: normal(1.4e-3, 0.8e-3),
    lnDStar: normal(Math.log(25e-3), 0.9),
  },
};

/** `slice`: learned from the voxels of each slice that is fitted. */
export type IvimPriorName = keyof typeof IVIM_PRIORS | 'slice';
