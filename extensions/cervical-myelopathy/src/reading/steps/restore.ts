import { cordMask } from '@myelon/cord';
import {
  ENCAPSULATED_PDF_STORAGE,
  PARAMETRIC_MAP_STORAGE,
  readEncapsulatedPdf,
  readParametricMap,
  readSegmentation,
  SEGMENTATION_STORAGE,
  type ReferencedInstance,
} from '@myelon/dicom';
import { InputRefused, QUANTITIES, VoxelStatus, type ScalarMap } from '@myelon/diffusion';
import { compareAnalyses, type AnalysisRecord } from '@myelon/pipeline';
import { EMPTY_CLINICAL_FORM } from '@myelon/prognosis';
import { WORDS } from '../../words/en';
import { patch, type OpenSeries, type ReadingContext } from '../reading-context';
import type { ArchivedReport } from '../reading-state';
import { clock } from '../summaries';
import type { Report } from '../tasks';
import { layMaps, showMap } from './show-maps';
import { describeOutline } from './outline-cord';

/**
 * Brings back the newest report of the study that can be read: outline, maps, metrics, levels, mJOA, statement and score
 * as they were saved, without fitting. Does nothing once the reader has begun.
 */
export async function restoreNewest(context: ReadingContext): Promise<void> {
  const newest = context.store.getState().report.archived.find(({ analysis }) => analysis !== null);
  if (newest && !hasBegun(context)) await restoreReport(context, newest);
}

function hasBegun({ mask, store }: ReadingContext): boolean {
  return mask !== null || store.getState().maps.available.length > 0;
}

/** Brings back one report. A part that is missing or damaged is named, the rest is restored. */
export async function restoreReport(context: ReadingContext, report: ArchivedReport): Promise<void> {
  const { tasks } = context;
  const when = clock(report.createdAt);
  await tasks.run('report', WORDS.report.restoring(when), async (signal, progress) => {
    const objects = await context.host.archive.objectsOf(
      report.studyInstanceUID,
      report.sopInstanceUID,
      signal,
    );
    const fetched = await fetchAll(context, report.studyInstanceUID, objects, signal, progress);
    const record = await recordOf(context, report, fetched);
    if (hasBegun(context)) return { kind: 'ready' };
    const open = await showOutline(context, record, fetched);
    context.maps = mapsOf(context, record, fetched);
    context.restored = true;
    await layMaps(context);
    signal.throwIfAborted();
    show(context, record, open, when);
    await showMap(context);
    return { kind: 'done' };
  });
}

interface Fetched {
  readonly sopClassUID: string;
  readonly sopInstanceUID: string;
  readonly bytes: Uint8Array;
}

async function fetchAll(
  { host }: ReadingContext,
  study: string,
  objects: readonly ReferencedInstance[],
  signal: AbortSignal,
  progress: Report,
): Promise<Fetched[]> {
  const wanted = objects.filter(({ sopClassUID }) => RESTORED_CLASSES.has(sopClassUID));
  let done = 0;
  return Promise.all(
    wanted.map(async ({ sopClassUID, seriesInstanceUID, sopInstanceUID }) => {
      const bytes = await host.archive.instance(study, seriesInstanceUID, sopInstanceUID, signal);
      progress({ fraction: ++done / wanted.length });
      return { sopClassUID, sopInstanceUID, bytes };
    }),
  );
}

const RESTORED_CLASSES = new Set([SEGMENTATION_STORAGE, PARAMETRIC_MAP_STORAGE, ENCAPSULATED_PDF_STORAGE]);

/** @throws InputRefused when the archive does not have it, or it says other things than the report */
async function recordOf(
  { engine }: ReadingContext,
  { analysis }: ArchivedReport,
  fetched: readonly Fetched[],
): Promise<AnalysisRecord> {
  const file = fetched.find(({ sopClassUID }) => sopClassUID === ENCAPSULATED_PDF_STORAGE);
  const record = file ? await engine.recordOfPdf(readEncapsulatedPdf(file.bytes)) : null;
  if (!record) throw new InputRefused(WORDS.report.noRecord, WORDS.sections.report, WORDS.report.noRecordDo);
  const { moved } = compareAnalyses(analysis ?? { regions: [], prognosis: null }, record);
  if (moved.length > 0)
    throw new InputRefused(WORDS.report.otherRecord, WORDS.sections.report, WORDS.report.noRecordDo);
  return record;
}

/** @throws InputRefused when there is no outline on the open series */
async function showOutline(
  context: ReadingContext,
  record: AnalysisRecord,
  fetched: readonly Fetched[],
): Promise<OpenSeries> {
  const file = fetched.find(({ sopClassUID }) => sopClassUID === SEGMENTATION_STORAGE);
  const series = file && readSegmentation(file.bytes).referencedSeriesInstanceUID;
  const open = [...context.openSeries.values()].find(
    ({ series: { seriesInstanceUIDs } }) => series !== undefined && seriesInstanceUIDs.includes(series),
  );
  if (!file || !open)
    throw new InputRefused(WORDS.report.noOutline, WORDS.sections.report, WORDS.report.noRecordDo);
  const { grid } = open.series;
  const [whole] = readSegmentation(file.bytes, grid).segments;
  if (!whole) throw new InputRefused(WORDS.report.noOutline, WORDS.sections.report, WORDS.report.noRecordDo);
  context.mask = cordMask({ grid, labels: whole.voxels, method: record.cord.method });
  await context.host.outline.show(open.displaySetUID, grid, whole.voxels);
  await context.engine.setMask(context.mask);
  return open;
}

/** Voxels outside a stored map are 0; what was left out of a fit cannot be told from them. */
function mapsOf(
  { openSeries }: ReadingContext,
  record: AnalysisRecord,
  fetched: readonly Fetched[],
): ScalarMap[] {
  const grids = [...openSeries.values()].map(({ series }) => series.grid);
  return fetched
    .filter(({ sopClassUID }) => sopClassUID === PARAMETRIC_MAP_STORAGE)
    .flatMap(({ bytes }) => {
      const map = firstThat(grids, (grid) => readParametricMap(bytes, grid));
      if (!map) return [];
      const { quantity, grid, values } = map;
      const status = Uint8Array.from(values, (value) =>
        value === 0 ? VoxelStatus.outsideMask : VoxelStatus.valid,
      );
      const method = (quantity.startsWith('ivim') || quantity === 'adc' ? record.ivim : record.tensor)
        ?.method;
      return [{ grid, quantity, unit: QUANTITIES[quantity].unit, method: method ?? '', values, status }];
    });
}

/** The first that is not refused; null when all are. */
function firstThat<Item, Value>(items: readonly Item[], read: (item: Item) => Value): Value | null {
  for (const item of items) {
    try {
      return read(item);
    } catch (error) {
      if (!(error instanceof InputRefused)) throw error;
    }
  }
  return null;
}

function show(context: ReadingContext, record: AnalysisRecord, open: OpenSeries, when: string): void {
  const { compressionSlices, cord, clinical, prognosis } = record;
  const available = context.maps.map(({ quantity }) => quantity);
  const grid = open.series.grid;
  patch(context, 'cord', { edited: cord.method === 'edited', visible: true, state: { kind: 'done' } });
  if (context.mask) describeOutline(context, grid, context.mask.labels);
  patch(context, 'maps', {
    available,
    shown: available[0] ?? null,
    method: WORDS.maps.restored(when),
    state: { kind: 'done' },
  });
  patch(context, 'metrics', {
    record,
    compressionSlices,
    selectedRegionId: compressionSlices.length > 0 ? 'compression' : 'whole-cord',
    state: { kind: 'done' },
  });
  const withheld = prognosis.kind === 'abstained' && prognosis.reasons.includes(WORDS.prognosis.locked);
  const seen = compressionSlices.length > 0 && !withheld;
  patch(context, 'report', { savedRecordId: record.id, restoredFrom: when });
  context.store.setState(({ open: sections }) => ({
    clinical: clinical ?? EMPTY_CLINICAL_FORM,
    confirmations: { outline: seen, level: seen, quality: seen },
    open: { ...sections, maps: true, metrics: true, report: true },
  }));
}
