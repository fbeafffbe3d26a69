import {
  regionStatistics,
  uncertaintyOfGroups,
  uncertaintyOfVoxels,
  type GroupReplicates,
  type QuantityId,
  type RegionUncertainty,
  type ScalarMap,
  type VoxelErrors,
  type VoxelGrid,
} from '@myelon/diffusion';
import type { MissingStatistics, RegionRecord, RegionStatistics } from '../analysis-record';
import { measuredVoxelsBySlice, type Region } from './regions';

/** Quantities every region reports, in the order of tables and reports, with the model each comes from. */
export const REPORTED_QUANTITIES: readonly { quantity: QuantityId; model: 'tensor' | 'ivim' }[] = [
  { quantity: 'fa', model: 'tensor' },
  { quantity: 'md', model: 'tensor' },
  { quantity: 'ad', model: 'tensor' },
  { quantity: 'rd', model: 'tensor' },
  { quantity: 'adc', model: 'ivim' },
  { quantity: 'ivim_d', model: 'ivim' },
  { quantity: 'ivim_dstar', model: 'ivim' },
  { quantity: 'ivim_f', model: 'ivim' },
];

/** Maps of the quantities, or why a model has none. */
export interface MapsToMeasure {
  readonly maps: ReadonlyMap<QuantityId, ScalarMap>;
  readonly missing: Readonly<Record<'tensor' | 'ivim', string | null>>;
  /** Quantities that their model was asked for and did not give, with the reason. */
  readonly refused: ReadonlyMap<QuantityId, string>;
  /** What noise does to the maps, voxel by voxel. */
  readonly errors: ReadonlyMap<QuantityId, VoxelErrors>;
  /** Bootstrap of the maps by slice of the outline. */
  readonly replicates: ReadonlyMap<QuantityId, GroupReplicates>;
}

/**
 * Statistics of every reported quantity over every region.
 *
 * @param grid grid of the outline
 * @param voxels measuring mask on that grid, 1 where measured
 * @throws InputRefused when a map lies in another frame of reference than the outline
 */
export function measureRegions(
  regions: readonly Region[],
  grid: VoxelGrid,
  voxels: Uint8Array,
  { maps, missing, refused, errors, replicates }: MapsToMeasure,
): RegionRecord[] {
  const bySliceOfGrid = new Map<VoxelGrid, number[][]>();
  const voxelsOf = (map: ScalarMap, region: Region): number[] => {
    const bySlice = bySliceOfGrid.get(map.grid) ?? measuredVoxelsBySlice(grid, voxels, map.grid);
    bySliceOfGrid.set(map.grid, bySlice);
    return region.slices.flatMap((slice) => bySlice[slice] ?? []);
  };
  const measure = (region: Region, quantity: QuantityId, model: 'tensor' | 'ivim') => {
    const map = maps.get(quantity);
    if (!map) return { quantity, missing: missing[model] ?? refused.get(quantity) ?? 'not computed' };
    const within = voxelsOf(map, region);
    const known = errors.get(quantity);
    const repeated = replicates.get(quantity);
    const uncertainty = known
      ? uncertaintyOfVoxels(map, known, within)
      : repeated
        ? uncertaintyOfGroups(repeated, region.slices)
        : null;
    return statisticsOf(map, within, uncertainty);
  };
  return regions.map((region) => ({
    ...region,
    statistics: REPORTED_QUANTITIES.map(({ quantity, model }) => measure(region, quantity, model)),
  }));
}

/** Largest standard error of a mean f (fraction): half of what is judged. */
export const LARGEST_ERROR_OF_F = 0.05;

function statisticsOf(
  map: ScalarMap,
  voxels: readonly number[],
  uncertainty: RegionUncertainty | null,
): RegionStatistics | MissingStatistics {
  const { quantity, unit, method } = map;
  if (voxels.length === 0) return { quantity, missing: 'no voxel lies wholly inside the cord here' };
  const statistics = regionStatistics(map, voxels);
  if ('missing' in statistics) return { quantity, missing: statistics.missing };
  if (!uncertainty) return { quantity, unit, method, ...statistics };
  const { standardError, bias, interval } = uncertainty;
  if (quantity === 'ivim_f' && standardError > LARGEST_ERROR_OF_F) {
    const points = (100 * standardError).toFixed(1);
    return {
      quantity,
      missing: `SNR too low: the standard error of mean f is ${points} points, ${String(100 * LARGEST_ERROR_OF_F)} at most`,
    };
  }
  return {
    quantity,
    unit,
    method,
    ...statistics,
    uncertainty: { standardError, bias, interval: [...interval], method: uncertainty.method },
  };
}

/** The statistics of one quantity of a region, or undefined when it is missing. */
export function statisticsOfQuantity(
  region: RegionRecord,
  quantity: QuantityId,
): RegionStatistics | undefined {
  return region.statistics.find(
    (entry): entry is RegionStatistics => entry.quantity === quantity && !('missing' in entry),
  );
}

/** Why a quantity of a region is missing; undefined when it is there. */
export function whyMissing(region: RegionRecord, quantity: QuantityId): string | undefined {
  const entry = region.statistics.find((candidate) => candidate.quantity === quantity);
  if (!entry) return 'not computed';
  return 'missing' in entry ? entry.missing : undefined;
}
