import { multiply, padded } from '../fitting/matrix-product';
import { pseudoInverse, type TensorDesign } from './design-matrix';
import { momentBasis, NormalEquationsSolver, SIGNAL_SUMS, WEIGHT_SUMS } from './normal-equations';

/** Numbers per voxel in {@link LinearTensorFit.parameters}: ln S0, then the scaled tensor; the last is unused. */
export const PARAMETER_STRIDE = padded(SIGNAL_SUMS);

const SUMS_STRIDE = padded(WEIGHT_SUMS);
const WEIGHTING_STRIDE = 8;

/**
 * Ordinary and weighted linear least squares of `ln S = ln S0 - b g'Dg` for a tile of voxels.
 *
 * OLS: Basser, Mattiello, Le Bihan, J Magn Reson B 1994;103:247-254. Weights S^2 of the predicted signal, iterated:
 * Veraart et al., NeuroImage 2013;81:335-346; one iteration is the two-pass estimator of Chung et al., NeuroImage
 * 2006;33:531-541.
 *
 * Everything is allocated once; a fit of a tile allocates nothing.
 */
export class LinearTensorFit {
  /** ln signal, `[voxel][row]`; to be filled by the caller. */
  readonly logSignal: Float64Array;
  /** Result, `[voxel][PARAMETER_STRIDE]`: ln S0, then xx, yy, zz, xy, xz, yz times the design's b scale. */
  readonly parameters: Float64Array;
  /** 1 where the weighted system of a voxel was singular. */
  readonly singular: Uint8Array;
  private readonly rows: number;
  private readonly rowsPadded: number;
  private readonly inverse: Float64Array;
  private readonly basis: Float64Array;
  private readonly signalBasis: Float64Array;
  /** `[PARAMETER_STRIDE][rows]`: exponent of the predicted attenuation, squared. */
  private readonly weightExponent: Float64Array;
  private readonly exponent: Float64Array;
  private readonly weights: Float64Array;
  private readonly weightedSignal: Float64Array;
  private readonly sums: Float64Array;
  private readonly signalSums: Float64Array;
  private readonly solver = new NormalEquationsSolver();

  /** @param tile voxels per tile, a multiple of 4 */
  constructor(
    design: TensorDesign,
    private readonly tile: number,
  ) {
    const { rows, weighting } = design;
    this.rows = rows;
    this.rowsPadded = padded(rows);
    this.logSignal = new Float64Array(tile * rows);
    this.parameters = new Float64Array(tile * PARAMETER_STRIDE);
    this.singular = new Uint8Array(tile);
    this.inverse = pseudoInverse(design, PARAMETER_STRIDE);
    this.basis = momentBasis(weighting, rows, SUMS_STRIDE);
    this.signalBasis = new Float64Array(rows * WEIGHTING_STRIDE);
    this.weightExponent = new Float64Array(PARAMETER_STRIDE * this.rowsPadded);
    for (let row = 0; row < rows; row++) {
      this.signalBasis[row * WEIGHTING_STRIDE] = 1;
      for (let i = 0; i < 6; i++) {
        const q = weighting[6 * row + i] ?? 0;
        this.signalBasis[row * WEIGHTING_STRIDE + 1 + i] = q;
        this.weightExponent[(1 + i) * this.rowsPadded + row] = -2 * q;
      }
    }
    this.exponent = new Float64Array(tile * this.rowsPadded);
    this.weights = new Float64Array(tile * rows);
    this.weightedSignal = new Float64Array(tile * rows);
    this.sums = new Float64Array(tile * SUMS_STRIDE);
    this.signalSums = new Float64Array(tile * WEIGHTING_STRIDE);
  }

  /** Ordinary least squares of the whole tile. */
  ordinary(): void {
    this.singular.fill(0);
    multiply(this.logSignal, this.inverse, this.parameters, this.tile, this.rows, PARAMETER_STRIDE);
  }

  /** Weighted least squares with the squared measured signal as weight, as MRtrix3 starts. */
  weightByMeasuredSignal(): void {
    this.singular.fill(0);
    const { rows, logSignal, weights } = this;
    for (let voxel = 0; voxel < this.tile; voxel++) {
      const at = voxel * rows;
      let largest = -Infinity;
      for (let row = 0; row < rows; row++) largest = Math.max(largest, logSignal[at + row] ?? 0);
      for (let i = at; i < at + rows; i++) weights[i] = Math.exp(2 * ((logSignal[i] ?? 0) - largest));
    }
    this.solveWeighted();
  }

  /** Weighted least squares with the squared signal that the present parameters predict as weight. */
  weightByPredictedSignal(): void {
    const { rows, rowsPadded, exponent, weights } = this;
    // The common factor S0^2 of the weights does not change the answer and is left out.
    multiply(this.parameters, this.weightExponent, exponent, this.tile, PARAMETER_STRIDE, rowsPadded);
    for (let voxel = 0; voxel < this.tile; voxel++)
      for (let row = 0; row < rows; row++)
        weights[voxel * rows + row] = Math.exp(exponent[voxel * rowsPadded + row] ?? 0);
    this.solveWeighted();
  }

  /**
   * Attenuation S / S0 that the present parameters predict.
   *
   * @param out receives `[voxel][row]`
   */
  predictAttenuation(out: Float64Array): void {
    const { rows, rowsPadded, exponent } = this;
    multiply(this.parameters, this.weightExponent, exponent, this.tile, PARAMETER_STRIDE, rowsPadded);
    for (let voxel = 0; voxel < this.tile; voxel++)
      for (let row = 0; row < rows; row++)
        out[voxel * rows + row] = Math.exp(0.5 * (exponent[voxel * rowsPadded + row] ?? 0));
  }

  /**
   * Weighted least squares with given weights and weighted responses.
   *
   * @param weights `[voxel][row]`, up to a factor per voxel
   * @param weightedResponse weight x what takes the place of ln signal, `[voxel][row]`
   */
  solveFor(weights: Float64Array, weightedResponse: Float64Array): void {
    this.weights.set(weights);
    this.weightedSignal.set(weightedResponse);
    this.solveSums();
  }

  private solveWeighted(): void {
    const { tile, rows, weights, logSignal, weightedSignal } = this;
    for (let i = 0; i < tile * rows; i++) weightedSignal[i] = (weights[i] ?? 0) * (logSignal[i] ?? 0);
    this.solveSums();
  }

  /** Solves the weighted normal equations of every voxel. */
  private solveSums(): void {
    const { tile, rows, weights, weightedSignal, sums, signalSums } = this;
    multiply(weights, this.basis, sums, tile, rows, SUMS_STRIDE);
    multiply(weightedSignal, this.signalBasis, signalSums, tile, rows, WEIGHTING_STRIDE);
    for (let voxel = 0; voxel < tile; voxel++) {
      const solved = this.solver.solve(
        sums,
        voxel * SUMS_STRIDE,
        signalSums,
        voxel * WEIGHTING_STRIDE,
        this.parameters,
        voxel * PARAMETER_STRIDE,
      );
      if (!solved) this.singular[voxel] = 1;
    }
  }
}
