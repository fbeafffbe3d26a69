import type { CordMask, OutlineMethod } from '@myelon/cord';
import { newUID, VERTEBRA_CODES, type Segment, type SegmentAlgorithm } from '@myelon/dicom';
import type { AnalysisRecord, RegionRecord } from '../analysis-record';

/** A region of the record with its segment. */
export interface ReportedSegment extends Segment {
  readonly region: RegionRecord;
  /** From 1, as DICOM counts. */
  readonly segmentNumber: number;
}

const ALGORITHMS: Readonly<Record<OutlineMethod, { type: SegmentAlgorithm; name: string }>> = {
  automatic: { type: 'AUTOMATIC', name: 'Myelon cord outline' },
  edited: { type: 'SEMIAUTOMATIC', name: 'Myelon cord outline, edited' },
  manual: { type: 'MANUAL', name: 'Drawn by the reader' },
  imported: { type: 'SEMIAUTOMATIC', name: 'Imported outline' },
};

/**
 * One segment per reported region, levels last: the voxels of the outline in the slices of the region. Segments overlap. Single
 * slices stay in the record: as segments they would only repeat the cord many times over.
 */
export function reportedSegments(record: AnalysisRecord, mask: CordMask): ReportedSegment[] {
  const algorithm = ALGORITHMS[mask.method];
  const main = record.regions.filter(({ kind }) => kind !== 'slice');
  return [...main, ...(record.levelRegions ?? [])]
    .filter(({ slices }) => voxelsOfSlices(mask, slices).includes(1))
    .map((region, index) => ({
      region,
      segmentNumber: index + 1,
      label: labelOf(region),
      ...levelOf(region),
      trackingIdentifier: region.name,
      trackingUID: newUID(),
      voxels: voxelsOfSlices(mask, region.slices),
      algorithm: algorithm.type,
      algorithmName: algorithm.name,
      algorithmVersion: record.software.version,
    }));
}

function labelOf({ kind, name }: RegionRecord): string {
  if (kind === 'whole-cord') return 'Spinal cord';
  return `Spinal cord, ${kind === 'level' ? name : name.toLowerCase()}`;
}

/** Code of the vertebra of a level, where it has one. */
function levelOf({ kind, name }: RegionRecord): Pick<Segment, 'level'> {
  const level = kind === 'level' ? VERTEBRA_CODES[name] : undefined;
  return level ? { level } : {};
}

function voxelsOfSlices({ grid, labels }: CordMask, slices: readonly number[]): Uint8Array {
  const voxels = new Uint8Array(labels.length);
  const perSlice = grid.columns * grid.rows;
  for (const slice of slices) {
    for (let at = slice * perSlice; at < (slice + 1) * perSlice; at++)
      voxels[at] = (labels[at] ?? 0) > 0 ? 1 : 0;
  }
  return voxels;
}
