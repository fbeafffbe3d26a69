import { readMeasurementReport } from '@myelon/dicom';
import { formatQuantity, InputRefused, QUANTITIES } from '@myelon/diffusion';
import {
  buildReport,
  recordFromReport,
  type AnalysisRecord,
  type BuiltReport,
  type OutgoingObject,
  type ReportedAnalysis,
} from '@myelon/pipeline';
import type { StoreOutcome } from '../../host/viewer-host';
import { WORDS } from '../../words/en';
import { patch, type ReadingContext } from '../reading-context';
import type { ArchivedReport, SectionState } from '../reading-state';
import { statisticsOf } from '../summaries';
import { problemOf } from '../tasks';

/** Writes the draft, sends outline and report to the archive, reads both back, and lists what the archive holds. */
export async function saveDraft(context: ReadingContext): Promise<void> {
  const { host, tasks, store } = context;
  const { studyInstanceUID, metrics } = store.getState();
  const { record } = metrics;
  if (studyInstanceUID === null || record === null) return;
  await tasks.run('report', WORDS.report.building, async (signal, report) => {
    const built = builtReport(context, record);
    report({ label: WORDS.report.saving });
    const objects = [built.segmentation, built.report];
    const outcomes = await host.archive.store(studyInstanceUID, objects, signal);
    patch(context, 'report', { outcomes: described(objects, outcomes) });
    const refused = outcomes.find((outcome) => outcome.kind === 'refused');
    if (refused) return failed(refused);
    patch(context, 'report', { savedRecordId: record.id });
    await host.archive.refreshStudy(studyInstanceUID);
    host.notices.show({ title: WORDS.next.saved, message: WORDS.report.savedNotice, kind: 'success' });
    return { kind: 'done' };
  });
  await findReports(context);
}

/** The objects of a record are made once: a second try sends the same bytes under the same UIDs. */
const built = new WeakMap<AnalysisRecord, BuiltReport>();

function builtReport(context: ReadingContext, record: AnalysisRecord): BuiltReport {
  const known = built.get(record);
  if (known) return known;
  if (context.mask === null)
    throw new InputRefused(WORDS.cord.empty, WORDS.sections.cord, WORDS.cord.emptyDo);
  const { tensorSeriesUID, ivimSeriesUID } = context.store.getState().data;
  const sources = [...new Set([tensorSeriesUID, ivimSeriesUID])].flatMap((uid) => {
    const open = context.openSeries.get(uid ?? '');
    return open?.loaded
      ? [
          {
            volume: open.loaded,
            seriesInstanceUID: open.series.seriesInstanceUIDs[0] ?? open.key,
            instances: open.datasets,
          },
        ]
      : [];
  });
  const made = buildReport(record, { mask: context.mask, sources, device: context.host.archive.device() });
  built.set(record, made);
  return made;
}

function described(objects: readonly OutgoingObject[], outcomes: readonly StoreOutcome[]) {
  return outcomes.map((outcome) => ({
    outcome,
    description:
      objects.find(({ sopInstanceUID }) => sopInstanceUID === outcome.sopInstanceUID)?.description ?? '',
  }));
}

function failed({ why, target }: Extract<StoreOutcome, { kind: 'refused' }>): SectionState {
  return {
    kind: 'failed',
    problem: { what: `${WORDS.report.refused} (${target}): ${why}`, whatToDo: WORDS.report.kept },
  };
}

/** Hands the objects to the browser as files. */
export async function downloadReport(context: ReadingContext): Promise<void> {
  const { record } = context.store.getState().metrics;
  if (record === null) return;
  await context.tasks.run('report', WORDS.report.building, () => {
    const { segmentation, report } = builtReport(context, record);
    context.host.files.save('myelon-outline-seg.dcm', segmentation.bytes);
    context.host.files.save('myelon-report-sr.dcm', report.bytes);
    return Promise.resolve({ kind: 'ready' } as const);
  });
}

/** Lists the Myelon reports of the study that the archive holds. A failure is shown there, nothing else stops. */
export async function findReports(context: ReadingContext): Promise<void> {
  const { studyInstanceUID } = context.store.getState();
  if (studyInstanceUID === null) return;
  try {
    const datasets = await context.host.archive.reports(studyInstanceUID, AbortSignal.timeout(60_000));
    // A report of single slices belongs to the report of the regions, which is listed.
    const listed = datasets.filter((dataset) => !isSliceReport(dataset));
    patch(context, 'report', { archived: listed.map(archivedReport), historyProblem: null });
  } catch (error) {
    patch(context, 'report', { historyProblem: problemOf(error).what });
  }
}

function isSliceReport(dataset: Parameters<typeof readMeasurementReport>[0]): boolean {
  try {
    const { regions, slices } = recordFromReport(readMeasurementReport(dataset));
    return regions.length === 0 && slices.length > 0;
  } catch {
    return false;
  }
}

function archivedReport(dataset: Parameters<typeof readMeasurementReport>[0]): ArchivedReport {
  try {
    const report = readMeasurementReport(dataset);
    const analysis = recordFromReport(report);
    return {
      sopInstanceUID: report.sopInstanceUID,
      createdAt: report.createdAt ?? '',
      verified: report.state.verified,
      values: valuesOf(analysis),
      statement: statementOf(analysis),
    };
  } catch (error) {
    const { what, whatToDo } = problemOf(error);
    return { sopInstanceUID: what, createdAt: '', verified: false, values: what, statement: whatToDo };
  }
}

function valuesOf({ regions }: ReportedAnalysis): string {
  const region = regions.find(({ kind }) => kind === 'compression') ?? regions[0];
  if (!region) return WORDS.report.noRegions;
  const values = (['fa', 'ivim_f', 'md'] as const).flatMap((quantity) => {
    const statistics = statisticsOf(region, quantity);
    const { symbol, shownUnit } = QUANTITIES[quantity];
    return statistics ? [`${symbol} ${formatQuantity(quantity, statistics.mean)} ${shownUnit}`.trim()] : [];
  });
  return `${region.name}: ${values.join(', ')}`;
}

function statementOf({ prognosis }: ReportedAnalysis): string {
  if (prognosis === null) return '';
  return prognosis.kind === 'statement'
    ? prognosis.sentence
    : `${WORDS.prognosis.abstained}: ${prognosis.reasons.join('; ')}`;
}
