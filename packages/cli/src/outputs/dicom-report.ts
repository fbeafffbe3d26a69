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
  type OutgoingMap,
  type OutgoingObject,
  type ReportObject,
  type ReportOptions,
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

/** What the objects are made of. */
interface Results {
  readonly mask: CordMask;
  readonly maps: readonly ScalarMap[];
  readonly pdf: Uint8Array;
}

/**
 * Writes seg.dcm, one pm-<quantity>.dcm per map, sr.dcm, sr-levels.dcm, sr-mjoa.dcm, sr-slices.dcm, pdf.dcm and ko.dcm,
 * as far as they are wanted and there is something to say; a second part is sr-levels-2.dcm.
 */
export async function writeDicomReport(
  folder: string,
  record: AnalysisRecord,
  results: Results,
  sources: readonly LoadedSeries[],
  options: ReportOptions,
): Promise<ReportOutcome> {
  try {
    const objects = builtObjects(record, results, sources, options);
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
  { mask, maps, pdf }: Results,
  loaded: readonly LoadedSeries[],
  { objects: wanted, reportClass }: ReportOptions,
): NamedObject[] {
  const sources = loaded.map(reportSource);
  const device = commandLineDevice();
  const withSlices = wanted.includes('slices');
  const built = buildReport(record, { sources, device, mask, reportClass, withSlices });
  const source = outlinedSource(sources, mask.grid);
  const only = (kind: ReportObject, objects: readonly NamedObject[]) =>
    wanted.includes(kind) ? objects : [];
  const measured = [
    ...only('seg', [{ ...built.segmentation, file: 'seg.dcm' }]),
    ...only(
      'pm',
      wanted.includes('pm') ? namedMaps(buildParametricMaps(record, maps, { sources, device })) : [],
    ),
    ...only('sr', [{ ...built.report, file: 'sr.dcm' }, ...numbered('sr-levels', built.levels)]),
    ...only('mjoa', numbered('sr-mjoa', built.clinical ? [built.clinical] : [])),
    ...only('slices', numbered('sr-slices', built.slices)),
  ];
  const document = wanted.includes('pdf') ? [buildDocument(record, pdf, { source, device }, measured)] : [];
  const all = [...measured, ...numbered('pdf', document)];
  if (!wanted.includes('ko') || all.length === 0) return all;
  return [...all, { ...buildKeyObject(record, all, { source, device }), file: 'ko.dcm' }];
}

function namedMaps(maps: readonly OutgoingMap[]): NamedObject[] {
  return maps.map((map) => ({ ...map, file: `pm-${map.quantity}.dcm` }));
}

/** name.dcm, name-2.dcm ... */
function numbered(name: string, objects: readonly OutgoingObject[]): NamedObject[] {
  return objects.map((object, index) => ({
    ...object,
    file: `${name}${index === 0 ? '' : `-${String(index + 1)}`}.dcm`,
  }));
}

function reportSource({ volume, key, instances }: LoadedSeries) {
  return { volume, seriesInstanceUID: key, instances };
}
