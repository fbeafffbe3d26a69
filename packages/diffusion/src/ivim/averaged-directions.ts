import type { DetailMap } from '../data/detail-map';
import { B0_LIMIT_S_PER_MM2, type GradientTable } from '../data/gradient-table';
import { VoxelStatus, type ScalarMap } from '../data/scalar-map';
import type { IntervalQuantity } from './ivim-estimate';
import type { IvimFitResult, IvimInterval } from './ivim-fit';
import type { IvimQuantity } from './ivim-output';

/** Directions closer than this (cosine of the angle between their lines) are one. */
const SAME_DIRECTION = 0.999;

/**
 * The volumes of each direction, each with the volumes that have none or hardly any weighting; one group when there are no
 * directions.
 */
export function separateDirections(table: GradientTable, volumes: readonly number[]): number[][] {
  const common = volumes.filter((volume) => !table.hasDirection(volume) || table.bValue(volume) === 0);
  const groups: { direction: readonly [number, number, number]; volumes: number[] }[] = [];
  for (const volume of volumes) {
    if (common.includes(volume)) continue;
    const [x, y, z] = table.direction(volume);
    const group = groups.find(
      ({ direction: [gx, gy, gz] }) => Math.abs(gx * x + gy * y + gz * z) > SAME_DIRECTION,
    );
    if (group) group.volumes.push(volume);
    else groups.push({ direction: [x, y, z], volumes: [volume] });
  }
  // A direction of scattered low b-values only carries nothing of its own.
  const weighted = groups.filter((group) => group.volumes.some((v) => table.bValue(v) > B0_LIMIT_S_PER_MM2));
  return weighted.map((group) => [...common, ...group.volumes].sort((p, q) => p - q));
}

/** Mean over fits of single directions; a voxel has a value where every direction has. */
export function averageDirections(results: readonly IvimFitResult[], volumes: number[]): IvimFitResult {
  const [first] = results;
  if (!first) throw new RangeError('no directions to average');
  const n = results.length;
  const note = `, mean of ${String(n)} directions fitted separately`;
  const mapOf = (quantity: IvimQuantity): ScalarMap => {
    const maps = results.map((result) => result.maps[quantity]);
    return { ...first.maps[quantity], ...meanOf(maps), method: first.maps[quantity].method + note };
  };
  const maps = {
    ivim_d: mapOf('ivim_d'),
    ivim_dstar: mapOf('ivim_dstar'),
    ivim_f: mapOf('ivim_f'),
    ivim_s0: mapOf('ivim_s0'),
    adc: mapOf('adc'),
  };
  const failedVoxels = maps.ivim_d.status.filter(
    (status, voxel) => status !== VoxelStatus.outsideMask && !hasValue(status, maps.ivim_d.values[voxel]),
  ).length;
  const asked = first.report.fittedVoxels + first.report.failedVoxels;
  const intervals = averageIntervals(results, maps);
  const residuals = results.flatMap((result) => (result.details ? [result.details.residual] : []));
  return {
    maps,
    report: {
      ...first.report,
      method: first.report.method + note,
      volumes,
      directions: `${String(n)} directions, fitted separately and averaged`,
      fittedVoxels: asked - failedVoxels,
      failedVoxels,
    },
    ...(intervals && { intervals }),
    ...(first.details && {
      details: { ...first.details, residual: { ...first.details.residual, ...meanOf(residuals) } },
    }),
  };
}

function hasValue(status: number, value: number | undefined): boolean {
  return (
    status === VoxelStatus.valid ||
    status === VoxelStatus.atBound ||
    (status === VoxelStatus.nonPositiveSignal && value !== 0)
  );
}

function meanOf(maps: readonly (ScalarMap | DetailMap)[]): { values: Float32Array; status: Uint8Array } {
  const size = maps[0]?.values.length ?? 0;
  const values = new Float32Array(size);
  const status = new Uint8Array(size);
  for (let voxel = 0; voxel < size; voxel++) {
    const worst = worstStatus(maps.map((map) => map.status[voxel] ?? VoxelStatus.outsideMask));
    status[voxel] = worst;
    if (worst === VoxelStatus.singular || worst === VoxelStatus.outsideMask) continue;
    if (worst === VoxelStatus.nonPositiveSignal && maps.some((map) => map.values[voxel] === 0)) continue;
    values[voxel] = maps.reduce((sum, map) => sum + (map.values[voxel] ?? 0), 0) / maps.length;
  }
  return { values, status };
}

const WORST_FIRST = [
  VoxelStatus.outsideMask,
  VoxelStatus.nonPositiveSignal,
  VoxelStatus.singular,
  VoxelStatus.atBound,
] as const;

function worstStatus(statuses: readonly number[]): VoxelStatus {
  return WORST_FIRST.find((status) => statuses.includes(status)) ?? VoxelStatus.valid;
}

/** Half-widths of independent means add in squares. */
function averageIntervals(
  results: readonly IvimFitResult[],
  maps: Readonly<Record<IntervalQuantity, ScalarMap>>,
): Readonly<Record<IntervalQuantity, IvimInterval>> | null {
  const all = results.flatMap((result) => (result.intervals ? [{ ...result, found: result.intervals }] : []));
  if (all.length !== results.length) return null;
  const intervalOf = (quantity: IntervalQuantity): IvimInterval => {
    const side = (of: 'lower' | 'upper'): Float32Array =>
      maps[quantity].values.map((mean, voxel) => {
        let squares = 0;
        for (const { found, maps: own } of all)
          squares += ((found[quantity][of][voxel] ?? 0) - (own[quantity].values[voxel] ?? 0)) ** 2;
        const halfWidth = Math.sqrt(squares) / all.length;
        return of === 'lower' ? mean - halfWidth : mean + halfWidth;
      });
    return { lower: side('lower'), upper: side('upper') };
  };
  return {
    ivim_d: intervalOf('ivim_d'),
    ivim_f: intervalOf('ivim_f'),
    ivim_dstar: intervalOf('ivim_dstar'),
  };
}
