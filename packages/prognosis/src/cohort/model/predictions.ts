import type { LogisticData } from '../../logistic';

/** Linear predictor of each patient: intercept + coefficients . columns (+ offset). */
export function linearPredictor(data: LogisticData, coefficients: readonly number[]): Float64Array {
  const { columns, outcome, offset } = data;
  const result = new Float64Array(outcome.length).fill(coefficients[0] ?? 0);
  columns.forEach((column, j) => {
    const slope = coefficients[j + 1] ?? 0;
    for (let i = 0; i < result.length; i++) result[i] = (result[i] ?? 0) + slope * (column[i] ?? 0);
  });
  if (offset) for (let i = 0; i < result.length; i++) result[i] = (result[i] ?? 0) + (offset[i] ?? 0);
  return result;
}

/** 1 / (1 + exp(-x)) of each element. */
export function probabilities(linear: ArrayLike<number>): Float64Array {
  return Float64Array.from(linear, (eta) => 1 / (1 + Math.exp(-eta)));
}

/** Log-likelihood of outcomes (0, 1) under given linear predictors. */
export function logLikelihood(linear: ArrayLike<number>, good: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < good.length; i++) {
    const toward = good[i] === 1 ? (linear[i] ?? 0) : -(linear[i] ?? 0);
    sum += Math.min(0, toward) - Math.log1p(Math.exp(-Math.abs(toward)));
  }
  return sum;
}
