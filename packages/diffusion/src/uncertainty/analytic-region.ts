import { VoxelStatus } from '../data/scalar-map';
import type { RegionUncertainty } from './group-replicates';

/** Two-sided 95 % of a normal distribution. */
const Z95 = 1.959964;

/** What noise does to one map, voxel by voxel, in the unit of the map. */
export interface VoxelErrors {
  readonly standardErrors: Float32Array;
  /** By how much noise is expected to have raised the value. */
  readonly bias?: Float32Array | undefined;
  /** For people: "delta method". */
  readonly method: string;
}

/**
 * Uncertainty of a region mean from the standard errors of its voxels, for noise that is independent from voxel to
 * voxel (as it is before denoising and interpolation).
 *
 * @param voxels linear voxel indices of the region
 * @returns null when no voxel has a value
 */
export function uncertaintyOfVoxels(
  { values, status }: { readonly values: Float32Array; readonly status: Uint8Array },
  { standardErrors, bias, method }: VoxelErrors,
  voxels: readonly number[],
): RegionUncertainty | null {
  let n = 0;
  let sum = 0;
  let squares = 0;
  let raised = 0;
  for (const voxel of voxels) {
    const found = status[voxel];
    if (found !== VoxelStatus.valid && found !== VoxelStatus.atBound) continue;
    n++;
    sum += values[voxel] ?? 0;
    squares += (standardErrors[voxel] ?? 0) ** 2;
    raised += bias?.[voxel] ?? 0;
  }
  if (n === 0) return null;
  const mean = sum / n;
  const standardError = Math.sqrt(squares) / n;
  const off = raised / n;
  return {
    mean,
    standardError,
    bias: off,
    interval: [mean - off - Z95 * standardError, mean - off + Z95 * standardError],
    replicates: 0,
    method,
  };
}
