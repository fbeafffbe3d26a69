import { cordMask, outlineFindings, type CordMask, type OutlineMethod } from '@myelon/cord';
import { InputRefused, type Vector3, type VoxelGrid } from '@myelon/diffusion';
import { WORDS } from '../../words/en';
import { slicesLeftToCheck } from '../next-step';
import { outlinedSeries, patch, type ReadingContext } from '../reading-context';
import type { SectionState } from '../reading-state';
import { describeShape } from './describe-shape';
import { loadVolume } from './load-volume';
import { measure } from './measure';

/** Outlines the cord automatically; `seeds` are voxels on it, none are needed. */
export async function outlineCord(context: ReadingContext, seeds: readonly Vector3[]): Promise<void> {
  const { host, engine, tasks } = context;
  const done = await tasks.run('cord', WORDS.cord.outlining, async (signal, report) => {
    const open = outlinedSeries(context);
    if (!open) throw new InputRefused(WORDS.data.noneUsable, WORDS.sections.data, WORDS.data.noSeriesDo);
    await loadVolume(context, open, signal, report);
    report({ label: WORDS.cord.outlining, fraction: 0 });
    const outline = await engine.outline(open.key, seeds, {
      onProgress: (fraction) => {
        report({ fraction });
      },
      signal,
    });
    await host.outline.show(open.displaySetUID, outline.mask.grid, outline.mask.labels);
    context.mask = outline.mask;
    patch(context, 'cord', { outline, acceptedSlices: [], refused: null, visible: true });
    describeOutline(context, outline.mask.grid, outline.mask.labels);
    return cordState(context);
  });
  if (!done) return;
  patch(context, 'maps', readyUnlessFitted(context));
  confirmationsLost(context);
  describeShape(context);
  await measure(context);
}

/** Waits for one click on the cord and outlines from there. */
export async function pointAtCord(context: ReadingContext, signal: AbortSignal): Promise<void> {
  const open = outlinedSeries(context);
  if (!open) return;
  patch(context, 'cord', { picking: true });
  try {
    const voxel = await context.host.navigation.pickVoxel(open.displaySetUID, signal);
    patch(context, 'cord', { picking: false });
    await outlineCord(context, [voxel]);
  } catch (error) {
    if (!signal.aborted && !(error instanceof DOMException && error.name === 'AbortError')) throw error;
  } finally {
    patch(context, 'cord', { picking: false });
  }
}

/** Takes the outline as the reader left it after a stroke, or after undo, and measures again. */
export async function takeEditedOutline(context: ReadingContext): Promise<void> {
  const labels = context.host.outline.read();
  // The viewer also reports changes nobody made, such as our own outline being shown.
  if (!labels || sameLabels(labels, context.mask?.labels)) return;
  await takeOutline(context, labels);
}

/** Makes labels the outline of the reading, and measures again. The viewer shows them already. */
export async function takeOutline(
  context: ReadingContext,
  labels: Uint8Array,
  how?: OutlineMethod,
): Promise<void> {
  const { engine, store } = context;
  const grid = outlineGrid(context);
  if (!grid) return;
  const { outline, acceptedSlices } = store.getState().cord;
  const changed = changedSlices(grid, labels, context.mask?.labels);
  patch(context, 'cord', {
    refused: null,
    acceptedSlices: acceptedSlices.filter((slice) => !changed.includes(slice)),
  });
  describeOutline(context, grid, labels);
  confirmationsLost(context);
  if (!labels.some((label) => label > 0)) {
    patch(context, 'cord', {
      state: { kind: 'failed', problem: { what: WORDS.cord.empty, whatToDo: WORDS.cord.emptyDo } },
    });
    return;
  }
  const asFound = outline !== null && sameLabels(labels, outline.mask.labels);
  const method: OutlineMethod = how ?? (asFound ? 'automatic' : outline ? 'edited' : 'manual');
  context.mask = cordMask({ grid, labels, method });
  await engine.setMask(context.mask);
  patch(context, 'cord', { state: cordState(context) });
  patch(context, 'maps', readyUnlessFitted(context));
  describeShape(context);
  await measure(context);
}

/** Grid the outline lies on, or would lie on. */
export function outlineGrid(context: ReadingContext): VoxelGrid | null {
  const open = outlinedSeries(context);
  return (
    context.mask?.grid ??
    context.store.getState().cord.outline?.mask.grid ??
    open?.loaded?.grid ??
    open?.series.grid ??
    null
  );
}

function sameLabels(p: Uint8Array, q: Uint8Array | undefined): boolean {
  return q?.length === p.length && p.every((label, index) => label > 0 === (q[index] ?? 0) > 0);
}

/** Done, or the first slice that wants a look. */
export function cordState({ store }: ReadingContext): SectionState {
  const [check] = slicesLeftToCheck(store.getState());
  return check
    ? { kind: 'needs-look', what: WORDS.cord.toCheck(check.slice + 1, check.why) }
    : { kind: 'done' };
}

function readyUnlessFitted({ store }: ReadingContext): { state: SectionState } {
  const { available, state } = store.getState().maps;
  return { state: available.length > 0 ? state : { kind: 'ready' } };
}

/** A changed outline must be looked at again before the statement opens. */
function confirmationsLost({ store }: ReadingContext): void {
  store.setState(({ confirmations }) => ({ confirmations: { ...confirmations, outline: false } }));
}

/** What the panel says of the outline as it is now. */
export function describeOutline(context: ReadingContext, grid: VoxelGrid, labels: Uint8Array): void {
  const { outline } = context.store.getState().cord;
  const perSlice = grid.columns * grid.rows;
  const voxelsPerSlice = Array.from({ length: grid.slices }, (_, slice) =>
    labels
      .subarray(slice * perSlice, (slice + 1) * perSlice)
      .reduce((sum, label) => sum + Number(label > 0), 0),
  );
  const editedSlices = changedSlices(grid, labels, outline?.mask.labels);
  const drawn: CordMask = { grid, labels, method: 'edited' };
  patch(context, 'cord', {
    voxelsPerSlice,
    editedSlices,
    edited: editedSlices.length > 0,
    findings: outlineFindings(drawn),
  });
}

/** Slices in which two outlines differ; all with cord when there is only one. */
function changedSlices(grid: VoxelGrid, now: Uint8Array, before: Uint8Array | undefined): number[] {
  const perSlice = grid.columns * grid.rows;
  return [...Array(grid.slices).keys()].filter((slice) => {
    for (let at = slice * perSlice; at < (slice + 1) * perSlice; at++) {
      if ((now[at] ?? 0) > 0 !== (before?.[at] ?? 0) > 0) return true;
    }
    return false;
  });
}
