import {
  frameReference,
  newUID,
  type QuantityStatistics,
  type ReferencedVolume,
  type ReportSlice,
  type Segment,
} from '@myelon/dicom';
import {
  InputRefused,
  regionStatistics,
  voxelCount,
  voxelIndex,
  voxelToPatient,
  type ScalarMap,
  type VoxelGrid,
} from '@myelon/diffusion';

/** The first segment slice by slice, as the report refers to its frames. */
export function sliceGroups(
  { grid, slices, sopClassUID }: ReferencedVolume,
  [cord]: readonly Segment[],
  map: ScalarMap,
): ReportSlice[] {
  const perSlice = grid.columns * grid.rows;
  return slices.map((source, slice) => {
    const voxels = voxelsOf(cord ?? { voxels: new Uint8Array() });
    const inside = voxels.filter((voxel) => Math.floor(voxel / perSlice) === slice);
    const found = regionStatistics(map, inside);
    if ('missing' in found) throw new InputRefused(found.missing, 'slice', 'report this as a defect');
    const { n, mean, sd } = found;
    return {
      name: `Slice ${String(slice + 1)}`,
      trackingUID: newUID(),
      frameNumber: slice + 1,
      sourceImage: frameReference(sopClassUID, source),
      centroid: voxelToPatient(grid, [grid.columns / 2, grid.rows / 3, slice]),
      quantities: [{ quantity: 'fa' as const, n, mean, sd }],
    };
  });
}

/** Voxels inside a segment. */
export function voxelsOf(segment: Pick<Segment, 'voxels'>): number[] {
  return [...segment.voxels.keys()].filter((voxel) => segment.voxels[voxel] !== 0);
}

/** A tube along the slices, from this one on. */
export function tube(grid: VoxelGrid, firstSlice: number, label: string): Segment {
  const voxels = new Uint8Array(voxelCount(grid));
  for (let slice = firstSlice; slice < grid.slices; slice++) {
    for (let row = 0; row < grid.rows; row++) {
      for (let column = 0; column < grid.columns; column++) {
        if (Math.hypot(column - grid.columns / 2, row - grid.rows / 3) < 3.3)
          voxels[voxelIndex(grid, column, row, slice)] = 1;
      }
    }
  }
  return {
    label,
    trackingIdentifier: label,
    trackingUID: newUID(),
    voxels,
    algorithm: 'SEMIAUTOMATIC',
    algorithmName: 'Myelon cord outline',
    algorithmVersion: '0.1.0',
  };
}

export function statistics(map: ScalarMap, segment: Segment): QuantityStatistics {
  const found = regionStatistics(map, voxelsOf(segment));
  if ('missing' in found) throw new InputRefused(found.missing, segment.label, 'report this as a defect');
  const { n, excluded, mean, sd, median, p5, p25, p75, p95, min, max } = found;
  return {
    quantity: 'fa',
    n,
    excluded,
    atBound: 0,
    statistics: { mean, sd, median, p5, p25, p75, p95, min, max },
  };
}
