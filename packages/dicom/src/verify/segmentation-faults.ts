import { integer, item, items, string, tuple } from '../dataset/access';
import type { DicomJsonDataset } from '../dataset/dicom-json';

/** Faults of a segmentation that no validator reports. */
export function segmentationFaults(dataset: DicomJsonDataset, source: DicomJsonDataset): string[] {
  const segments = items(dataset, '00620002').map((segment) => integer(segment, '00620004'));
  const frames = items(dataset, '52009230');
  const faults: string[] = [];
  const frameOfReference = string(dataset, '00200052');
  if (frameOfReference === undefined) faults.push('no Frame of Reference UID');
  else if (frameOfReference !== string(source, '00200052'))
    faults.push('another Frame of Reference than the source images');
  if (items(dataset, '00081115').length !== 1) faults.push('not exactly one referenced series');
  if (frames.length !== integer(dataset, '00280008')) faults.push('Number of Frames and frames disagree');
  const referenced = new Set(
    items(item(dataset, '00081115') ?? {}, '0008114A').map((instance) => string(instance, '00081155')),
  );
  for (const [index, frame] of frames.entries()) {
    faults.push(
      ...frameFaults(frame, segments, referenced).map((fault) => `frame ${String(index + 1)}: ${fault}`),
    );
  }
  for (const segment of items(dataset, '00620002')) {
    if (string(segment, '00620021') === undefined || string(segment, '00620020') === undefined)
      faults.push(`segment ${String(integer(segment, '00620004'))}: no tracking identifiers`);
  }
  return faults;
}

function frameFaults(
  frame: DicomJsonDataset,
  segments: readonly (number | undefined)[],
  referenced: ReadonlySet<string | undefined>,
): string[] {
  const faults: string[] = [];
  if (!tuple(item(frame, '00209113') ?? {}, '00200032', 3)) faults.push('no position');
  const segment = integer(item(frame, '0062000A') ?? {}, '0062000B');
  if (segment === undefined || !segments.includes(segment)) faults.push('its segment is not described');
  const sources = items(item(frame, '00089124') ?? {}, '00082112');
  if (sources.length !== 1) faults.push('not exactly one source image');
  if (sources.some((source) => !referenced.has(string(source, '00081155'))))
    faults.push('its source image is not in the referenced series');
  return faults;
}
