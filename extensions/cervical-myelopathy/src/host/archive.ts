import {
  DicomWebError,
  isMyelonReport,
  readKeyObject,
  string,
  Tag,
  type DicomJsonDataset,
  type DicomWebClient,
} from '@myelon/dicom';
import type { HostContext } from './context';
import { deviceIdentity } from './device';
import type { HostArchive } from './viewer-host';
import { dicomWebClient, readRoot, writeTarget } from './web-roots';

/** A patient may have very many; the archive is asked for each. */
const MOST_PRIOR_STUDIES = 20;

export function hostArchive(context: HostContext): HostArchive {
  const target = () => writeTarget(context.dataSource().getConfig());
  /** Results are looked for where they are written, and otherwise where the study comes from. */
  const holders = (): DicomWebClient[] => {
    const roots = new Set([target()?.url ?? readRoot(context), readRoot(context)]);
    return [...roots].map((root) => dicomWebClient(context, root));
  };

  return {
    target,
    device: () => deviceIdentity(context.dataSource().getConfig().device),
    async reports(studyInstanceUID, signal) {
      const found = new Map<string, DicomJsonDataset>();
      for (const client of holders()) {
        for (const report of await datasetsIn(client, studyInstanceUID, 'SR', signal)) {
          if (!isMyelonReport(report)) continue;
          found.set(string(report, Tag.SOPInstanceUID) ?? '', report);
        }
      }
      return newestFirst([...found.values()]);
    },
    async priorReports(patientID, exceptStudyInstanceUID, signal) {
      const found = new Map<string, DicomJsonDataset>();
      for (const client of holders()) {
        const studies = await client.searchStudies({ PatientID: patientID }, { signal });
        const uids = studies
          // Not every archive filters.
          .filter((study) => string(study, Tag.PatientID) === patientID)
          .flatMap((study) => string(study, Tag.StudyInstanceUID) ?? [])
          .filter((uid) => uid !== exceptStudyInstanceUID);
        for (const uid of uids.slice(0, MOST_PRIOR_STUDIES))
          for (const report of await datasetsIn(client, uid, 'SR', signal))
            if (isMyelonReport(report)) found.set(string(report, Tag.SOPInstanceUID) ?? '', report);
      }
      return newestFirst([...found.values()]);
    },
    async objectsOf(studyInstanceUID, reportUID, signal) {
      for (const client of holders()) {
        for (const selection of await datasetsIn(client, studyInstanceUID, 'KO', signal)) {
          const objects = readKeyObject(selection);
          if (objects.some(({ sopInstanceUID }) => sopInstanceUID === reportUID)) return objects;
        }
      }
      return [];
    },
    async instance(studyUID, seriesUID, sopUID, signal) {
      let missing: unknown = new Error(`instance ${sopUID} was not found`);
      for (const client of holders()) {
        try {
          return await client.instance(studyUID, seriesUID, sopUID, { signal });
        } catch (problem) {
          if (!isNotFound(problem)) throw problem;
          missing = problem;
        }
      }
      throw missing;
    },
    async refreshStudy(studyInstanceUID) {
      const source = context.dataSource();
      source.deleteStudyMetadataPromise(studyInstanceUID);
      await source.retrieve.series.metadata({ StudyInstanceUID: studyInstanceUID });
    },
  };
}

/** Every object of a modality as whole DICOM JSON datasets. */
async function datasetsIn(
  client: DicomWebClient,
  studyInstanceUID: string,
  modality: string,
  signal: AbortSignal,
): Promise<DicomJsonDataset[]> {
  try {
    const series = await client.searchSeries(studyInstanceUID, { Modality: modality }, { signal });
    const uids = series
      // Not every archive filters.
      .filter((one) => (string(one, Tag.Modality) ?? modality) === modality)
      .map((one) => string(one, Tag.SeriesInstanceUID))
      .filter((uid) => uid !== undefined);
    const datasets = await Promise.all(
      uids.map((uid) => client.seriesMetadata(studyInstanceUID, uid, { signal })),
    );
    return datasets.flat();
  } catch (problem) {
    if (isNotFound(problem)) return [];
    throw problem;
  }
}

function newestFirst(reports: readonly DicomJsonDataset[]): DicomJsonDataset[] {
  return [...reports].sort((p, q) => madeAt(q).localeCompare(madeAt(p)));
}

function madeAt(report: DicomJsonDataset): string {
  return `${string(report, Tag.ContentDate) ?? ''}${string(report, Tag.ContentTime) ?? ''}`;
}

function isNotFound(problem: unknown): boolean {
  return problem instanceof DicomWebError && problem.problem === 'not-found';
}
