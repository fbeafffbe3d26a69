/** How often the weights are recomputed from the predicted signal. */
const REWEIGHTINGS = 2;

/**
 * Weighted least squares of `ln S = ln A - b D` for one voxel at a time: ordinary first, then weights
 * `repeats x (predicted signal)^2`, recomputed twice. Weights by the measured signal would bias D low (Veraart et al.,
 * NeuroImage 2013;81:335-346).
 */
export class MonoexponentialFit {
  /** Diffusivity of the last voxel, mm2/s; may be negative. */
  diffusivity = 0;
  /** ln of the signal at b 0 of the last voxel. */
  lnSignalAt0 = 0;

  /**
   * @param bValues s/mm2, ascending
   * @param repeats measurements averaged at each b-value
   * @param first index of the first b-value that is used
   */
  constructor(
    private readonly bValues: Float64Array,
    private readonly repeats: Float64Array,
    private readonly first: number,
  ) {}

  /**
   * @param logSignal one per b-value, from `at`
   * @returns false when the weighted b-values do not determine a slope
   */
  fit(logSignal: Float64Array, at: number): boolean {
    this.diffusivity = 0;
    let solved = this.solve(logSignal, at);
    for (let i = 0; i < REWEIGHTINGS && solved; i++) solved = this.solve(logSignal, at, 2 * this.diffusivity);
    return solved;
  }

  /** One weighted line; weights `repeats exp(-decay b)`, relative to the first b-value. */
  private solve(logSignal: Float64Array, at: number, decay = 0): boolean {
    const { bValues, repeats, first } = this;
    const b0 = bValues[first] ?? 0;
    let w0 = 0;
    let w1 = 0;
    let w2 = 0;
    let y0 = 0;
    let y1 = 0;
    for (let i = first; i < bValues.length; i++) {
      const b = (bValues[i] ?? 0) - b0;
      const w = (repeats[i] ?? 0) * (decay === 0 ? 1 : Math.exp(-decay * b));
      const y = logSignal[at + i] ?? 0;
      w0 += w;
      w1 += w * b;
      w2 += w * b * b;
      y0 += w * y;
      y1 += w * b * y;
    }
    const determinant = w0 * w2 - w1 * w1;
    if (!(determinant > 1e-12 * w0 * w2)) return false;
    this.diffusivity = (w1 * y0 - w0 * y1) / determinant;
    this.lnSignalAt0 = (w2 * y0 - w1 * y1) / determinant + b0 * this.diffusivity;
    return Number.isFinite(this.diffusivity) && Number.isFinite(this.lnSignalAt0);
  }
}
