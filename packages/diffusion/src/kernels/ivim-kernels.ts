import type { KernelInstance } from './kernel-module';

/** Voxels the biexponential kernel fits at a time. */
const PAIR = 2;

/** Numbers per voxel it gives: p, q, D x 1000, ln D*, cost, whether D* is tied to D. */
const RESULTS = 6;

/** What the biexponential kernel starts from; see packages/diffusion/assembly/biexponential.ts. */
export interface BiexponentialGrid {
  readonly bValues: Float64Array;
  readonly repeats: Float64Array;
  /** D x 1000 of the cells, then ln D* of as many. */
  readonly rates: Float64Array;
  /** Repeats x decays `[cell][b-value]` of D, of D*; their squares; crossed products `[D][D*]`. */
  readonly tables: Float64Array;
  readonly highestD: number;
  readonly lowestLnDStar: number;
  readonly highestLnDStar: number;
}

/** Bounded least squares of the biexponential in WebAssembly. */
export class BiexponentialKernel {
  /** `[voxel][p, q, D x 1000, ln D*, cost, tied]` of the last voxels. */
  readonly results: Float64Array;
  private readonly signal: Float64Array;
  private readonly out: Float64Array;
  private readonly outAt: number;
  private readonly count: number;

  constructor(
    private readonly instance: KernelInstance,
    grid: BiexponentialGrid,
    tile: number,
  ) {
    const { exports } = instance;
    const n = grid.bValues.length;
    const cells = grid.rates.length / 2;
    this.count = n;
    this.results = new Float64Array(RESULTS * tile);
    const b = instance.reserve(2 * n * 8);
    const rates = instance.reserve(grid.rates.byteLength);
    const tables = instance.reserve(grid.tables.byteLength);
    const signal = instance.reserve(n * PAIR * 8);
    const work = instance.reserve(exports.biexponentialWorkBytes(cells));
    this.outAt = instance.reserve(RESULTS * PAIR * 8);
    const { buffer } = exports.memory;
    new Float64Array(buffer, b, 2 * n).set([...grid.bValues, ...grid.repeats]);
    new Float64Array(buffer, rates, grid.rates.length).set(grid.rates);
    new Float64Array(buffer, tables, grid.tables.length).set(grid.tables);
    this.signal = new Float64Array(buffer, signal, n * PAIR);
    this.out = new Float64Array(buffer, this.outAt, RESULTS * PAIR);
    const { highestD, lowestLnDStar, highestLnDStar } = grid;
    exports.setBiexponential(
      n,
      b,
      cells,
      rates,
      tables,
      signal,
      work,
      highestD,
      lowestLnDStar,
      highestLnDStar,
    );
  }

  /** @param signal `[voxel][b-value]`, of order 1 */
  fit(signal: Float64Array, voxels: number): void {
    const { count, out, results } = this;
    for (let voxel = 0; voxel < voxels; voxel += PAIR) {
      for (let lane = 0; lane < PAIR; lane++) {
        // An odd voxel at the end is fitted twice.
        const at = Math.min(voxel + lane, voxels - 1) * count;
        for (let i = 0; i < count; i++) this.signal[i * PAIR + lane] = signal[at + i] ?? 0;
      }
      this.instance.exports.fitBiexponential(this.outAt);
      for (let i = 0; i < RESULTS; i++)
        for (let lane = 0; lane < PAIR && voxel + lane < voxels; lane++)
          results[(voxel + lane) * RESULTS + i] = out[i * PAIR + lane] ?? 0;
    }
  }
}

/** Cells of the axes of the posterior: D, f, ln D*. */
export const POSTERIOR_CELLS = [20, 20, 18] as const;

/** One axis as the posterior kernel sees it. */
export interface KernelAxis {
  readonly values: Float64Array;
  readonly lnPrior: Float64Array;
  readonly mass: Float64Array;
}

/** Sums of the IVIM posterior over its grid in WebAssembly; see packages/diffusion/assembly/posterior.ts. */
export class PosteriorKernel {
  /** Sum of all masses, and of mass x S0, of the last sum. */
  readonly totals: Float64Array;
  private readonly signal: Float64Array;
  private readonly axes: readonly KernelAxis[];

  constructor(
    private readonly instance: KernelInstance,
    bValues: Float64Array,
    repeats: Float64Array,
  ) {
    const { exports } = instance;
    // Two b-values at a time: the last of an odd number gets a companion without weight.
    const n = 2 * Math.ceil(bValues.length / 2);
    const cells = POSTERIOR_CELLS.reduce((sum, count) => sum + count, 0);
    const b = instance.reserve(3 * n * 8);
    const axes = instance.reserve(cells * 3 * 8);
    const totals = instance.reserve(16);
    const work = instance.reserve(exports.posteriorWorkBytes(n));
    const { buffer } = exports.memory;
    const numbers = new Float64Array(buffer, b, 3 * n);
    numbers.fill(0);
    numbers.set(bValues);
    numbers.set(repeats, n);
    this.signal = numbers.subarray(2 * n);
    this.totals = new Float64Array(buffer, totals, 2);
    let at = axes;
    this.axes = POSTERIOR_CELLS.map((count) => {
      const part = (index: number): Float64Array => new Float64Array(buffer, at + index * count * 8, count);
      const axis = { values: part(0), lnPrior: part(1), mass: part(2) };
      at += 3 * count * 8;
      return axis;
    });
    exports.setPosterior(n, b, axes, totals, work);
  }

  /**
   * Sums over all cells; fills the masses of the axes.
   *
   * @param axes D, f and ln D*
   * @param signal one per b-value, from `at`
   */
  sum(
    axes: readonly KernelAxis[],
    signal: Float64Array,
    at: number,
    count: number,
    { enough, precision, lnPriorOfOptimum }: { enough: number; precision: number; lnPriorOfOptimum: number },
  ): void {
    for (let i = 0; i < count; i++) this.signal[i] = signal[at + i] ?? 0;
    this.axes.forEach((own, i) => {
      const axis = axes[i];
      if (!axis) return;
      own.values.set(axis.values);
      own.lnPrior.set(axis.lnPrior);
    });
    this.instance.exports.sumPosterior(enough, precision, lnPriorOfOptimum);
    this.axes.forEach((own, i) => axes[i]?.mass.set(own.mass));
  }
}
