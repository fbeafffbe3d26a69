import { join } from 'node:path';
import type { CordMask } from '@myelon/cord';
import { InputRefused, type ScalarMap } from '@myelon/diffusion';
import {
  buildDocument,
  buildKeyObject,
  buildParametricMaps,
  buildReport,
  outlinedSource,
  type AnalysisRecord,
  type OutgoingObject,
} from '@myelon/pipeline';
import type { Shortfall } from '../command-result';
import { writeOutputFile } from '../inputs/files';
import type { LoadedSeries } from '../inputs/loaded-inputs';
import { commandLineDevice } from './device';

/** A DICOM object with the name of its file. */
export interface NamedObject extends OutgoingObject {
  readonly file: string;
}

/** The DICOM objects of an analysis in the order they are stored, or why there are none. */
export type ReportOutcome =
  | { readonly kind: 'built'; readonly objects: readonly NamedObject[] }
  | { readonly kind: 'not built'; readonly notDone: readonly Shortfall[] };

/** Writes seg.dcm, one pm-<quantity>.dcm per map, sr.dcm, sr-slices.dcm, pdf.dcm and ko.dcm. */
export async function writeDicomReport(
  folder: string,
  record: AnalysisRecord,
  results: { readonly mask: CordMask; readonly maps: readonly ScalarMap[]; readonly pdf: Uint8Array },
  sources: readonly LoadedSeries[],
): Promise<ReportOutcome> {
  try {
    const objects = builtObjects(record, results, sources);
    for (const { file, bytes } of objects) await writeOutputFile(join(folder, file), bytes);
    return { kind: 'built', objects };
  } catch (error) {
    if (!(error instanceof InputRefused)) throw error;
    return { kind: 'not built', notDone: [{ what: 'DICOM objects', why: error.message }] };
  }
}

/** What is referred to comes before what refers to it. */
function builtObjects(
  record: AnalysisRecord,
  {
    mask,
    maps,
    pdf,
  }: { readonly mask: CordMask; readonly maps: readonly ScalarMap[]; readonly pdf: Uint8Array },
  loaded: readonly LoadedSeries[],
): NamedObject[] {
  const sources = loaded.map(reportSource);
  const device = commandLineDevice();
  const built = buildReport(record, { sources, device, mask });
  const source = outlinedSource(sources, mask.grid);
  const measured: NamedObject[] = [
    { ...built.segmentation, file: 'seg.dcm' },
    ...buildParametricMaps(record, maps, { sources, device }).map((map) => ({
      ...map,
      file: `pm-${map.quantity}.dcm`,
    })),
    { ...built.report, file: 'sr.dcm' },
    ...(built.slices ? [{ ...built.slices, file: 'sr-slices.dcm' }] : []),
  ];
  const document = buildDocument(record, pdf, { source, device }, measured);
  const all = [...measured, { ...document, file: 'pdf.dcm' }];
  return [...all, { ...buildKeyObject(record, all, { source, device }), file: 'ko.dcm' }];
}

function reportSource({ volume, key, instances }: LoadedSeries) {
  return { volume, seriesInstanceUID: key, instances };
}
