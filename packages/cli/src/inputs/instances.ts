import type { DicomJsonDataset } from '@myelon/dicom';

const SERIES_INSTANCE_UID = '0020000E';
const SERIES_DESCRIPTION = '0008103E';

/** First value of a text attribute. */
export function stringOf(dataset: DicomJsonDataset | undefined, tag: string): string | undefined {
  const value = dataset?.[tag]?.Value?.[0];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** Instances by Series Instance UID, in the order the series first appear. */
export function groupBySeries(instances: readonly DicomJsonDataset[]): DicomJsonDataset[][] {
  const series = new Map<string, DicomJsonDataset[]>();
  for (const instance of instances) {
    const uid = stringOf(instance, SERIES_INSTANCE_UID) ?? '';
    const group = series.get(uid);
    if (group) group.push(instance);
    else series.set(uid, [instance]);
  }
  return [...series.values()];
}

/** @param wanted Series Instance UID or Series Description */
export function matchesSeries(instances: readonly DicomJsonDataset[], wanted: string): boolean {
  const [first] = instances;
  return stringOf(first, SERIES_INSTANCE_UID) === wanted || stringOf(first, SERIES_DESCRIPTION) === wanted;
}
