import { CholeskySolver } from './cholesky-solver';

/** A model with parameters that least squares fits to the measurements of one voxel. */
export interface LeastSquaresModel {
  readonly measurements: number;
  readonly parameters: number;
  /** Bounds of each parameter; unbounded without them. */
  readonly lower?: Float64Array | undefined;
  readonly upper?: Float64Array | undefined;
  /**
   * @param at parameters
   * @param predicted receives one number per measurement
   * @param jacobian receives `[measurement][parameter]`, the derivatives of `predicted`
   */
  evaluate(at: Float64Array, predicted: Float64Array, jacobian: Float64Array): void;
}

const MOST_STEPS = 60;
const FIRST_DAMPING = 1e-3;
const SMALLEST_DAMPING = 1e-10;
const LARGEST_DAMPING = 1e8;

/** A step that promises to lower the cost by less than this fraction ends the fit. */
const COST_TOLERANCE = 1e-13;

/** As {@link COST_TOLERANCE}, as a fraction of the sum of squared measurements: an exact fit ends, too. */
const SIGNAL_TOLERANCE = 1e-26;

/** Damping acts on a parameter as if its curvature were at least this fraction of the largest. */
const SMALLEST_CURVATURE = 1e-9;

/**
 * Weighted non-linear least squares within bounds, one voxel at a time, without allocation: Marquardt, J Soc Ind Appl
 * Math 1963;11:431-441; damping times the diagonal of the normal matrix. A parameter at a bound that wants to leave it
 * on the wrong side is held for the step; a step that crosses a bound ends on it.
 */
export class LevenbergMarquardt {
  /** Starting values, to be filled by the caller, then the fit. */
  readonly parameters: Float64Array;
  /** Predicted signal of the fit. */
  readonly predicted: Float64Array;
  /** Derivatives at the fit, `[measurement][parameter]`. */
  readonly jacobian: Float64Array;
  /** Sum of weight x squared residual. */
  cost = 0;
  private readonly solver: CholeskySolver;
  private readonly normal: Float64Array;
  private readonly gradient: Float64Array;
  private readonly trial: Float64Array;
  private readonly trialPredicted: Float64Array;
  private readonly trialJacobian: Float64Array;

  constructor(private readonly model: LeastSquaresModel) {
    const { measurements, parameters } = model;
    this.parameters = new Float64Array(parameters);
    this.trial = new Float64Array(parameters);
    this.predicted = new Float64Array(measurements);
    this.trialPredicted = new Float64Array(measurements);
    this.jacobian = new Float64Array(measurements * parameters);
    this.trialJacobian = new Float64Array(measurements * parameters);
    this.normal = new Float64Array(parameters * parameters);
    this.gradient = new Float64Array(parameters);
    this.solver = new CholeskySolver(parameters);
  }

  /**
   * @param signal measurements, from `at`
   * @param weights one per measurement
   * @returns false when the start cannot be evaluated or the system is singular there
   */
  fit(signal: Float64Array, at: number, weights: Float64Array, mostSteps = MOST_STEPS): boolean {
    const { model, parameters, predicted, jacobian } = this;
    this.clamp(parameters);
    model.evaluate(parameters, predicted, jacobian);
    this.cost = this.costOf(predicted, signal, at, weights);
    if (!Number.isFinite(this.cost)) return false;
    const floor = SIGNAL_TOLERANCE * this.squaredSignal(signal, at, weights);
    let damping = FIRST_DAMPING;
    for (let step = 0; step < mostSteps; step++) {
      this.linearise(signal, at, weights);
      let accepted = false;
      while (!accepted) {
        const solved = this.solveStep(damping);
        if (solved && this.promised() <= Math.max(COST_TOLERANCE * this.cost, floor)) return true;
        accepted = solved && this.tryStep(signal, at, weights);
        if (accepted) damping = Math.max(damping / 10, SMALLEST_DAMPING);
        else damping *= 10;
        if (damping > LARGEST_DAMPING) return step > 0 || solved;
      }
    }
    return true;
  }

  /** Takes the present parameters as the fit, without a step: for what was fitted elsewhere. */
  settle(signal: Float64Array, at: number, weights: Float64Array): boolean {
    this.model.evaluate(this.parameters, this.predicted, this.jacobian);
    this.cost = this.costOf(this.predicted, signal, at, weights);
    this.linearise(signal, at, weights);
    return Number.isFinite(this.cost);
  }

  /**
   * Inverse of the weighted normal matrix at the fit: times the noise variance, the covariance of the parameters.
   *
   * @param ridge added to its diagonal
   * @returns false when it is singular
   */
  inverseNormal(out: Float64Array, ridge?: Float64Array): boolean {
    const { solver, normal, model } = this;
    const n = model.parameters;
    solver.left.fill(0);
    solver.matrix.set(normal);
    for (let i = 0; i < n; i++) solver.matrix[i * n + i] = (normal[i * n + i] ?? 0) + (ridge?.[i] ?? 0);
    if (!solver.solve()) return false;
    solver.inverseOfFactor(out);
    return true;
  }

  /** Normal matrix (lower triangle) and gradient at the present parameters. */
  linearise(signal: Float64Array, at: number, weights: Float64Array): void {
    const { normal, gradient, jacobian, predicted } = this;
    const n = this.model.parameters;
    normal.fill(0);
    gradient.fill(0);
    for (let row = 0; row < predicted.length; row++) {
      const weight = weights[row] ?? 0;
      if (weight === 0) continue;
      const residual = (signal[at + row] ?? 0) - (predicted[row] ?? 0);
      for (let i = 0; i < n; i++) {
        const weighted = weight * (jacobian[row * n + i] ?? 0);
        gradient[i] = (gradient[i] ?? 0) + weighted * residual;
        for (let j = 0; j <= i; j++)
          normal[i * n + j] = (normal[i * n + j] ?? 0) + weighted * (jacobian[row * n + j] ?? 0);
      }
    }
  }

  private solveStep(damping: number): boolean {
    const { solver, normal, gradient, parameters, model } = this;
    const n = model.parameters;
    solver.matrix.set(normal);
    let largest = 0;
    for (let i = 0; i < n; i++) largest = Math.max(largest, normal[i * n + i] ?? 0);
    for (let i = 0; i < n; i++) {
      const slope = gradient[i] ?? 0;
      const value = parameters[i] ?? 0;
      const held =
        (slope < 0 && value <= (model.lower?.[i] ?? -Infinity)) ||
        (slope > 0 && value >= (model.upper?.[i] ?? Infinity));
      solver.left[i] = held ? 1 : 0;
      solver.vector[i] = slope;
      const curvature = normal[i * n + i] ?? 0;
      solver.matrix[i * n + i] = curvature + damping * Math.max(curvature, SMALLEST_CURVATURE * largest);
    }
    return solver.solve();
  }

  /** By how much the step would lower the cost of the linearised model, at most. */
  private promised(): number {
    let sum = 0;
    for (let i = 0; i < this.gradient.length; i++)
      sum += (this.gradient[i] ?? 0) * (this.solver.vector[i] ?? 0);
    return sum;
  }

  private tryStep(signal: Float64Array, at: number, weights: Float64Array): boolean {
    const { trial, parameters, solver, model } = this;
    for (let i = 0; i < trial.length; i++) trial[i] = (parameters[i] ?? 0) + (solver.vector[i] ?? 0);
    this.clamp(trial);
    model.evaluate(trial, this.trialPredicted, this.trialJacobian);
    const cost = this.costOf(this.trialPredicted, signal, at, weights);
    if (!(cost < this.cost)) return false;
    this.cost = cost;
    parameters.set(trial);
    this.predicted.set(this.trialPredicted);
    this.jacobian.set(this.trialJacobian);
    return true;
  }

  private clamp(parameters: Float64Array): void {
    const { lower, upper } = this.model;
    if (!lower || !upper) return;
    for (let i = 0; i < parameters.length; i++)
      parameters[i] = Math.min(Math.max(parameters[i] ?? 0, lower[i] ?? -Infinity), upper[i] ?? Infinity);
  }

  private costOf(predicted: Float64Array, signal: Float64Array, at: number, weights: Float64Array): number {
    let sum = 0;
    for (let row = 0; row < predicted.length; row++) {
      const residual = (signal[at + row] ?? 0) - (predicted[row] ?? 0);
      sum += (weights[row] ?? 0) * residual * residual;
    }
    return sum;
  }

  private squaredSignal(signal: Float64Array, at: number, weights: Float64Array): number {
    let sum = 0;
    for (let row = 0; row < weights.length; row++) sum += (weights[row] ?? 0) * (signal[at + row] ?? 0) ** 2;
    return sum;
  }
}
