import { QUANTITIES, VoxelStatus, voxelToPatient, type ScalarMap } from '@myelon/diffusion';
import type { Types } from '@cornerstonejs/core';
import type { HostContext } from './context';

/** What voxels without a value hold in the volume on screen: below every value, shown fully transparent. */
export const NO_VALUE = -1;

/** Voxel centres further apart than this are not the same voxel. */
const SAME_POSITION_MM = 0.05;

/**
 * A volume for the screen: the map in the units people read (10^-6 mm2/s, %), because the viewer's windowing is made
 * for numbers of that size. Values for reports never come from here.
 */
export async function mapVolume(
  context: HostContext,
  referenceVolumeId: string,
  map: ScalarMap,
): Promise<string> {
  const { cache, volumeLoader } = context.cornerstone;
  const volumeId = `myelon-map:${map.quantity}:${referenceVolumeId}`;
  const reference = cache.getVolume(referenceVolumeId);
  if (!reference) throw new Error('the images under the map are not loaded');
  const volume =
    cache.getVolume(volumeId) ??
    (await volumeLoader.createAndCacheDerivedVolume(referenceVolumeId, {
      volumeId,
      targetBuffer: { type: 'Float32Array' },
    }));
  volume.voxelManager?.setCompleteScalarDataArray?.(onVolume(volume, map));
  volume.modified();
  return volumeId;
}

/** True when a voxel of a map carries a value. */
export function hasValue(map: ScalarMap, index: number): boolean {
  const status = map.status[index];
  return status === VoxelStatus.valid || status === VoxelStatus.atBound;
}

/** The values in the slice order of the volume on screen, which need not be ours. */
function onVolume(volume: Types.IImageVolume, map: ScalarMap): Float32Array {
  const { grid, quantity, values } = map;
  const perSlice = grid.columns * grid.rows;
  const factor = QUANTITIES[quantity].shownFactor;
  const shown = new Float32Array(values.length);
  for (const [target, source] of sliceOrder(volume, map).entries()) {
    for (let inSlice = 0; inSlice < perSlice; inSlice++) {
      const from = source * perSlice + inSlice;
      shown[target * perSlice + inSlice] = hasValue(map, from) ? (values[from] ?? 0) * factor : NO_VALUE;
    }
  }
  return shown;
}

function sliceOrder(volume: Types.IImageVolume, { grid }: ScalarMap): number[] {
  const [columns, rows, slices] = volume.dimensions;
  if (columns !== grid.columns || rows !== grid.rows || slices !== grid.slices) {
    throw new Error('the map has another matrix than the images under it');
  }
  const corner = voxelToPatient(grid, [grid.columns - 1, grid.rows - 1, 0]);
  const order = [...Array(slices).keys()];
  if (isNear(volume, [columns - 1, rows - 1, 0], corner)) return order;
  if (isNear(volume, [columns - 1, rows - 1, slices - 1], corner)) return order.reverse();
  throw new Error('the map lies elsewhere than the images under it');
}

function isNear(
  volume: Types.IImageVolume,
  index: [number, number, number],
  point: readonly number[],
): boolean {
  const world = volume.imageData?.indexToWorld(index);
  if (!world) return false;
  return Math.hypot(...[0, 1, 2].map((axis) => (world[axis] ?? 0) - (point[axis] ?? 0))) <= SAME_POSITION_MM;
}
