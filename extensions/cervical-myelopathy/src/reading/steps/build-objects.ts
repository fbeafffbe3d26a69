import {
  buildDocument,
  buildKeyObject,
  buildParametricMaps,
  buildReport,
  objectsOfReport,
  outlinedSource,
  studyFacts,
  type AnalysisRecord,
  type OutgoingObject,
  type ReportSource,
} from '@myelon/pipeline';
import { InputRefused } from '@myelon/diffusion';
import { WORDS } from '../../words/en';
import { outlinedSeries, type OpenSeries, type ReadingContext } from '../reading-context';
import { reportFonts } from '../report-fonts';
import type { ReportChoice } from '../reading-state';
import type { Report } from '../tasks';
import { loadVolume } from './load-volume';

/** Objects made once for a record: a second try sends the same bytes under the same UIDs. */
const made = new WeakMap<AnalysisRecord, Map<string, readonly OutgoingObject[]>>();

/**
 * The DICOM objects of a record, in the order they must arrive: outline, maps, report, slices, PDF, Key Object.
 * @throws InputRefused when there is no outline or a series is no DICOM series
 */
export async function builtObjects(
  context: ReadingContext,
  record: AnalysisRecord,
  choice: ReportChoice,
  signal: AbortSignal,
  report: Report,
): Promise<readonly OutgoingObject[]> {
  const ofRecord = made.get(record) ?? new Map<string, readonly OutgoingObject[]>();
  made.set(record, ofRecord);
  const name = JSON.stringify(choice);
  const known = ofRecord.get(name);
  if (known) return known;
  const objects = await build(context, record, choice, signal, report);
  ofRecord.set(name, objects);
  return objects;
}

async function build(
  context: ReadingContext,
  record: AnalysisRecord,
  choice: ReportChoice,
  signal: AbortSignal,
  report: Report,
): Promise<readonly OutgoingObject[]> {
  const { mask, maps, host } = context;
  if (mask === null) throw new InputRefused(WORDS.cord.empty, WORDS.sections.cord, WORDS.cord.emptyDo);
  const sources = reportSources(context);
  const device = host.archive.device();
  const source = outlinedSource(sources, mask.grid);
  const built = buildReport(record, { mask, sources, device, withSlices: choice.slices });
  const [segmentation, ...reports] = objectsOfReport(built);
  const measured = [
    ...(segmentation ? [segmentation] : []),
    ...(choice.maps ? buildParametricMaps(record, maps, { sources, device }) : []),
    ...reports,
  ];
  const pdf = choice.pdf ? await reportPdf(context, record, signal, report) : null;
  const all = pdf ? [...measured, buildDocument(record, pdf, { source, device }, measured)] : measured;
  return choice.keyObject ? [...all, buildKeyObject(record, all, { source, device })] : all;
}

/** The series of the analysis as reports refer to them; their pixels are not needed. */
function reportSources(context: ReadingContext): ReportSource[] {
  const { tensorSeriesUID, ivimSeriesUID } = context.store.getState().data;
  return [...new Set([tensorSeriesUID, ivimSeriesUID])].flatMap((uid) => {
    const open = context.openSeries.get(uid ?? '');
    return open ? [reportSource(open)] : [];
  });
}

function reportSource({ key, series, datasets }: OpenSeries): ReportSource {
  const { grid, gradients, name, frames } = series;
  const sources = frames.map(({ sopInstanceUID, frame }) => ({ sopInstanceUID, frame }));
  return {
    volume: { grid, gradients, name, sources },
    seriesInstanceUID: series.seriesInstanceUIDs[0] ?? key,
    instances: datasets,
  };
}

/** The report as PDF, made in the worker. */
export async function reportPdf(
  context: ReadingContext,
  record: AnalysisRecord,
  signal: AbortSignal,
  report: Report,
): Promise<Uint8Array> {
  const { engine, mask, maps } = context;
  const open = outlinedSeries(context);
  if (!open || mask === null)
    throw new InputRefused(WORDS.cord.empty, WORDS.sections.cord, WORDS.cord.emptyDo);
  await loadVolume(context, open, signal, report);
  report({ label: WORDS.report.buildingPdf, fraction: null });
  const [first] = open.datasets;
  const [underlay, fonts] = await Promise.all([engine.meanDiffusionImage(open.key), reportFonts()]);
  signal.throwIfAborted();
  const study = first ? studyFacts(first) : null;
  return engine.pdf(record, { mask, maps, underlay, study, state: 'draft', fonts });
}
