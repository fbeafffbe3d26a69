import type { AnalysisRecord, OutboxItem } from '@myelon/pipeline';
import { WORDS } from '../../words/en';
import { patch, type ReadingContext } from '../reading-context';
import type { SectionState } from '../reading-state';
import type { Report } from '../tasks';
import { builtObjects } from './build-objects';
import { findReports } from './find-reports';

/** Writes the draft and hands it to the outbox; ends when the archive has given everything back, or something stops it. */
export async function saveDraft(context: ReadingContext): Promise<void> {
  const { host, tasks, store } = context;
  const { studyInstanceUID, metrics } = store.getState();
  const { record } = metrics;
  const target = host.archive.target();
  if (studyInstanceUID === null || record === null || target === null) return;
  await tasks.run('report', WORDS.report.building, async (signal, report) => {
    const group = await queued(context, record, { studyInstanceUID, target }, signal, report);
    report({ label: WORDS.report.saving, fraction: 0 });
    const items = await host.outbox.untilTried(group, signal, (now) => {
      report({ fraction: now.filter(({ state }) => state.kind === 'sent').length / Math.max(1, now.length) });
    });
    await readKept(context);
    return stateOf(items) ?? { kind: 'ready' };
  });
  await concludeSave(context);
}

/** Keeps the objects of a record in the outbox, or sends again what is kept of it already. */
async function queued(
  context: ReadingContext,
  record: AnalysisRecord,
  to: Parameters<ReadingContext['host']['outbox']['add']>[1],
  signal: AbortSignal,
  report: Report,
): Promise<string> {
  const { host, store } = context;
  const before = store.getState().report.queued;
  const kept = await host.outbox.items();
  if (before?.recordId === record.id && kept.some(({ group }) => group === before.group)) {
    await host.outbox.retry(before.group);
    return before.group;
  }
  const objects = await builtObjects(context, record, store.getState().report.choice, signal, report);
  signal.throwIfAborted();
  const group = await host.outbox.add(objects, to);
  patch(context, 'report', { queued: { recordId: record.id, group } });
  return group;
}

/** What the section says of a save; null when nothing of it is kept. */
function stateOf(items: readonly OutboxItem[]): SectionState | null {
  if (items.length === 0) return null;
  const [open] = items.filter(({ state }) => state.kind !== 'sent');
  if (!open) return { kind: 'done' };
  const { state, target } = open;
  if (state.kind === 'refused')
    return {
      kind: 'failed',
      problem: {
        what: `${WORDS.report.refused} (${target.name}): ${state.why}`,
        whatToDo: `${state.whatToDo}. ${WORDS.report.kept}`,
      },
    };
  const why = state.kind === 'queued' ? (state.problem ?? '') : '';
  return { kind: 'needs-look', what: WORDS.report.waiting(target.name, why) };
}

/** Follows the outbox, also when it is another tab that sends. */
export async function followOutbox(context: ReadingContext): Promise<void> {
  await readKept(context);
  const { report } = context.store.getState();
  if (report.state.kind === 'working' || report.queued === null) return;
  const { group } = report.queued;
  const state = stateOf(report.kept.filter((item) => item.group === group));
  if (state) patch(context, 'report', { state });
  await concludeSave(context);
}

async function readKept(context: ReadingContext): Promise<void> {
  const { studyInstanceUID } = context.store.getState();
  const items = await context.host.outbox.items();
  const kept = items.filter((item) => item.studyInstanceUID === studyInstanceUID);
  patch(context, 'report', { kept });
}

/** Once the archive has everything of the last save: says so, and lists what is there now. */
async function concludeSave(context: ReadingContext): Promise<void> {
  const { host, store } = context;
  const { studyInstanceUID, report } = store.getState();
  const { queued: last, kept, savedRecordId } = report;
  if (studyInstanceUID === null || last === null || savedRecordId === last.recordId) return;
  const items = kept.filter(({ group }) => group === last.group);
  if (items.length === 0 || items.some(({ state }) => state.kind !== 'sent')) return;
  patch(context, 'report', { savedRecordId: last.recordId });
  host.notices.show({ title: WORDS.next.saved, message: WORDS.report.savedNotice, kind: 'success' });
  await findReports(context);
  await host.archive.refreshStudy(studyInstanceUID);
}

/** Hands the objects of the record to the browser as files. */
export async function downloadReport(context: ReadingContext): Promise<void> {
  const { metrics, report: section } = context.store.getState();
  const { record } = metrics;
  if (record === null) return;
  await context.tasks.run('report', WORDS.report.building, async (signal, report) => {
    const objects = await builtObjects(context, record, section.choice, signal, report);
    for (const { description, bytes } of objects) context.host.files.save(fileName(description), bytes);
    return section.state.kind === 'nothing' ? { kind: 'ready' } : section.state;
  });
}

/** Hands one object of the outbox to the browser as a file. */
export async function downloadKept(
  context: ReadingContext,
  { sopInstanceUID, description }: OutboxItem,
): Promise<void> {
  const bytes = await context.host.outbox.file(sopInstanceUID);
  if (bytes) context.host.files.save(fileName(description), bytes);
}

/** "Myelon FA map" -> "myelon-fa-map.dcm" */
export function fileName(description: string): string {
  const name = description
    .toLowerCase()
    .replace(/[^a-z0-9*]+/g, '-')
    .replace('*', 'star')
    .replace(/^-+|-+$/g, '');
  return `${name || 'object'}.dcm`;
}

/** What one save takes at most: eight maps of four bytes, and documents. */
const BYTES_PER_VOXEL = 8 * 4;
const BYTES_OF_DOCUMENTS = 2_000_000;

/** Says before any work when the browser has no room to keep what will come of it. */
export async function checkRoom(context: ReadingContext): Promise<void> {
  const free = await context.host.outbox.freeBytes();
  const voxels = [...context.openSeries.values()].map(
    ({ series: { grid } }) => grid.columns * grid.rows * grid.slices,
  );
  const needed = BYTES_OF_DOCUMENTS + BYTES_PER_VOXEL * Math.max(0, ...voxels);
  patch(context, 'report', { room: free !== null && free < needed ? { free, needed } : null });
}
