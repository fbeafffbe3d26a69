import {
  decodeText,
  isRescanCsv,
  readCohortCsv,
  readRescanCsv,
  type Cohort,
  type CohortCsvOptions,
  type RescanPairs,
} from '@myelon/prognosis';
import { readInputFile } from './files';

/** What a CSV file turned out to hold. */
export type CohortFile =
  | { readonly kind: 'cohort'; readonly cohort: Cohort }
  | { readonly kind: 'rescan'; readonly pairs: readonly RescanPairs[] };

/**
 * Reads a cohort, or scans and rescans when its columns come in pairs (`fa_1`, `fa_2`).
 * @throws InputRefused naming row and column
 */
export async function readCohortFile(
  path: string,
  options: Omit<CohortCsvOptions, 'where'>,
): Promise<CohortFile> {
  const text = decodeText(await readInputFile(path), path);
  if (isRescanCsv(text, path)) return { kind: 'rescan', pairs: readRescanCsv(text, path) };
  return { kind: 'cohort', cohort: readCohortCsv(text, { ...options, where: path }) };
}
