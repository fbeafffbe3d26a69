import { integer, item, items, number, string, tuple } from '../dataset/access';
import type { DicomJsonDataset } from '../dataset/dicom-json';

/** Faults of a parametric map that no validator reports: without these a reader draws it in the wrong place or unit. */
export function parametricMapFaults(dataset: DicomJsonDataset, source: DicomJsonDataset): string[] {
  const shared = item(dataset, '52009229') ?? {};
  const frames = items(dataset, '52009230');
  const faults: string[] = [];
  const frameOfReference = string(dataset, '00200052');
  if (frameOfReference === undefined) faults.push('no Frame of Reference UID');
  else if (frameOfReference !== string(source, '00200052'))
    faults.push('another Frame of Reference than the source images');
  if (frames.length !== integer(dataset, '00280008')) faults.push('Number of Frames and frames disagree');
  for (const [index, frame] of frames.entries())
    for (const fault of frameFaults(frame, shared)) faults.push(`frame ${String(index + 1)}: ${fault}`);
  return faults;
}

function frameFaults(frame: DicomJsonDataset, shared: DicomJsonDataset): string[] {
  const group = (tag: string) => item(frame, tag) ?? item(shared, tag);
  const faults: string[] = [];
  if (!tuple(group('00209113') ?? {}, '00200032', 3)) faults.push('no position');
  if (!tuple(group('00209116') ?? {}, '00200037', 6)) faults.push('no orientation');
  const mapping = group('00409096');
  if (!mapping) faults.push('no real world value mapping');
  else {
    if (items(mapping, '00409220').length === 0) faults.push('no quantity definition');
    if (items(mapping, '004008EA').length !== 1) faults.push('no unit');
  }
  const window = group('00289132');
  const hasWindow =
    window && number(window, '00281050') !== undefined && number(window, '00281051') !== undefined;
  if (!hasWindow) faults.push('no window');
  return faults;
}
