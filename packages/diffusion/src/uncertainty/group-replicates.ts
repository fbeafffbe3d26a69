import { quantile } from '../statistics/region-statistics';

/** How far the mean of a map over a region is uncertain because of the noise of the images. */
export interface RegionUncertainty {
  /** Mean over the voxels that have a value. */
  readonly mean: number;
  /** Standard error of the mean by the noise of the images. */
  readonly standardError: number;
  /** By how much the fit is expected to be off on average because of noise (FA: upwards). */
  readonly bias: number;
  /** 95 % interval of the mean, corrected for the bias. */
  readonly interval: readonly [lower: number, upper: number];
  /** Bootstrap replicates; 0 where the standard error is analytic. */
  readonly replicates: number;
  /** For people. */
  readonly method: string;
}

/** Sums of one map over groups of voxels (slices of a cord), as fitted and in every bootstrap replicate. */
export interface GroupReplicates {
  /** Voxels with a value in each group. */
  readonly counts: Float64Array;
  /** Sum of the fitted values of each group. */
  readonly sums: Float64Array;
  /** The same of each replicate, `[replicate][group]`. */
  readonly replicateSums: Float64Array;
}

/**
 * Uncertainty of the mean over some of the groups together.
 *
 * @param groups group numbers
 * @returns null when no voxel of them has a value
 */
export function uncertaintyOfGroups(
  { counts, sums, replicateSums }: GroupReplicates,
  groups: readonly number[],
): RegionUncertainty | null {
  const total = (of: Float64Array, from = 0): number =>
    groups.reduce((sum, group) => sum + (of[from + group] ?? 0), 0);
  const voxels = total(counts);
  if (voxels === 0) return null;
  const n = replicateSums.length / counts.length;
  const means = Float64Array.from(
    { length: n },
    (_, replicate) => total(replicateSums, replicate * counts.length) / voxels,
  );
  return summary(total(sums) / voxels, means);
}

function summary(mean: number, replicates: Float64Array): RegionUncertainty {
  const n = replicates.length;
  const centre = replicates.reduce((sum, value) => sum + value, 0) / n;
  const squares = replicates.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  const sorted = replicates.toSorted();
  const bias = centre - mean;
  // Replicates scatter around the fit as the fit does around the truth: shifted by the bias twice.
  return {
    mean,
    standardError: Math.sqrt(squares / (n - 1)),
    bias,
    interval: [quantile(sorted, 0.025) - 2 * bias, quantile(sorted, 0.975) - 2 * bias],
    replicates: n,
    method: `wild bootstrap, ${String(n)} replicates`,
  };
}
