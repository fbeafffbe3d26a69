import { LevenbergMarquardt } from '../fitting/levenberg-marquardt';
import type { BiexponentialGrid } from '../kernels/ivim-kernels';
import {
  BiexponentialModel,
  D_SCALE,
  D_SCALED,
  D_TO,
  DSTAR_FROM,
  DSTAR_OVER_D,
  DSTAR_TO,
  LN_DSTAR,
  PERFUSED,
  UNPERFUSED,
} from './biexponential-model';

/** Starting values tried: D evenly spaced, D* evenly in its logarithm. */
const D_GRID = 16;
const DSTAR_GRID = 16;

/** Closer to a bound than this, relative to its range, is at the bound. */
const AT_BOUND = 1e-6;

/** What is known of each parameter without a measurement: p and q about 1 for signals of order 1. */
const KNOWN_WITHIN = [1, 1, D_TO * D_SCALE, Math.log(DSTAR_TO / DSTAR_FROM)] as const;

/**
 * Bounded least squares of the biexponential for one voxel at a time: for every pair (D, D*) of a grid the best p and q
 * follow linearly (variable projection: Golub & Pereyra, SIAM J Numer Anal 1973;10:413-432); from the best pair on,
 * Levenberg-Marquardt in all four.
 */
export class BiexponentialFit {
  /** Results of the last voxel, in units of its signal and mm2/s. */
  perfused = 0;
  unperfused = 0;
  d = 0;
  dStar = 0;
  dAtBound = false;
  dStarAtBound = false;
  /** Weighted sum of squared residuals. */
  cost = 0;
  readonly model: BiexponentialModel;
  private readonly solver: LevenbergMarquardt;
  private readonly ridge = new Float64Array(4);
  private readonly dGrid: Float64Array;
  private readonly dStarGrid: Float64Array;
  /** Decays of the grids, `[grid point][b-value]`, times the repeats. */
  private readonly slow: Float64Array;
  private readonly fast: Float64Array;
  /** Weighted scalar products of decays: slow x slow, fast x fast, `[D][D*]` slow x fast. */
  private readonly slowSquares: Float64Array;
  private readonly fastSquares: Float64Array;
  private readonly crossed: Float64Array;
  private readonly slowSignal = new Float64Array(D_GRID);
  private readonly fastSignal = new Float64Array(DSTAR_GRID);

  /**
   * @param bValues s/mm2
   * @param repeats measurements averaged at each b-value: the weight of its signal
   */
  constructor(
    private readonly bValues: Float64Array,
    private readonly repeats: Float64Array,
  ) {
    this.model = new BiexponentialModel(bValues);
    this.solver = new LevenbergMarquardt(this.model);
    this.dGrid = Float64Array.from({ length: D_GRID }, (_, i) => (D_TO * (i + 0.3)) / (D_GRID + 4));
    const step = Math.log(DSTAR_TO / DSTAR_FROM) / (DSTAR_GRID - 1);
    this.dStarGrid = Float64Array.from({ length: DSTAR_GRID }, (_, i) => DSTAR_FROM * Math.exp(i * step));
    this.slow = decays(bValues, repeats, this.dGrid);
    this.fast = decays(bValues, repeats, this.dStarGrid);
    const dot = (rate: number, other: number): number =>
      bValues.reduce((sum, b, i) => sum + (repeats[i] ?? 0) * Math.exp(-b * (rate + other)), 0);
    this.slowSquares = this.dGrid.map((d) => dot(d, d));
    this.fastSquares = this.dStarGrid.map((dStar) => dot(dStar, dStar));
    this.crossed = new Float64Array(D_GRID * DSTAR_GRID);
    this.dGrid.forEach((d, i) => {
      this.dStarGrid.forEach((dStar, j) => (this.crossed[i * DSTAR_GRID + j] = dot(d, dStar)));
    });
  }

  /**
   * @param signal one per b-value, from `at`, of order 1
   * @returns false when nothing fits
   */
  fit(signal: Float64Array, at: number): boolean {
    const { solver, model } = this;
    if (!this.start(signal, at)) return false;
    model.tied = false;
    if (!solver.fit(signal, at, this.repeats)) return false;
    this.take();
    if (this.dStar >= DSTAR_OVER_D * this.d) return true;
    model.tied = true;
    if (!solver.fit(signal, at, this.repeats)) return false;
    this.take();
    return true;
  }

  /** What the kernel needs to start from the same grid. */
  kernelGrid(): BiexponentialGrid {
    const { bValues, repeats, slow, fast, slowSquares, fastSquares, crossed } = this;
    return {
      bValues,
      repeats,
      rates: Float64Array.from([...this.dGrid.map((d) => d * D_SCALE), ...this.dStarGrid.map(Math.log)]),
      tables: Float64Array.from([...slow, ...fast, ...slowSquares, ...fastSquares, ...crossed]),
      highestD: D_TO * D_SCALE,
      lowestLnDStar: Math.log(DSTAR_FROM),
      highestLnDStar: Math.log(DSTAR_TO),
    };
  }

  /** Takes over what the kernel found. */
  takeFromKernel(results: Float64Array, at: number): void {
    const { solver, model } = this;
    for (let i = 0; i < 4; i++) solver.parameters[i] = results[at + i] ?? 0;
    solver.cost = results[at + 4] ?? 0;
    model.tied = results[at + 5] !== 0;
    this.take();
  }

  /** After {@link takeFromKernel}: sets the solver up at the fit, for its covariance. */
  settle(signal: Float64Array, at: number): boolean {
    return this.solver.settle(signal, at, this.repeats);
  }

  /**
   * Inverse of the weighted normal matrix at the fit, in the model's parameters.
   *
   * @returns false when the fit does not determine all of them
   */
  inverseNormal(out: Float64Array): boolean {
    return !this.model.tied && this.solver.inverseNormal(out);
  }

  /**
   * Covariance of the model's parameters, each known beforehand to be within about its bounds: it exists even where the
   * fit itself does not determine all of them.
   *
   * @param sigma standard deviation of the noise of one measurement
   */
  covarianceWithin(sigma: number, out: Float64Array): boolean {
    for (let i = 0; i < this.ridge.length; i++) this.ridge[i] = (sigma / (KNOWN_WITHIN[i] ?? 1)) ** 2;
    if (!this.solver.inverseNormal(out, this.ridge)) return false;
    for (let i = 0; i < out.length; i++) out[i] = sigma * sigma * (out[i] ?? 0);
    return true;
  }

  private take(): void {
    const { parameters, cost } = this.solver;
    const { tied, lower, upper } = this.model;
    this.perfused = parameters[PERFUSED] ?? 0;
    this.unperfused = parameters[UNPERFUSED] ?? 0;
    this.d = (parameters[D_SCALED] ?? 0) / D_SCALE;
    const lnDStar = parameters[LN_DSTAR] ?? 0;
    this.dStar = tied ? Math.max(DSTAR_OVER_D * this.d, DSTAR_FROM) : Math.exp(lnDStar);
    this.dAtBound = this.d <= AT_BOUND * D_TO || this.d >= D_TO * (1 - AT_BOUND);
    this.dStarAtBound =
      tied || lnDStar <= (lower[LN_DSTAR] ?? 0) + AT_BOUND || lnDStar >= (upper[LN_DSTAR] ?? 0) - AT_BOUND;
    this.cost = cost;
  }

  /** Puts the best pair of the grid, and its p and q, where the solver starts. */
  private start(signal: Float64Array, at: number): boolean {
    const { dGrid, dStarGrid, slowSignal, fastSignal } = this;
    this.project(this.slow, slowSignal, signal, at);
    this.project(this.fast, fastSignal, signal, at);
    let best = -1;
    let bestGain = 0;
    for (let i = 0; i < D_GRID; i++)
      for (let j = 0; j < DSTAR_GRID; j++) {
        if ((dStarGrid[j] ?? 0) < DSTAR_OVER_D * (dGrid[i] ?? 0)) continue;
        const gain = this.solvePair(i, j);
        if (gain <= bestGain) continue;
        best = i * DSTAR_GRID + j;
        bestGain = gain;
      }
    if (best < 0) return false;
    const [i, j] = [Math.floor(best / DSTAR_GRID), best % DSTAR_GRID];
    this.solvePair(i, j);
    const { parameters } = this.solver;
    parameters[PERFUSED] = this.perfused;
    parameters[UNPERFUSED] = this.unperfused;
    parameters[D_SCALED] = (dGrid[i] ?? 0) * D_SCALE;
    parameters[LN_DSTAR] = Math.log(dStarGrid[j] ?? 1);
    return true;
  }

  private project(grid: Float64Array, out: Float64Array, signal: Float64Array, at: number): void {
    const n = this.bValues.length;
    for (let k = 0; k < out.length; k++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += (grid[k * n + i] ?? 0) * (signal[at + i] ?? 0);
      out[k] = sum;
    }
  }

  /** Non-negative p and q of a pair; returns how much of the squared signal they explain. */
  private solvePair(i: number, j: number): number {
    const dd = this.slowSquares[i] ?? 1;
    const ee = this.fastSquares[j] ?? 1;
    const ed = this.crossed[i * DSTAR_GRID + j] ?? 0;
    const ds = this.slowSignal[i] ?? 0;
    const es = this.fastSignal[j] ?? 0;
    const determinant = dd * ee - ed * ed;
    let p = (dd * es - ed * ds) / determinant;
    let q = (ee * ds - ed * es) / determinant;
    if (!(p >= 0)) {
      p = 0;
      q = Math.max(ds / dd, 0);
    } else if (q < 0) {
      q = 0;
      p = Math.max(es / ee, 0);
    }
    this.perfused = p;
    this.unperfused = q;
    return p * es + q * ds;
  }
}

/** `[rate][b-value]` repeats x exp(-b rate). */
function decays(bValues: Float64Array, repeats: Float64Array, rates: Float64Array): Float64Array {
  const out = new Float64Array(rates.length * bValues.length);
  rates.forEach((rate, k) => {
    bValues.forEach((b, i) => (out[k * bValues.length + i] = (repeats[i] ?? 0) * Math.exp(-b * rate)));
  });
  return out;
}
