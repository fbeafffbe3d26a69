import { DicomWebError } from '@myelon/dicom';
import { collectCohort, type CohortInput } from '@myelon/pipeline';
import type { MjoaVersion } from '@myelon/prognosis';
import type { CommandContext } from '../command-result';
import { withProgress } from '../terminal';
import { dicomWebClient, refusalOfArchive } from './dicomweb-study';

/**
 * Patients with Myelon reports and mJOA reports of one or several archives.
 * @throws InputRefused when an archive cannot be asked, or holds nothing to analyse
 */
export async function collectedCohort(
  urls: readonly string[],
  mjoaVersion: MjoaVersion | undefined,
  { terminal, signal }: CommandContext,
): Promise<CohortInput> {
  const sources = urls.map((url) => ({ name: url, client: dicomWebClient(url) }));
  try {
    const { cohort } = await withProgress(terminal, 'Collecting reports', (onProgress) =>
      collectCohort(sources, { signal, onProgress, mjoaVersion }),
    );
    return { kind: 'collected', cohort };
  } catch (error) {
    throw error instanceof DicomWebError ? refusalOfArchive(error, urls.join(', ')) : error;
  }
}
