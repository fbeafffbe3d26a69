import { multiply, padded } from '../fitting/matrix-product';

/** Range of D* in mm2/s. D* is also at least {@link DSTAR_OVER_D} x D, or f is the weight of the same decay twice. */
const DSTAR_FROM = 4e-3;
const DSTAR_TO = 0.1;
const DSTAR_OVER_D = 2;

/** Values of D* tried first, evenly spaced in ln D*. */
const GRID = 24;

const REFINEMENTS = 8;
const LN_DSTAR_TOLERANCE = 1e-4;

/**
 * S0, f and D* of `S = p exp(-b D*) + q exp(-b D)` with D fixed: p and q by non-negative linear least squares on the
 * signal for every D* of a grid, then D* by parabolic steps around the best (variable projection in one dimension:
 * Golub & Pereyra, SIAM J Numer Anal 1973;10:413-432).
 */
export class PerfusionRefit {
  /** Signal, `[voxel][b-value]`; to be filled by the caller. */
  readonly signal: Float64Array;
  /** Decay exp(-b D), `[voxel][b-value]`; to be filled by the caller. */
  readonly decay: Float64Array;
  /** Results of the last voxel. */
  perfused = 0;
  unperfused = 0;
  /** mm2/s; 0 when p is 0 and there is none. */
  dStar = 0;
  dStarAtBound = false;

  private readonly count: number;
  private readonly lnGrid: Float64Array;
  private readonly weightedGrid: Float64Array;
  private readonly gridSquares: Float64Array;
  private readonly gridSignal: Float64Array;
  private readonly gridDecay: Float64Array;
  /** Sums of the voxel at hand: decay x decay, decay x signal, weighted by repeats. */
  private dd = 0;
  private ds = 0;
  private gain = 0;

  /** @param tile voxels per tile, a multiple of 4 */
  constructor(
    private readonly bValues: Float64Array,
    private readonly repeats: Float64Array,
    private readonly tile: number,
  ) {
    const n = bValues.length;
    const step = Math.log(DSTAR_TO / DSTAR_FROM) / (GRID - 1);
    this.count = n;
    this.lnGrid = Float64Array.from({ length: GRID }, (_, k) => Math.log(DSTAR_FROM) + k * step);
    this.signal = new Float64Array(tile * n);
    this.decay = new Float64Array(tile * n);
    this.weightedGrid = new Float64Array(n * padded(GRID));
    this.gridSquares = new Float64Array(GRID);
    this.gridSignal = new Float64Array(tile * padded(GRID));
    this.gridDecay = new Float64Array(tile * padded(GRID));
    for (let i = 0; i < n; i++)
      for (let k = 0; k < GRID; k++) {
        const e = Math.exp(-(bValues[i] ?? 0) * Math.exp(this.lnGrid[k] ?? 0));
        this.weightedGrid[i * padded(GRID) + k] = (repeats[i] ?? 0) * e;
        this.gridSquares[k] = (this.gridSquares[k] ?? 0) + (repeats[i] ?? 0) * e * e;
      }
  }

  /** Prepares all voxels of the tile, once signal and decay are filled. */
  prepareTile(): void {
    const { tile, count, weightedGrid } = this;
    multiply(this.signal, weightedGrid, this.gridSignal, tile, count, padded(GRID));
    multiply(this.decay, weightedGrid, this.gridDecay, tile, count, padded(GRID));
  }

  /**
   * Fits one voxel of the tile.
   *
   * @param d its D, mm2/s
   * @returns false when nothing fits (no signal)
   */
  fit(voxel: number, d: number): boolean {
    this.sumDecay(voxel);
    if (!(this.dd > 0)) return false;
    const from = this.firstGridPoint(d);
    const best = this.bestGridPoint(voxel, from);
    const lnDStar = best < 0 ? 0 : this.refine(voxel, best, from);
    if (best < 0) {
      this.perfused = 0;
      this.unperfused = this.ds / this.dd;
      this.dStar = 0;
      this.dStarAtBound = false;
      return Number.isFinite(this.unperfused);
    }
    this.dStar = Math.exp(lnDStar);
    this.dStarAtBound =
      lnDStar - (this.lnGrid[from] ?? 0) < LN_DSTAR_TOLERANCE ||
      (this.lnGrid[GRID - 1] ?? 0) - lnDStar < LN_DSTAR_TOLERANCE;
    return Number.isFinite(this.perfused + this.unperfused);
  }

  private sumDecay(voxel: number): void {
    this.dd = 0;
    this.ds = 0;
    for (let i = 0; i < this.count; i++) {
      const weighted = (this.repeats[i] ?? 0) * (this.decay[voxel * this.count + i] ?? 0);
      this.dd += weighted * (this.decay[voxel * this.count + i] ?? 0);
      this.ds += weighted * (this.signal[voxel * this.count + i] ?? 0);
    }
  }

  private firstGridPoint(d: number): number {
    const lowest = Math.log(Math.max(DSTAR_OVER_D * d, DSTAR_FROM));
    let from = 0;
    while (from < GRID - 2 && (this.lnGrid[from] ?? 0) < lowest - 1e-12) from++;
    return from;
  }

  /** Grid point with the smallest residual, or -1 when p = 0 is best everywhere. */
  private bestGridPoint(voxel: number, from: number): number {
    let best = -1;
    let bestGain = 0;
    for (let k = from; k < GRID; k++) {
      const at = voxel * padded(GRID) + k;
      this.solve(this.gridSquares[k] ?? 0, this.gridDecay[at] ?? 0, this.gridSignal[at] ?? 0);
      if (this.perfused > 0 && this.gain > bestGain) {
        best = k;
        bestGain = this.gain;
      }
    }
    return best;
  }

  /**
   * Non-negative p and q of one D*, and how much of the signal's square they explain.
   *
   * @param ee sum of repeats x exp(-b D*)^2; `ed`, `es` with the decay and the signal
   */
  private solve(ee: number, ed: number, es: number): void {
    const { dd, ds } = this;
    const determinant = ee * dd - ed * ed;
    let p = determinant > 1e-12 * ee * dd ? (dd * es - ed * ds) / determinant : 0;
    let q = determinant > 1e-12 * ee * dd ? (ee * ds - ed * es) / determinant : ds / dd;
    if (p < 0) {
      p = 0;
      q = ds / dd;
    } else if (q < 0) {
      q = 0;
      p = es / ee;
    }
    this.perfused = p;
    this.unperfused = q;
    this.gain = p * es + q * ds;
  }

  /** Solves for any D*; returns the gain. */
  private evaluate(voxel: number, lnDStar: number): number {
    const dStar = Math.exp(lnDStar);
    let ee = 0;
    let ed = 0;
    let es = 0;
    for (let i = 0; i < this.count; i++) {
      const e = Math.exp(-(this.bValues[i] ?? 0) * dStar);
      const weighted = (this.repeats[i] ?? 0) * e;
      ee += weighted * e;
      ed += weighted * (this.decay[voxel * this.count + i] ?? 0);
      es += weighted * (this.signal[voxel * this.count + i] ?? 0);
    }
    this.solve(ee, ed, es);
    return this.gain;
  }

  /** Maximum of the gain around a grid point, by parabolas through three points; leaves p and q of it. */
  private refine(voxel: number, best: number, from: number): number {
    let left = this.lnGrid[Math.max(best - 1, from)] ?? 0;
    let right = this.lnGrid[Math.min(best + 1, GRID - 1)] ?? 0;
    let x = this.lnGrid[best] ?? 0;
    let gainX = this.evaluate(voxel, x);
    let gainLeft = this.evaluate(voxel, left);
    let gainRight = this.evaluate(voxel, right);
    for (let i = 0; i < REFINEMENTS && right - left > LN_DSTAR_TOLERANCE; i++) {
      const next = parabolaTop(left, x, right, gainLeft, gainX, gainRight);
      if (Math.abs(next - x) < 0.1 * LN_DSTAR_TOLERANCE) break;
      const gain = this.evaluate(voxel, next);
      if (gain > gainX) {
        if (next > x) [left, gainLeft] = [x, gainX];
        else [right, gainRight] = [x, gainX];
        [x, gainX] = [next, gain];
      } else if (next > x) [right, gainRight] = [next, gain];
      else [left, gainLeft] = [next, gain];
    }
    this.evaluate(voxel, x);
    return x;
  }
}

/** Where the parabola through three points has its top, kept inside; the middle of the longer half when it has none. */
function parabolaTop(
  left: number,
  x: number,
  right: number,
  gainLeft: number,
  gainX: number,
  gainRight: number,
): number {
  const a = (x - left) * (gainX - gainRight);
  const b = (x - right) * (gainX - gainLeft);
  const middle = x - left > right - x ? (left + x) / 2 : (x + right) / 2;
  if (a === b) return middle;
  const top = x - (0.5 * ((x - left) * a - (x - right) * b)) / (a - b);
  return top > left && top < right ? top : middle;
}
