import { medianInPlace } from './median';

/**
 * Standard deviation of noise from weighted sums of squared residuals of many voxels: the median over voxels, so that
 * voxels the model does not fit do not count, over the median of chi-square (Wilson & Hilferty, PNAS 1931;17:684-688).
 *
 * @param costs one per voxel; reordered
 * @param freedom measurements less parameters
 */
export function noiseOfResiduals(costs: Float64Array, freedom: number): number {
  const median = freedom * (1 - 2 / (9 * freedom)) ** 3;
  return Math.sqrt(medianInPlace(costs, costs.length) / median);
}
