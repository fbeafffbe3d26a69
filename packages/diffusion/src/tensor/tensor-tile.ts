import { TILE_VOXELS } from '../fitting/fit-loop';
import { LevenbergMarquardt } from '../fitting/levenberg-marquardt';
import { logSignals, SignalQuality } from '../fitting/log-signal';
import type { TensorDesign } from './design-matrix';
import { LinearTensorFit, PARAMETER_STRIDE } from './linear-tensor-fit';
import { RobustTensorFit } from './robust-tensor-fit';
import type { TensorFitOptions } from './tensor-fit';
import { FreeTensorModel, PositiveTensorModel, type TensorSignalModel } from './tensor-signal-models';

/** The voxels of one tile, fitted. */
export interface FittedTile {
  /** `[voxel][row]`. */
  readonly signal: Float64Array;
  /** {@link SignalQuality} per voxel. */
  readonly quality: Uint8Array;
  /** 1 where there is no solution. */
  readonly singular: Uint8Array;
  /** `[voxel][PARAMETER_STRIDE]`: ln S0, then xx, yy, zz, xy, xz, yz times the design's b scale. */
  readonly parameters: Float64Array;
  /** 1 where a measurement was left out, `[voxel][row]`; null when the method leaves nothing out. */
  readonly outliers: Uint8Array | null;
}

/** The voxels of one tile, fitted by any method. */
export class TensorTile implements FittedTile {
  /** `[voxel][row]`; to be filled by the caller. */
  readonly signal: Float64Array;
  /** {@link SignalQuality} per voxel. */
  readonly quality = new Uint8Array(TILE_VOXELS);
  /** 1 where there is no solution. */
  readonly singular: Uint8Array;
  /** `[voxel][PARAMETER_STRIDE]`: ln S0, then xx, yy, zz, xy, xz, yz times the design's b scale. */
  readonly parameters: Float64Array;
  /** 1 where a measurement was left out, `[voxel][row]`; null when the method leaves nothing out. */
  readonly outliers: Uint8Array | null;
  private readonly linear: LinearTensorFit;
  private readonly robust: RobustTensorFit | null;
  private readonly nonLinear: NonLinearFit | null;

  constructor(
    private readonly design: TensorDesign,
    private readonly options: Pick<TensorFitOptions, 'method' | 'start' | 'positiveDefinite'>,
    private readonly iterations: number,
  ) {
    this.linear = new LinearTensorFit(design, TILE_VOXELS);
    this.signal = new Float64Array(TILE_VOXELS * design.rows);
    this.singular = this.linear.singular;
    this.parameters = this.linear.parameters;
    this.robust = options.method === 'robust' ? new RobustTensorFit(design, TILE_VOXELS, this.linear) : null;
    this.outliers = this.robust?.outliers ?? null;
    this.nonLinear =
      options.method === 'nlls'
        ? new NonLinearFit(
            options.positiveDefinite ? new PositiveTensorModel(design) : new FreeTensorModel(design),
          )
        : null;
  }

  /** @param count voxels of the tile in use */
  fit(count: number): void {
    const { linear, signal, quality, options, robust, nonLinear } = this;
    const { rows } = this.design;
    linear.logSignal.set(signal);
    for (let at = 0; at < count; at++) quality[at] = logSignals(linear.logSignal, at * rows, rows);
    if (robust) {
      robust.fit(signal);
      return;
    }
    if (options.method === 'wls' && options.start === 'measured-signal') linear.weightByMeasuredSignal();
    else linear.ordinary();
    for (let i = 0; i < this.iterations; i++) linear.weightByPredictedSignal();
    if (!nonLinear) return;
    linear.weightByPredictedSignal();
    for (let at = 0; at < count; at++) {
      if (quality[at] === SignalQuality.unusable || this.singular[at] !== 0) continue;
      if (!nonLinear.fit(signal, at * rows, this.parameters, at * PARAMETER_STRIDE)) this.singular[at] = 1;
    }
  }
}

/** Non-linear least squares of one voxel at a time, all measurements alike. */
class NonLinearFit {
  private readonly solver: LevenbergMarquardt;
  private readonly weights: Float64Array;

  constructor(private readonly model: TensorSignalModel) {
    this.solver = new LevenbergMarquardt(model);
    this.weights = new Float64Array(model.measurements).fill(1);
  }

  /** Improves ln S0 and tensor at `linearAt`; returns false when there is no solution. */
  fit(signal: Float64Array, at: number, linear: Float64Array, linearAt: number): boolean {
    this.model.fromLinear(linear, linearAt, this.solver.parameters);
    if (!this.solver.fit(signal, at, this.weights)) return false;
    this.model.toLinear(this.solver.parameters, linear, linearAt);
    return true;
  }
}
