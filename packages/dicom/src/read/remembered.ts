import type { DicomJsonDataset } from '../dataset/dicom-json';

/**
 * A reader that reads each data set once. Frames of one object share the items of functional groups that hold the same
 * bytes, so what is equal in hundreds of frames is interpreted once.
 * @param read its result may depend on nothing but the data set; the name is for refusals, which are not remembered
 */
export function remembered<T>(
  read: (dataset: DicomJsonDataset, name: string) => T,
): (dataset: DicomJsonDataset, name: string) => T {
  const known = new WeakMap<DicomJsonDataset, { readonly result: T }>();
  return (dataset, name) => {
    const before = known.get(dataset);
    if (before) return before.result;
    const result = read(dataset, name);
    known.set(dataset, { result });
    return result;
  };
}
