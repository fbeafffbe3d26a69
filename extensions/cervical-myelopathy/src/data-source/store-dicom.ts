import { DicomWebClient, type StoreResult } from '@myelon/dicom';
import dcmjs from 'dcmjs';
import type { DicomWebConfiguration } from '../host/ohif';
import { writeTarget } from '../host/web-roots';

/** Something with the bytes of a Part 10 file, as dcmjs makes it. */
interface DicomDictionary {
  write(): ArrayBuffer;
}

/**
 * `store.dicom` of the data source, for what the viewer itself saves: to the target of the site configuration, and
 * rejected when the archive does not say that it stored the object.
 */
export function storeDicom(
  configuration: () => DicomWebConfiguration,
  headers: () => Record<string, string>,
) {
  return async (dataset: unknown, _request?: unknown, dictionary?: DicomDictionary): Promise<void> => {
    const target = writeTarget(configuration());
    if (!target) throw new Error('This site stores nothing: its configuration names no archive for results.');
    const client = new DicomWebClient({ baseUrl: target.url, headers });
    const result: StoreResult = await client.store(part10(dataset, dictionary));
    if (result.outcome !== 'stored') throw new Error(`${target.name}: ${result.reason}`);
  };
}

function part10(dataset: unknown, dictionary: DicomDictionary | undefined): Uint8Array {
  if (dataset instanceof ArrayBuffer) return new Uint8Array(dataset);
  return new Uint8Array((dictionary ?? dcmjs.data.datasetToDict(dataset)).write());
}
