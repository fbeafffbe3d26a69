import { join } from 'node:path';
import type { CordMask } from '@myelon/cord';
import type { ScalarMap } from '@myelon/diffusion';
import type { AnalysisRecord } from '@myelon/pipeline';
import type { Underlay } from '@myelon/pipeline/pdf';
import { writeOutputFile } from '../inputs/files';
import type { LoadedSeries } from '../inputs/loaded-inputs';
import { commandLineFonts } from './report-fonts';

/** What the report shows besides the record. */
export interface Pictured {
  readonly mask: CordMask;
  readonly maps: readonly ScalarMap[];
  readonly underlay: Underlay;
}

/** Writes report.pdf; patient and study are named where the input was DICOM. */
export async function writePdfReport(
  folder: string,
  record: AnalysisRecord,
  pictured: Pictured,
  sources: readonly LoadedSeries[],
): Promise<Uint8Array> {
  // Loaded when it is needed: fonts and PDF take half of the time that the program takes to start.
  const { reportPdf, studyFacts } = await import('@myelon/pipeline/pdf');
  const instance = sources[0]?.instances[0];
  const pdf = await reportPdf(record, {
    ...pictured,
    study: instance ? studyFacts(instance) : null,
    state: 'draft',
    fonts: await commandLineFonts(),
  });
  await writeOutputFile(join(folder, 'report.pdf'), pdf);
  return pdf;
}
