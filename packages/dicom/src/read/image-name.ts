import { integer, string } from '../dataset/access';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { Tag } from '../dataset/tags';

/** What a person calls a series: `series 7 "DTI 30 directions"`. */
export function seriesName(dataset: DicomJsonDataset): string {
  const seriesNumber = integer(dataset, Tag.SeriesNumber);
  const description = string(dataset, Tag.SeriesDescription) ?? string(dataset, Tag.ProtocolName);
  return [
    seriesNumber === undefined ? 'series' : `series ${String(seriesNumber)}`,
    ...(description === undefined ? [] : [`"${description}"`]),
  ].join(' ');
}

/** What a person calls an image: `series 7 "DTI", image 12`. */
export function imageName(dataset: DicomJsonDataset): string {
  const instance = integer(dataset, Tag.InstanceNumber);
  return `${seriesName(dataset)}, image ${String(instance ?? 'without number')}`;
}
