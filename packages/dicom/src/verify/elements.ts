import type { DicomJsonDataset, DicomJsonElement } from '../dataset/dicom-json';

/** One element with the path to it ("0040A730[3] > 0040A043[1] > 00080104"). */
export interface PlacedElement {
  readonly path: string;
  readonly tag: string;
  readonly element: DicomJsonElement;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every data set in a data set, itself first, then items of its sequences in order. */
export function everyDataset(dataset: DicomJsonDataset): DicomJsonDataset[] {
  return [
    dataset,
    ...Object.values(dataset).flatMap((element) => sequenceItems(element).flatMap(everyDataset)),
  ];
}

/** Every element at every depth. */
export function everyElement(dataset: DicomJsonDataset, within = ''): PlacedElement[] {
  return Object.entries(dataset).flatMap(([tag, element]) => {
    const path = within === '' ? tag : `${within} > ${tag}`;
    const nested = sequenceItems(element).flatMap((item, index) =>
      everyElement(item, `${path}[${String(index + 1)}]`),
    );
    return [{ path, tag, element }, ...nested];
  });
}

function sequenceItems(element: DicomJsonElement): DicomJsonDataset[] {
  if (element.vr !== 'SQ' || !Array.isArray(element.Value)) return [];
  return element.Value.filter(isRecord) as unknown as DicomJsonDataset[];
}
