import type { BiexponentialFit } from './biexponential-fit';
import {
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
import { POSTERIOR_CELLS, type PosteriorKernel } from '../kernels/ivim-kernels';
import type { IvimPrior } from './ivim-priors';
import { PosteriorAxis } from './posterior-axis';

const [D_CELLS, F_CELLS, DSTAR_CELLS] = POSTERIOR_CELLS;

/** Standard errors around the least-squares fit that the first grid spans. */
const FIRST_SPAN = 8;

/** Probability outside the range of the next grid, on either side. */
const TAIL = 1e-4;

/** The grid is narrowed (or widened, where it cuts off) until that would gain less than this factor on every axis, at most so often. */
const WORTH_NARROWING = 1.5;
const MOST_GRIDS = 6;

/** Cells this much less likely than the least-squares fit, in ln, count as 0. */
const NEGLIGIBLE = -30;

/** Where a narrow prior all but excludes the least-squares fit, masses relative to it would overflow. */
const LEAST_LN_PRIOR = -200;

/**
 * Posterior mean and 95 % interval of f, D and D* for one voxel at a time, by summing over a grid that starts around the
 * least-squares optimum and narrows to where the probability is. S0 is integrated out (flat prior, normal noise of known
 * standard deviation).
 *
 * Bayesian IVIM: Neil & Bretthorst, Magn Reson Med 1993;29:642-647; Barbieri et al., Magn Reson Med 2016;75:2175-2184.
 */
export class PosteriorFit {
  readonly d: PosteriorAxis;
  readonly f: PosteriorAxis;
  readonly lnDStar: PosteriorAxis;
  /** Posterior mean of S0, in units of the signal. */
  s0 = 0;
  private readonly axes: readonly PosteriorAxis[];
  /** Decays `[cell][b-value]`, and their products with themselves and the signal. */
  private readonly slow: Float64Array;
  private readonly fast: Float64Array;
  private readonly slowSquares = new Float64Array(D_CELLS);
  private readonly fastSquares = new Float64Array(DSTAR_CELLS);
  private readonly slowSignal = new Float64Array(D_CELLS);
  private readonly fastSignal = new Float64Array(DSTAR_CELLS);
  private lnPriorOfOptimum = 0;
  private total = 0;
  private totalS0 = 0;
  private readonly covariance = new Float64Array(16);

  constructor(
    private readonly bValues: Float64Array,
    private readonly repeats: Float64Array,
    private prior: IvimPrior,
    private kernel: PosteriorKernel | null = null,
  ) {
    this.d = new PosteriorAxis(D_CELLS, 0, D_TO, prior.lnD);
    this.f = new PosteriorAxis(F_CELLS, 0, 1, prior.lnF);
    this.lnDStar = new PosteriorAxis(DSTAR_CELLS, Math.log(DSTAR_FROM), Math.log(DSTAR_TO), prior.lnDStar);
    this.axes = [this.d, this.f, this.lnDStar];
    this.slow = new Float64Array(D_CELLS * bValues.length);
    this.fast = new Float64Array(DSTAR_CELLS * bValues.length);
  }

  /** Takes another prior from the next voxel on. */
  usePrior(prior: IvimPrior): void {
    // A narrow prior makes masses that single precision cannot hold.
    this.kernel = null;
    this.prior = prior;
    this.d.prior = prior.lnD;
    this.f.prior = prior.lnF;
    this.lnDStar.prior = prior.lnDStar;
  }

  /**
   * @param signal one per b-value, from `at`
   * @param optimum the least-squares fit of the same signal
   * @param sigma standard deviation of the noise of one measurement, in units of the signal
   * @returns false when there is no posterior (no signal)
   */
  fit(signal: Float64Array, at: number, optimum: BiexponentialFit, sigma: number): boolean {
    this.spreadAround(optimum, sigma);
    const { axes } = this;
    for (let grid = 1; ; grid++) {
      if (!this.sum(signal, at, optimum.cost, sigma)) return false;
      if (grid === MOST_GRIDS) return true;
      // Every axis is to be asked, so no short cut.
      const widened = axes.filter((axis) => axis.widen()).length > 0;
      if (widened) continue;
      if (!axes.some((axis) => axis.gainOfNarrowing(TAIL) > WORTH_NARROWING)) return true;
      for (const axis of axes) axis.narrow(TAIL);
    }
  }

  /** Ranges of the first grid, by the linearised model. */
  private spreadAround(optimum: BiexponentialFit, sigma: number): void {
    const { covariance, prior } = this;
    const { perfused: p, unperfused: q, d, dStar } = optimum;
    const known = optimum.covarianceWithin(sigma, covariance);
    const entry = (i: number, j: number): number => covariance[4 * i + j] ?? 0;
    const spread = (axis: PosteriorAxis, value: number, variance: number): void => {
      const span = known && variance >= 0 ? FIRST_SPAN * Math.sqrt(variance) : Infinity;
      if (Number.isFinite(span)) axis.spread(value - span, value + span);
      else axis.spread(-Infinity, Infinity);
    };
    const f = p / (p + q);
    // f = p / (p + q): its gradient by p and q is (1 - f, -f) / (p + q).
    const ofF =
      ((1 - f) ** 2 * entry(PERFUSED, PERFUSED) -
        2 * f * (1 - f) * entry(PERFUSED, UNPERFUSED) +
        f * f * entry(UNPERFUSED, UNPERFUSED)) /
      (p + q) ** 2;
    spread(this.d, d, entry(D_SCALED, D_SCALED) / D_SCALE ** 2);
    spread(this.f, f, ofF);
    spread(this.lnDStar, Math.log(dStar), entry(LN_DSTAR, LN_DSTAR));
    const lnPrior =
      prior.lnD(Math.max(d, D_TO / D_CELLS / 20)) +
      prior.lnF(Math.min(Math.max(f, 0.5 / F_CELLS), 1 - 0.5 / F_CELLS)) +
      prior.lnDStar(Math.log(dStar));
    this.lnPriorOfOptimum = Math.max(lnPrior, LEAST_LN_PRIOR);
  }

  /** Sums the posterior over the present grid. */
  private sum(signal: Float64Array, at: number, cost: number, sigma: number): boolean {
    const { axes, kernel, lnPriorOfOptimum } = this;
    const enough = this.signalSquared(signal, at) - cost;
    const precision = 0.5 / (sigma * sigma);
    if (kernel) {
      kernel.sum(axes, signal, at, this.bValues.length, { enough, precision, lnPriorOfOptimum });
      [this.total = 0, this.totalS0 = 0] = kernel.totals;
    } else this.sumHere(signal, at, enough, precision);
    if (!(this.total > 0)) return false;
    for (const axis of axes) axis.normalise(this.total);
    this.s0 = this.totalS0 / this.total;
    return true;
  }

  private sumHere(signal: Float64Array, at: number, enough: number, precision: number): void {
    const { d, lnDStar, axes } = this;
    this.fillDecays(signal, at);
    for (const axis of axes) axis.mass.fill(0);
    this.total = 0;
    this.totalS0 = 0;
    for (let j = 0; j < DSTAR_CELLS; j++) {
      const dStar = Math.exp(lnDStar.values[j] ?? 0);
      for (let i = 0; i < D_CELLS; i++)
        if (dStar >= DSTAR_OVER_D * (d.values[i] ?? 0)) this.sumOverF(i, j, enough, precision);
    }
  }

  /**
   * Adds the cells of one pair (D, D*).
   *
   * @param enough squared signal that the least-squares fit explains
   */
  private sumOverF(i: number, j: number, enough: number, precision: number): void {
    const { d, f, lnDStar } = this;
    const dd = this.slowSquares[i] ?? 0;
    const ds = this.slowSignal[i] ?? 0;
    const ee = this.fastSquares[j] ?? 0;
    const es = this.fastSignal[j] ?? 0;
    const ed = this.crossed(i, j);
    const lnPrior = (d.lnPrior[i] ?? 0) + (lnDStar.lnPrior[j] ?? 0) - this.lnPriorOfOptimum;
    let sum = 0;
    for (let k = 0; k < F_CELLS; k++) {
      const x = f.values[k] ?? 0;
      const squared = x * x * ee + 2 * x * (1 - x) * ed + (1 - x) * (1 - x) * dd;
      const explained = x * es + (1 - x) * ds;
      const missed = enough - (explained * explained) / squared;
      const exponent = lnPrior + (f.lnPrior[k] ?? 0) - precision * missed;
      if (!(exponent > NEGLIGIBLE)) continue;
      const mass = Math.exp(exponent) / Math.sqrt(squared);
      sum += mass;
      this.totalS0 += (mass * explained) / squared;
      f.mass[k] = (f.mass[k] ?? 0) + mass;
    }
    this.total += sum;
    d.mass[i] = (d.mass[i] ?? 0) + sum;
    lnDStar.mass[j] = (lnDStar.mass[j] ?? 0) + sum;
  }

  private signalSquared(signal: Float64Array, at: number): number {
    let sum = 0;
    for (let k = 0; k < this.bValues.length; k++) sum += (this.repeats[k] ?? 0) * (signal[at + k] ?? 0) ** 2;
    return sum;
  }

  /** Decays at the values of the axes, and their weighted products with themselves and the signal. */
  private fillDecays(signal: Float64Array, at: number): void {
    const { d, lnDStar } = this;
    for (let i = 0; i < D_CELLS; i++)
      this.fillDecay(this.slow, this.slowSquares, this.slowSignal, i, d.values[i] ?? 0, signal, at);
    for (let j = 0; j < DSTAR_CELLS; j++) {
      const dStar = Math.exp(lnDStar.values[j] ?? 0);
      this.fillDecay(this.fast, this.fastSquares, this.fastSignal, j, dStar, signal, at);
    }
  }

  private fillDecay(
    decays: Float64Array,
    squares: Float64Array,
    products: Float64Array,
    cell: number,
    rate: number,
    signal: Float64Array,
    at: number,
  ): void {
    const { bValues, repeats } = this;
    const n = bValues.length;
    let squared = 0;
    let product = 0;
    for (let k = 0; k < n; k++) {
      const decay = Math.exp(-(bValues[k] ?? 0) * rate);
      decays[cell * n + k] = decay;
      squared += (repeats[k] ?? 0) * decay * decay;
      product += (repeats[k] ?? 0) * decay * (signal[at + k] ?? 0);
    }
    squares[cell] = squared;
    products[cell] = product;
  }

  /** Weighted product of the decays of cell `i` of D and `j` of D*. */
  private crossed(i: number, j: number): number {
    const n = this.bValues.length;
    let sum = 0;
    for (let k = 0; k < n; k++)
      sum += (this.repeats[k] ?? 0) * (this.slow[i * n + k] ?? 0) * (this.fast[j * n + k] ?? 0);
    return sum;
  }
}
