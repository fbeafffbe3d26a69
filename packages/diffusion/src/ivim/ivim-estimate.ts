import type { IvimPrior } from './ivim-priors';

/** IVIM parameters whose uncertainty is told. */
export type IntervalQuantity = 'ivim_d' | 'ivim_f' | 'ivim_dstar';

/** What a method found in one voxel. One object is filled again and again. */
export interface IvimEstimate {
  /** mm2/s. */
  d: number;
  /** 0..1. */
  f: number;
  /** mm2/s; 0 where there is none because f is 0. */
  dStar: number;
  /** In units of the largest signal of the voxel. */
  s0: number;
  dAtBound: boolean;
  fAtBound: boolean;
  dStarAtBound: boolean;
  /** 95 % interval of D, f and D*, lower then upper, for methods that have one. */
  readonly intervals: Readonly<Record<IntervalQuantity, Float64Array>>;
}

export function emptyEstimate(): IvimEstimate {
  const interval = (): Float64Array => new Float64Array(2);
  return {
    d: 0,
    f: 0,
    dStar: 0,
    s0: 0,
    dAtBound: false,
    fAtBound: false,
    dStarAtBound: false,
    intervals: { ivim_d: interval(), ivim_f: interval(), ivim_dstar: interval() },
  };
}

/** A method, fitting the voxels of a tile one after the other. */
export interface IvimTile {
  /** ln of the averaged signals, `[voxel][b-value]`; to be filled by the caller. */
  readonly logSignal: Float64Array;
  /** Largest ln signal of each voxel: the scale of the fit. */
  readonly lnScale: Float64Array;
  readonly estimate: IvimEstimate;
  /** Called once the signals of `voxels` voxels are there. */
  prepare(voxels: number): void;
  /** Bayesian fits: takes another prior from the next voxel on. */
  usePrior?(prior: IvimPrior): void;
  /**
   * Fits one voxel of the tile into {@link estimate}.
   *
   * @param sigma standard deviation of the noise of one measurement in signal units; NaN when it is not known
   * @returns false when there is no solution
   */
  fit(voxel: number, sigma: number): boolean;
}
