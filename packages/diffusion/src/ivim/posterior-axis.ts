/** A range whose outermost cell has more probability than this cuts some off. */
const CUT_OFF = 2e-3;

/** One parameter of a posterior on a grid of cells. */
export class PosteriorAxis {
  /** Middle of each cell. */
  readonly values: Float64Array;
  /** ln prior density at {@link values}. */
  readonly lnPrior: Float64Array;
  /** Probability of each cell, once {@link normalise}d. */
  readonly mass: Float64Array;
  private from = 0;
  private step = 0;

  constructor(
    readonly cells: number,
    private readonly lowest: number,
    private readonly highest: number,
    /** ln prior density; takes effect with the next range. */
    public prior: (value: number) => number,
  ) {
    this.values = new Float64Array(cells);
    this.lnPrior = new Float64Array(cells);
    this.mass = new Float64Array(cells);
  }

  /** Spreads the cells over a range, cut at the bounds; over all there is when it is not a range. */
  spread(from: number, to: number): void {
    let low = Math.max(from, this.lowest);
    let high = Math.min(to, this.highest);
    if (!(high > low)) [low, high] = [this.lowest, this.highest];
    this.from = low;
    this.step = (high - low) / this.cells;
    for (let i = 0; i < this.cells; i++) {
      const value = low + (i + 0.5) * this.step;
      this.values[i] = value;
      this.lnPrior[i] = this.prior(value);
    }
  }

  normalise(total: number): void {
    for (let i = 0; i < this.cells; i++) this.mass[i] = (this.mass[i] ?? 0) / total;
  }

  /** Makes the range half as wide again on each side that cuts probability off; returns whether there was one. */
  widen(): boolean {
    const { from, step, cells, mass, lowest, highest } = this;
    const to = from + cells * step;
    const low = from > lowest && (mass[0] ?? 0) > CUT_OFF;
    const high = to < highest && (mass[cells - 1] ?? 0) > CUT_OFF;
    if (!low && !high) return false;
    const more = 0.5 * (to - from);
    this.spread(low ? from - more : from, high ? to + more : to);
    return true;
  }

  /** How many times finer the cells would get by {@link narrow}. */
  gainOfNarrowing(tail: number): number {
    const [first, last] = this.cellsHolding(tail);
    return this.cells / (last - first);
  }

  /** Spreads the cells anew over where all but `tail` of the probability lies on either side, and a cell more. */
  narrow(tail: number): void {
    const [first, last] = this.cellsHolding(tail);
    const { from, step } = this;
    this.spread(from + first * step, from + last * step);
  }

  private cellsHolding(tail: number): [first: number, last: number] {
    const cellOf = (p: number): number => (this.quantile(p) - this.from) / this.step;
    const first = Math.max(Math.floor(cellOf(tail)) - 1, 0);
    const last = Math.min(Math.ceil(cellOf(1 - tail)) + 1, this.cells);
    return [first, Math.max(last, first + 1)];
  }

  /** Value below which probability `p` lies; linear within a cell. */
  quantile(p: number): number {
    let below = 0;
    for (let i = 0; i < this.cells; i++) {
      const mass = this.mass[i] ?? 0;
      if (below + mass >= p && mass > 0) return this.from + this.step * (i + (p - below) / mass);
      below += mass;
    }
    return this.from + this.cells * this.step;
  }

  /** Mean of a function of the parameter. */
  mean(of: (value: number) => number = (value) => value): number {
    let sum = 0;
    for (let i = 0; i < this.cells; i++) sum += (this.mass[i] ?? 0) * of(this.values[i] ?? 0);
    return sum;
  }
}
