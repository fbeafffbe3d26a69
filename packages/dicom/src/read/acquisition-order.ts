import { integer, string } from '../dataset/access';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { Tag } from '../dataset/tags';

/**
 * Numbers that sort images in the order they were acquired: series number, instance number, acquisition number,
 * acquisition time in seconds of the day. What is missing sorts first.
 */
export function acquisitionOrder(dataset: DicomJsonDataset): number[] {
  return [
    integer(dataset, Tag.SeriesNumber) ?? 0,
    integer(dataset, Tag.InstanceNumber) ?? 0,
    integer(dataset, Tag.AcquisitionNumber) ?? 0,
    secondsOfDay(acquisitionTime(dataset)),
  ];
}

function acquisitionTime(dataset: DicomJsonDataset): string {
  return (
    string(dataset, Tag.AcquisitionTime) ??
    string(dataset, Tag.AcquisitionDateTime)?.slice(8) ??
    string(dataset, Tag.ContentTime) ??
    ''
  );
}

/** "110250.09", also the old "11:02:50". */
function secondsOfDay(time: string): number {
  const [, hours = '0', minutes = '0', seconds = '0'] =
    /^(\d{2}):?(\d{2})?:?(\d{2}(?:\.\d*)?)?/u.exec(time) ?? [];
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

export function compareOrder(p: readonly number[], q: readonly number[]): number {
  const count = Math.max(p.length, q.length);
  for (let index = 0; index < count; index++) {
    const difference = (p[index] ?? 0) - (q[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
