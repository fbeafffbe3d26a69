import {
  frameReference,
  newUID,
  type ReferencedVolume,
  type ReportSlice,
  type SliceQuantity,
} from '@myelon/dicom';
import { voxelToPatient, type Vector3, type VoxelGrid } from '@myelon/diffusion';
import type { AnalysisRecord, RegionRecord } from '../analysis-record';
import type { ReportedSegment } from './segments';

/**
 * The cord slice by slice: each refers to the frame of the whole cord in that slice. A slice without any value is left
 * out; why is said of the whole cord.
 */
export function reportSlices(
  record: AnalysisRecord,
  segments: readonly ReportedSegment[],
  source: ReferencedVolume,
): ReportSlice[] {
  const cord = segments.find(({ region }) => region.kind === 'whole-cord');
  if (!cord) return [];
  const { grid } = source;
  const size = grid.columns * grid.rows;
  const inSlice = (slice: number) => cord.voxels.subarray(slice * size, (slice + 1) * size);
  // The segmentation has one frame per segment and slice that holds voxels, segments in their order.
  const before = segments
    .filter(({ segmentNumber }) => segmentNumber < cord.segmentNumber)
    .reduce((sum, { voxels }) => sum + framesOf(voxels, grid).length, 0);
  const frames = framesOf(cord.voxels, grid);
  return record.regions.flatMap((region) => {
    const [slice] = region.slices;
    if (region.kind !== 'slice' || slice === undefined || !frames.includes(slice)) return [];
    const quantities = region.statistics.flatMap((entry) => quantityOf(entry));
    const image = source.slices[slice];
    if (quantities.length === 0 || !image) return [];
    return [
      {
        name: region.name,
        trackingUID: newUID(),
        frameNumber: before + frames.indexOf(slice) + 1,
        sourceImage: frameReference(source.sopClassUID, image),
        centroid: centre(inSlice(slice), grid, slice),
        quantities,
      },
    ];
  });
}

function framesOf(voxels: Uint8Array, { columns, rows, slices }: VoxelGrid): number[] {
  const size = columns * rows;
  return Array.from({ length: slices }, (_, slice) => slice).filter((slice) =>
    voxels.subarray(slice * size, (slice + 1) * size).some((voxel) => voxel !== 0),
  );
}

function quantityOf(entry: RegionRecord['statistics'][number]): SliceQuantity[] {
  const { quantity } = entry;
  if ('missing' in entry || quantity === 's0' || quantity === 'ivim_s0') return [];
  return [{ quantity, n: entry.n, mean: entry.mean, sd: entry.sd }];
}

function centre(voxels: Uint8Array, grid: VoxelGrid, slice: number): Vector3 {
  let [column, row, count] = [0, 0, 0];
  voxels.forEach((inside, index) => {
    if (inside === 0) return;
    column += index % grid.columns;
    row += Math.floor(index / grid.columns);
    count++;
  });
  return voxelToPatient(grid, [column / count, row / count, slice]);
}

/** How the outline was made and how the fits went, for the report. */
export function qualityLines({ cord, tensor, ivim }: AnalysisRecord): string[] {
  const fitted = (name: string, fit: { fittedVoxels: number; failedVoxels: number } | null) =>
    fit
      ? [`${name}: ${String(fit.fittedVoxels)} voxels fitted, ${String(fit.failedVoxels)} failed`]
      : [`${name}: not fitted`];
  return [
    `outline: ${cord.method}, ${String(cord.slices.length)} slices, ${String(cord.slicesToCheck.length)} to check`,
    `measured in: ${cord.measuringRule}`,
    ...fitted('tensor', tensor),
    ...fitted('IVIM', ivim),
  ];
}
