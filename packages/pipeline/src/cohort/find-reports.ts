import { string, Tag, type DicomJsonDataset, type DicomWebClient } from '@myelon/dicom';

/** An archive to collect from, under the name people know it by. */
export interface CohortSource {
  readonly name: string;
  readonly client: Pick<DicomWebClient, 'searchStudies' | 'searchSeries' | 'seriesMetadata'>;
}

/** A structured report with the study it is in. */
export interface FoundReport {
  readonly source: string;
  readonly patientId: string;
  /** DICOM date, or empty. */
  readonly studyDate: string;
  readonly studyInstanceUID: string;
  readonly dataset: DicomJsonDataset;
}

/** Studies asked for at once: enough to keep a server busy, few enough to leave it to others. */
const STUDIES_AT_ONCE = 6;
const PAGE = 200;

/** Every structured report of an archive, study by study. Throws DicomWebError; an aborted signal throws its reason. */
export async function findReports(
  { name, client }: CohortSource,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<FoundReport[]> {
  const studies = await studiesWithReports(client, signal);
  const found: FoundReport[] = [];
  for (let first = 0; first < studies.length; first += STUDIES_AT_ONCE) {
    signal.throwIfAborted();
    const batch = studies.slice(first, first + STUDIES_AT_ONCE);
    const reports = await Promise.all(batch.map((study) => reportsOf(client, study, signal)));
    batch.forEach((study, i) => {
      for (const dataset of reports[i] ?? [])
        found.push({
          source: name,
          // Two issuers may use the same number.
          patientId: [string(study, '00100020') ?? '', string(study, '00100021')].filter(Boolean).join('@'),
          studyDate: string(study, '00080020') ?? '',
          studyInstanceUID: string(study, Tag.StudyInstanceUID) ?? '',
          dataset,
        });
    });
    onProgress((first + batch.length) / studies.length);
  }
  return found;
}

async function studiesWithReports(
  client: CohortSource['client'],
  signal: AbortSignal,
): Promise<DicomJsonDataset[]> {
  const found = new Map<string, DicomJsonDataset>();
  for (let offset = 0; ; offset += PAGE) {
    const parameters = { ModalitiesInStudy: 'SR', includefield: '00100021', limit: PAGE, offset };
    const page = await client.searchStudies(parameters, { signal });
    const before = found.size;
    for (const study of page) found.set(string(study, Tag.StudyInstanceUID) ?? '', study);
    // A server that knows no pages gives the same studies again.
    if (page.length < PAGE || found.size === before) return [...found.values()];
  }
}

async function reportsOf(
  client: CohortSource['client'],
  study: DicomJsonDataset,
  signal: AbortSignal,
): Promise<DicomJsonDataset[]> {
  const uid = string(study, Tag.StudyInstanceUID) ?? '';
  const series = await client.searchSeries(uid, { Modality: 'SR' }, { signal });
  const found: DicomJsonDataset[] = [];
  for (const one of series) {
    const seriesUid = string(one, Tag.SeriesInstanceUID);
    // Not every archive filters.
    if (seriesUid === undefined || (string(one, Tag.Modality) ?? 'SR') !== 'SR') continue;
    found.push(...(await client.seriesMetadata(uid, seriesUid, { signal })));
  }
  return found;
}
