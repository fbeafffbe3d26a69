import { join } from 'node:path';
import type { CordMask } from '@myelon/cord';
import { InputRefused, type ScalarMap } from '@myelon/diffusion';
import { buildParametricMaps, buildReport, type AnalysisRecord, type BuiltReport } from '@myelon/pipeline';
import type { Shortfall } from '../command-result';
import { writeOutputFile } from '../inputs/files';
import type { LoadedSeries } from '../inputs/loaded-inputs';
import { commandLineDevice } from './device';

/** The DICOM objects of an analysis, or why there are none. */
export type ReportOutcome =
  | { readonly kind: 'built'; readonly report: BuiltReport; readonly files: readonly string[] }
  | { readonly kind: 'not built'; readonly notDone: readonly Shortfall[] };

/** Writes seg.dcm, sr.dcm and one pm-<quantity>.dcm per map, where the input was DICOM. */
export async function writeDicomReport(
  folder: string,
  record: AnalysisRecord,
  { mask, maps }: { readonly mask: CordMask; readonly maps: readonly ScalarMap[] },
  sources: readonly LoadedSeries[],
): Promise<ReportOutcome> {
  const from = { sources: sources.map(reportSource), device: commandLineDevice() };
  try {
    const report = buildReport(record, { ...from, mask });
    const objects = [
      { name: 'seg.dcm', bytes: report.segmentation.bytes },
      { name: 'sr.dcm', bytes: report.report.bytes },
      ...buildParametricMaps(record, maps, from).map(({ quantity, bytes }) => ({
        name: `pm-${quantity}.dcm`,
        bytes,
      })),
    ];
    for (const { name, bytes } of objects) await writeOutputFile(join(folder, name), bytes);
    return { kind: 'built', report, files: objects.map(({ name }) => name) };
  } catch (error) {
    if (!(error instanceof InputRefused)) throw error;
    return { kind: 'not built', notDone: [{ what: 'DICOM objects', why: error.message }] };
  }
}

function reportSource({ volume, key, instances }: LoadedSeries) {
  return { volume, seriesInstanceUID: key, instances };
}
