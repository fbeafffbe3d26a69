import { integer, string } from '../dataset/access';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { Tag } from '../dataset/tags';
import { isDiffusionInstance } from './diffusion-instance';
import { seriesName } from './image-name';

/** The headers of one series. */
export interface HeaderSeries {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly seriesNumber: number | undefined;
  /** `series 7 "DTI 30 directions"`. */
  readonly name: string;
  readonly modality: string;
  readonly datasets: readonly DicomJsonDataset[];
  /** At least one image is a measured diffusion image (not only maps computed by the scanner). */
  readonly isDiffusion: boolean;
}

/** Sorts headers into their series, by series number; headers without Series Instance UID form one of their own. */
export function groupSeries(datasets: Iterable<DicomJsonDataset>): HeaderSeries[] {
  const groups = new Map<string, DicomJsonDataset[]>();
  for (const dataset of datasets) {
    const uid = string(dataset, Tag.SeriesInstanceUID) ?? '';
    const group = groups.get(uid);
    if (group) group.push(dataset);
    else groups.set(uid, [dataset]);
  }
  return [...groups]
    .map(([seriesInstanceUID, members]) => headerSeries(seriesInstanceUID, members))
    .sort((p, q) => (p.seriesNumber ?? Infinity) - (q.seriesNumber ?? Infinity) || 0);
}

function headerSeries(seriesInstanceUID: string, datasets: readonly DicomJsonDataset[]): HeaderSeries {
  const first = datasets[0] ?? {};
  return {
    studyInstanceUID: string(first, Tag.StudyInstanceUID) ?? '',
    seriesInstanceUID,
    seriesNumber: integer(first, Tag.SeriesNumber),
    name: seriesName(first),
    modality: string(first, Tag.Modality) ?? '',
    datasets,
    isDiffusion: datasets.some(isDiffusionInstance),
  };
}
