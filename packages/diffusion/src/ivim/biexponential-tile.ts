import { TILE_VOXELS } from '../fitting/fit-loop';
import type { AveragedBValues } from './averaged-b-values';
import { BiexponentialFit } from './biexponential-fit';
import {
  D_SCALE,
  D_SCALED,
  D_TO,
  DSTAR_FROM,
  DSTAR_TO,
  LN_DSTAR,
  PERFUSED,
  UNPERFUSED,
} from './biexponential-model';
import { BiexponentialKernel, PosteriorKernel } from '../kernels/ivim-kernels';
import type { KernelInstance } from '../kernels/kernel-module';
import { emptyEstimate, type IvimTile } from './ivim-estimate';
import type { IvimPrior } from './ivim-priors';
import { PosteriorFit } from './posterior-fit';

/** Two-sided 95 % of a normal distribution. */
const Z95 = 1.959964;

/** Noise below this fraction of the largest signal is rounding. */
const SMALLEST_SIGMA = 1e-6;

/** Bounded least squares and, with a prior, the posterior around it, for the voxels of a tile. */
export class BiexponentialTile implements IvimTile {
  readonly logSignal: Float64Array;
  readonly lnScale = new Float64Array(TILE_VOXELS);
  readonly estimate = emptyEstimate();
  private readonly signal: Float64Array;
  private readonly squares: BiexponentialFit;
  /** Of the voxel fitted last; null for least squares. */
  readonly posterior: PosteriorFit | null;
  private readonly covariance = new Float64Array(16);

  private readonly kernel: BiexponentialKernel | null;

  /**
   * @param prior posterior mean and interval under it; least squares without
   * @param kernels do the inner loops, as long as nobody else uses them; the reference does without them
   * @param intervals least squares: whether intervals are wanted
   */
  constructor(
    private readonly averaged: AveragedBValues,
    prior: IvimPrior | null,
    kernels: KernelInstance | null = null,
    private readonly intervals = true,
  ) {
    const { bValues, repeats, count } = averaged;
    this.logSignal = new Float64Array(TILE_VOXELS * count);
    this.signal = new Float64Array(TILE_VOXELS * count);
    this.squares = new BiexponentialFit(bValues, repeats);
    this.kernel = kernels ? new BiexponentialKernel(kernels, this.squares.kernelGrid(), TILE_VOXELS) : null;
    const sums = kernels && prior ? new PosteriorKernel(kernels, bValues, repeats) : null;
    this.posterior = prior ? new PosteriorFit(bValues, repeats, prior, sums) : null;
  }

  prepare(voxels: number): void {
    const { logSignal, signal } = this;
    const n = this.averaged.count;
    for (let voxel = 0; voxel < voxels; voxel++) {
      const at = voxel * n;
      let largest = -Infinity;
      for (let i = at; i < at + n; i++) largest = Math.max(largest, logSignal[i] ?? 0);
      this.lnScale[voxel] = largest;
      for (let i = at; i < at + n; i++) signal[i] = Math.exp((logSignal[i] ?? 0) - largest);
    }
    this.kernel?.fit(signal, voxels);
  }

  usePrior(prior: IvimPrior): void {
    this.posterior?.usePrior(prior);
  }

  fit(voxel: number, sigma: number): boolean {
    const at = voxel * this.averaged.count;
    if (!this.findSquares(voxel, at)) return false;
    const relative = Math.max(sigma * Math.exp(-(this.lnScale[voxel] ?? 0)), SMALLEST_SIGMA);
    const found = this.posterior ? this.takePosterior(at, relative) : this.takeSquares(relative);
    return found && this.estimate.s0 > 0;
  }

  private findSquares(voxel: number, at: number): boolean {
    const { squares, kernel, signal } = this;
    if (!kernel) return squares.fit(signal, at);
    squares.takeFromKernel(kernel.results, 6 * voxel);
    if (!(squares.perfused + squares.unperfused > 0)) return false;
    return this.posterior || this.intervals ? squares.settle(signal, at) : true;
  }

  /** Weighted sum of squared residuals of the least-squares fit of the last voxel, in units of its largest signal. */
  get cost(): number {
    return this.squares.cost;
  }

  private takeSquares(sigma: number): boolean {
    const { squares, estimate } = this;
    const { perfused, unperfused } = squares;
    estimate.d = squares.d;
    estimate.s0 = perfused + unperfused;
    estimate.f = perfused / estimate.s0;
    estimate.dStar = perfused > 0 ? squares.dStar : 0;
    estimate.dAtBound = squares.dAtBound;
    estimate.fAtBound = squares.dAtBound || perfused <= 0 || unperfused <= 0;
    estimate.dStarAtBound = estimate.fAtBound || squares.dStarAtBound;
    if (this.intervals) this.setIntervals(sigma);
    return true;
  }

  /** By the linearised model; all there is where a parameter is at its bound. */
  private setIntervals(sigma: number): void {
    const { squares, estimate, covariance } = this;
    const { intervals, d, f, dStar, s0 } = estimate;
    const free = !estimate.dStarAtBound && squares.inverseNormal(covariance);
    const spread = (variance: number): number =>
      free && variance >= 0 && sigma > 0 ? Z95 * sigma * Math.sqrt(variance) : Infinity;
    const entry = (i: number, j: number): number => covariance[4 * i + j] ?? 0;
    const ofF =
      ((1 - f) ** 2 * entry(PERFUSED, PERFUSED) -
        2 * f * (1 - f) * entry(PERFUSED, UNPERFUSED) +
        f * f * entry(UNPERFUSED, UNPERFUSED)) /
      (s0 * s0);
    setClipped(intervals.ivim_d, d, spread(entry(D_SCALED, D_SCALED)) / D_SCALE, 0, D_TO);
    setClipped(intervals.ivim_f, f, spread(ofF), 0, 1);
    const ofLnDStar = spread(entry(LN_DSTAR, LN_DSTAR));
    intervals.ivim_dstar[0] = Math.max(dStar * Math.exp(-ofLnDStar), DSTAR_FROM);
    intervals.ivim_dstar[1] = dStar > 0 ? Math.min(dStar * Math.exp(ofLnDStar), DSTAR_TO) : DSTAR_TO;
  }

  private takePosterior(at: number, sigma: number): boolean {
    const { posterior, estimate, squares } = this;
    if (!posterior?.fit(this.signal, at, squares, sigma)) return false;
    const { intervals } = estimate;
    estimate.d = posterior.d.mean();
    estimate.f = posterior.f.mean();
    estimate.dStar = posterior.lnDStar.mean(Math.exp);
    estimate.s0 = posterior.s0;
    estimate.dAtBound = false;
    estimate.fAtBound = false;
    estimate.dStarAtBound = false;
    for (const [side, p] of [0.025, 0.975].entries()) {
      intervals.ivim_d[side] = posterior.d.quantile(p);
      intervals.ivim_f[side] = posterior.f.quantile(p);
      intervals.ivim_dstar[side] = Math.exp(posterior.lnDStar.quantile(p));
    }
    return true;
  }
}

function setClipped(interval: Float64Array, value: number, spread: number, from: number, to: number): void {
  interval[0] = Math.max(value - spread, from);
  interval[1] = Math.min(value + spread, to);
}
