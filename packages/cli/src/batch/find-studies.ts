import { readFile } from 'node:fs/promises';
import { string, Tag, type DicomJsonDataset, type DicomWebClient } from '@myelon/dicom';
import { InputRefused } from '@myelon/diffusion';

/** Which studies of an archive are meant. */
export interface StudyFilter {
  /** Study Date, YYYYMMDD; either end may be open. */
  readonly from?: string;
  readonly to?: string;
  /** Study Description, with `*` and `?` as wildcards. */
  readonly description?: string;
  /** File with a Study Instance UID on every line; then nothing is searched for. */
  readonly list?: string;
}

const pageSize = 200;
const uid = /^\d+(\.\d+)*$/;

/**
 * Study Instance UIDs of MR studies, in the order of the archive, each once.
 *
 * @throws InputRefused when a list holds something else than UIDs
 */
export async function findStudies(
  client: DicomWebClient,
  filter: StudyFilter,
  signal: AbortSignal,
): Promise<string[]> {
  if (filter.list !== undefined) return listedStudies(filter.list);
  const found = new Set<string>();
  const query = {
    ModalitiesInStudy: 'MR',
    ...(filter.description !== undefined && { StudyDescription: filter.description }),
    ...((filter.from !== undefined || filter.to !== undefined) && {
      StudyDate: `${filter.from ?? ''}-${filter.to ?? ''}`,
    }),
  };
  for (let offset = 0; ; offset += pageSize) {
    const page = await client.searchStudies({ ...query, limit: pageSize, offset }, { signal });
    const before = found.size;
    for (const study of page) add(found, study);
    // A server that pays no heed to the offset gives the same page again and again.
    if (page.length < pageSize || found.size === before) return [...found];
  }
}

function add(found: Set<string>, study: DicomJsonDataset): void {
  const studyUid = string(study, Tag.StudyInstanceUID);
  if (studyUid !== undefined && uid.test(studyUid)) found.add(studyUid);
}

async function listedStudies(file: string): Promise<string[]> {
  const lines = (await readFile(file, 'utf8').catch(() => refuseList(file, 'it cannot be read')))
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.trim());
  const listed = new Set<string>();
  for (const [index, line] of lines.entries()) {
    if (line === '' || line.startsWith('#')) continue;
    if (!uid.test(line) || line.length > 64)
      refuseList(file, `line ${String(index + 1)} is not a UID: ${line}`);
    listed.add(line);
  }
  return [...listed];
}

function refuseList(file: string, why: string): never {
  throw new InputRefused(why, file, 'give a text file with one Study Instance UID on every line');
}
