import { join } from 'node:path';
import type { CordMask } from '@myelon/cord';
import { InputRefused } from '@myelon/diffusion';
import { buildReport, type AnalysisRecord, type BuiltReport } from '@myelon/pipeline';
import type { Shortfall } from '../command-result';
import { writeOutputFile } from '../inputs/files';
import type { LoadedInputs, LoadedSeries } from '../inputs/loaded-inputs';
import { commandLineDevice } from './device';

/** The DICOM objects of an analysis, or why there are none. */
export type ReportOutcome =
  | { readonly kind: 'built'; readonly report: BuiltReport; readonly files: readonly string[] }
  | { readonly kind: 'not built'; readonly notDone: readonly Shortfall[] };

/** Writes seg.dcm and sr.dcm where the input was DICOM. */
export async function writeDicomReport(
  folder: string,
  record: AnalysisRecord,
  mask: CordMask,
  loaded: LoadedInputs,
  usedKeys: readonly (string | null)[],
): Promise<ReportOutcome> {
  const sources = loaded.series.filter(({ key }) => usedKeys.includes(key)).map(reportSource);
  try {
    const report = buildReport(record, { mask, sources, device: commandLineDevice() });
    await writeOutputFile(join(folder, 'seg.dcm'), report.segmentation.bytes);
    await writeOutputFile(join(folder, 'sr.dcm'), report.report.bytes);
    return { kind: 'built', report, files: ['seg.dcm', 'sr.dcm'] };
  } catch (error) {
    if (!(error instanceof InputRefused)) throw error;
    return { kind: 'not built', notDone: [{ what: 'seg.dcm and sr.dcm', why: error.message }] };
  }
}

function reportSource({ volume, key, instances }: LoadedSeries) {
  return { volume, seriesInstanceUID: key, instances };
}
