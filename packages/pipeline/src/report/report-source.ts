import { string, Tag, type DicomJsonDataset, type SourceSeries } from '@myelon/dicom';
import { InputRefused, sameGrid, type DiffusionVolume, type VoxelGrid } from '@myelon/diffusion';

/** A series an analysis rests on, as reports refer to it. The volume's signal is not needed. */
export interface ReportSource {
  readonly volume: Pick<DiffusionVolume, 'grid' | 'gradients' | 'sources' | 'name'>;
  readonly seriesInstanceUID: string;
  /** Headers of its instances; patient and study are copied from the first. */
  readonly instances: readonly DicomJsonDataset[];
}

/** @throws InputRefused when the series did not come from DICOM */
export function sourceSeries({ volume, seriesInstanceUID, instances }: ReportSource): SourceSeries {
  const sopClassUID = string(firstInstance({ volume, instances }), Tag.SOPClassUID) ?? '';
  return {
    seriesInstanceUID,
    sopClassUID,
    sopInstanceUIDs: [...new Set(volume.sources.map((source) => source.sopInstanceUID))],
  };
}

/** @throws InputRefused when there is none */
export function firstInstance({
  volume,
  instances,
}: Pick<ReportSource, 'volume' | 'instances'>): DicomJsonDataset {
  const [first] = instances;
  if (!first || volume.sources.length === 0) {
    throw new InputRefused(
      'it did not come from DICOM, so there is no study to report into',
      volume.name,
      'analyse the DICOM series to get a report',
    );
  }
  return first;
}

/** The series on whose voxels the outline lies. @throws InputRefused when there is none */
export function outlinedSource(sources: readonly ReportSource[], grid: VoxelGrid): ReportSource {
  const found = sources.find(({ volume }) => sameGrid(volume.grid, grid));
  if (!found)
    throw new InputRefused(
      'it lies on none of the analysed series',
      'cord outline',
      'outline the cord on one of the diffusion series',
    );
  return found;
}
