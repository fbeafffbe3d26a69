import { InputRefused } from '../data/refusal';
import { VoxelStatus, type ScalarMap } from '../data/scalar-map';

/** What one map says about one region, in the stored unit of the map. */
export interface RegionStatistics {
  /** Voxels used. */
  readonly n: number;
  readonly mean: number;
  /** Sample standard deviation (n - 1) over voxels; null when n < 2. */
  readonly sd: number | null;
  /** sd / sqrt(n); null when n < 2. */
  readonly standardError: number | null;
  readonly median: number;
  readonly p5: number;
  readonly p25: number;
  readonly p75: number;
  readonly p95: number;
  readonly min: number;
  readonly max: number;
  /** Voxels of the region that have no value, by reason. */
  readonly excluded: { reason: string; n: number }[];
  /** Voxels used whose value lies at a bound of the fit. */
  readonly atBound: number;
}

const REASONS: readonly (readonly [VoxelStatus, string])[] = [
  [VoxelStatus.outsideMask, 'not fitted'],
  [VoxelStatus.nonPositiveSignal, 'signal not positive'],
  [VoxelStatus.singular, 'fit not determined'],
];

/**
 * Statistics of a map over a region. Voxels count when their status is `valid` or `atBound`.
 *
 * Percentiles interpolate linearly between order statistics (type 7 of Hyndman & Fan, Am Stat 1996;50:361, the default
 * of R and NumPy).
 *
 * @param voxels linear voxel indices of the region, each once
 * @returns the statistics, or why there are none
 * @throws InputRefused when a voxel lies outside the map
 */
export function regionStatistics(
  map: ScalarMap,
  voxels: readonly number[],
): RegionStatistics | { readonly missing: string } {
  if (voxels.length === 0) return { missing: 'the region has no voxels' };
  const counts = new Map<number, number>();
  const used: number[] = [];
  for (const voxel of voxels) {
    const status = map.status[voxel];
    if (status === undefined) {
      throw new InputRefused(`voxel ${String(voxel)}`, `${map.quantity} map`, 'give voxels of the map');
    }
    counts.set(status, (counts.get(status) ?? 0) + 1);
    if (status === VoxelStatus.valid || status === VoxelStatus.atBound) used.push(map.values[voxel] ?? 0);
  }
  const excluded = REASONS.map(([status, reason]) => ({ reason, n: counts.get(status) ?? 0 })).filter(
    ({ n }) => n > 0,
  );
  if (used.length === 0) {
    return {
      missing: `no voxel has a value: ${excluded.map((e) => `${String(e.n)} ${e.reason}`).join(', ')}`,
    };
  }
  return { ...summary(used), excluded, atBound: counts.get(VoxelStatus.atBound) ?? 0 };
}

function summary(values: number[]): Omit<RegionStatistics, 'excluded' | 'atBound'> {
  const n = values.length;
  const sorted = Float64Array.from(values).sort();
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const sd = n < 2 ? null : Math.sqrt(squares / (n - 1));
  return {
    n,
    mean,
    sd,
    standardError: sd === null ? null : sd / Math.sqrt(n),
    median: quantile(sorted, 0.5),
    p5: quantile(sorted, 0.05),
    p25: quantile(sorted, 0.25),
    p75: quantile(sorted, 0.75),
    p95: quantile(sorted, 0.95),
    min: sorted[0] ?? 0,
    max: sorted[n - 1] ?? 0,
  };
}

/**
 * Type 7 quantile.
 *
 * @param sorted ascending, at least one
 * @param p 0..1
 */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  const at = p * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? 0;
  const above = sorted[Math.ceil(at)] ?? 0;
  return below + (at - Math.floor(at)) * (above - below);
}
