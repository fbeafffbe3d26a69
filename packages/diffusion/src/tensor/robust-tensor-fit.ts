import { medianInPlace } from '../fitting/median';
import { TENSOR_PARAMETERS, type TensorDesign } from './design-matrix';
import { PARAMETER_STRIDE, type LinearTensorFit } from './linear-tensor-fit';

/** Makes the median absolute deviation of normal noise its standard deviation. */
const MAD_TO_SD = 1.4826;

/** Residuals beyond this many standard deviations get no weight while outliers are sought (Tukey's biweight). */
const BIWEIGHT_LIMIT = 6;

const BIWEIGHT_ROUNDS = 3;

/** Measurements further than this many standard deviations from the robust fit are outliers. */
const OUTLIER_LIMIT = 3;

/** Gauss-Newton steps of the fit without outliers. */
const FINAL_ROUNDS = 2;

/** A fit whose residuals have grown by this factor since the start has gone astray. */
const ASTRAY = 2;

/**
 * Non-linear least squares that finds outliers (dropouts by motion, spikes) by itself, a tile of voxels at a time.
 *
 * From a start that suppresses dropouts (log-linear, weights by measured signal), three Gauss-Newton steps in the signal
 * domain with Tukey's biweight of residual / scale. The scale is that of the median absolute residual of the voxel, so
 * nobody has to give a sigma. Measurements beyond 3 scales are outliers; the rest is fitted with equal weights.
 *
 * Biweight: Beaton & Tukey, Technometrics 1974;16:147-185; leaving outliers out of a last fit as RESTORE does: Chang,
 * Jones, Pierpaoli, Magn Reson Med 2005;53:1088-1095.
 */
export class RobustTensorFit {
  /** 1 where a measurement was an outlier, `[voxel][row]`. */
  readonly outliers: Uint8Array;
  private readonly rows: number;
  /** Robust weight, residual and attenuation of each measurement; weights and response of the step. */
  private readonly factor: Float64Array;
  private readonly residual: Float64Array;
  private readonly attenuation: Float64Array;
  private readonly weights: Float64Array;
  private readonly response: Float64Array;
  private readonly scratch: Float64Array;
  private readonly start: Float64Array;
  private readonly startScale: Float64Array;
  private readonly madToSd: number;

  constructor(
    design: TensorDesign,
    private readonly tile: number,
    private readonly linear: LinearTensorFit,
  ) {
    const { rows } = design;
    this.rows = rows;
    this.outliers = new Uint8Array(tile * rows);
    this.factor = new Float64Array(tile * rows);
    this.residual = new Float64Array(tile * rows);
    this.attenuation = new Float64Array(tile * rows);
    this.weights = new Float64Array(tile * rows);
    this.response = new Float64Array(tile * rows);
    this.scratch = new Float64Array(rows);
    this.start = new Float64Array(linear.parameters.length);
    this.startScale = new Float64Array(tile);
    this.madToSd = MAD_TO_SD * Math.sqrt(rows / Math.max(rows - TENSOR_PARAMETERS, 1));
  }

  /** @param signal `[voxel][row]`; `logSignal` of the linear fit holds its logarithms */
  fit(signal: Float64Array): void {
    const { linear, startScale, outliers, factor } = this;
    linear.weightByMeasuredSignal();
    this.findResiduals(signal);
    this.start.set(linear.parameters);
    this.forEachVoxel((voxel) => (startScale[voxel] = this.scale(voxel)));
    for (let round = 0; round < BIWEIGHT_ROUNDS; round++) {
      this.forEachVoxel((voxel) => {
        this.biweight(voxel);
      });
      this.step(signal);
    }
    this.returnStrays(signal);
    this.forEachVoxel((voxel) => {
      this.findOutliers(voxel);
    });
    this.start.set(linear.parameters);
    this.forEachVoxel((voxel) => (startScale[voxel] = this.scale(voxel)));
    for (let i = 0; i < factor.length; i++) factor[i] = outliers[i] === 0 ? 1 : 0;
    for (let round = 0; round < FINAL_ROUNDS; round++) this.step(signal);
    this.returnStrays(signal);
  }

  private forEachVoxel(visit: (voxel: number) => void): void {
    for (let voxel = 0; voxel < this.tile; voxel++) visit(voxel);
  }

  /** Attenuation and residual that go with the present parameters. */
  private findResiduals(signal: Float64Array): void {
    const { linear, rows, tile, attenuation, residual } = this;
    linear.predictAttenuation(attenuation);
    for (let voxel = 0; voxel < tile; voxel++) {
      const s0 = this.s0(voxel);
      for (let i = voxel * rows; i < (voxel + 1) * rows; i++)
        residual[i] = (signal[i] ?? 0) - s0 * (attenuation[i] ?? 0);
    }
  }

  /**
   * One Gauss-Newton step: a weighted linear fit of the tangent `ln predicted + residual / predicted`, with weights
   * `factor x predicted^2`.
   */
  private step(signal: Float64Array): void {
    const { linear, rows, tile, attenuation, factor, residual, weights, response } = this;
    for (let voxel = 0; voxel < tile; voxel++) {
      const lnS0 = linear.parameters[voxel * PARAMETER_STRIDE] ?? 0;
      const s0 = this.s0(voxel);
      for (let i = voxel * rows; i < (voxel + 1) * rows; i++) {
        const e = attenuation[i] ?? 0;
        const f = factor[i] ?? 0;
        weights[i] = f * e * e;
        response[i] = e > 0 ? f * e * (e * (lnS0 + Math.log(e)) + (residual[i] ?? 0) / s0) : 0;
      }
    }
    linear.solveFor(weights, response);
    this.findResiduals(signal);
  }

  /** Gives voxels whose residuals grew the parameters back that `start` holds. */
  private returnStrays(signal: Float64Array): void {
    const { linear, start, startScale } = this;
    let strays = 0;
    this.forEachVoxel((voxel) => {
      if (this.scale(voxel) <= ASTRAY * (startScale[voxel] ?? 0) + this.roundingError(voxel)) return;
      const at = voxel * PARAMETER_STRIDE;
      linear.parameters.set(start.subarray(at, at + PARAMETER_STRIDE), at);
      strays++;
    });
    if (strays > 0) this.findResiduals(signal);
  }

  /** Noise level of a voxel by its median absolute residual; NaN when it has gone. */
  private scale(voxel: number): number {
    const { rows, scratch, residual } = this;
    let finite = 0;
    for (let row = 0; row < rows; row++) {
      const size = Math.abs(residual[voxel * rows + row] ?? 0);
      scratch[row] = size;
      finite += size;
    }
    return Number.isFinite(finite) ? this.madToSd * medianInPlace(scratch, rows) : Number.NaN;
  }

  private biweight(voxel: number): void {
    const limit = BIWEIGHT_LIMIT * this.scale(voxel) + this.roundingError(voxel);
    const { rows, factor, residual } = this;
    for (let i = voxel * rows; i < (voxel + 1) * rows; i++) {
      const relative = (residual[i] ?? 0) / limit;
      const weight = Math.max(1 - relative * relative, 0);
      factor[i] = weight * weight;
    }
  }

  private findOutliers(voxel: number): void {
    const limit = OUTLIER_LIMIT * this.scale(voxel) + this.roundingError(voxel);
    const { rows, residual, outliers } = this;
    for (let i = voxel * rows; i < (voxel + 1) * rows; i++)
      outliers[i] = Math.abs(residual[i] ?? 0) > limit ? 1 : 0;
  }

  /** Residuals of this size are no outliers of an exact fit. */
  private roundingError(voxel: number): number {
    return 1e-6 * this.s0(voxel);
  }

  private s0(voxel: number): number {
    return Math.exp(this.linear.parameters[voxel * PARAMETER_STRIDE] ?? 0);
  }
}
