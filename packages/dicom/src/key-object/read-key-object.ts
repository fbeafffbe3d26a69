import { item, items, string } from '../dataset/access';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import type { ReferencedInstance } from '../write/referenced-instance';

/** The instances a Key Object Selection names, in its order of series. */
export function readKeyObject(dataset: DicomJsonDataset): ReferencedInstance[] {
  const evidence = item(dataset, '0040A375') ?? {};
  return items(evidence, '00081115').flatMap((series) =>
    items(series, '00081199').map((reference) => ({
      seriesInstanceUID: string(series, '0020000E') ?? '',
      sopClassUID: string(reference, '00081150') ?? '',
      sopInstanceUID: string(reference, '00081155') ?? '',
    })),
  );
}
