import {
  DicomWebError,
  isMyelonReport,
  string,
  Tag,
  type DicomJsonDataset,
  type DicomWebClient,
} from '@myelon/dicom';
import type { HostContext } from './context';
import { deviceIdentity } from './device';
import { storeAndRetrieve } from './store-and-retrieve';
import type { HostArchive } from './viewer-host';
import { dicomWebClient, readRoot, writeTarget } from './web-roots';

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
    async store(studyInstanceUID, instances, signal) {
      const to = target();
      if (!to) throw new Error('the site configuration names no archive for results: set resultsTo');
      const client = dicomWebClient(context, to.url);
      const outcomes = [];
      for (const instance of instances) {
        outcomes.push(await storeAndRetrieve(client, to.name, studyInstanceUID, instance, signal));
      }
      return outcomes;
    },
    async reports(studyInstanceUID, signal) {
      const found = new Map<string, DicomJsonDataset>();
      for (const client of holders()) {
        for (const report of await reportsIn(client, studyInstanceUID, signal)) {
          found.set(string(report, Tag.SOPInstanceUID) ?? '', report);
        }
      }
      return [...found.values()].sort((p, q) => madeAt(q).localeCompare(madeAt(p)));
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

async function reportsIn(
  client: DicomWebClient,
  studyInstanceUID: string,
  signal: AbortSignal,
): Promise<DicomJsonDataset[]> {
  try {
    const series = await client.searchSeries(studyInstanceUID, { Modality: 'SR' }, { signal });
    const uids = series
      // Not every archive filters.
      .filter((one) => (string(one, Tag.Modality) ?? 'SR') === 'SR')
      .map((one) => string(one, Tag.SeriesInstanceUID))
      .filter((uid) => uid !== undefined);
    const datasets = await Promise.all(
      uids.map((uid) => client.seriesMetadata(studyInstanceUID, uid, { signal })),
    );
    return datasets.flat().filter(isMyelonReport);
  } catch (problem) {
    if (isNotFound(problem)) return [];
    throw problem;
  }
}

function madeAt(report: DicomJsonDataset): string {
  return `${string(report, Tag.ContentDate) ?? ''}${string(report, Tag.ContentTime) ?? ''}`;
}

function isNotFound(problem: unknown): boolean {
  return problem instanceof DicomWebError && problem.problem === 'not-found';
}
