import type { CordOutline, OutlineMethod } from '@myelon/cord';
import { cordMask } from '@myelon/cord';
import { InputRefused, type Vector3, type VoxelGrid } from '@myelon/diffusion';
import { WORDS } from '../../words/en';
import { slicesLeftToCheck } from '../next-step';
import { outlinedSeries, patch, type ReadingContext } from '../reading-context';
import type { SectionState } from '../reading-state';
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
    patch(context, 'cord', { outline, edited: false, acceptedSlices: [], visible: true });
    countVoxels(context, outline.mask.grid, outline.mask.labels);
    return cordState(context);
  });
  if (!done) return;
  patch(context, 'maps', readyUnlessFitted(context));
  confirmationsLost(context);
  proposeCompression(context);
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

/** Takes the outline as the reader left it after a stroke, and measures again. */
export async function takeEditedOutline(context: ReadingContext): Promise<void> {
  const { host, engine, store } = context;
  const labels = host.outline.read();
  const open = outlinedSeries(context);
  const grid = store.getState().cord.outline?.mask.grid ?? open?.loaded?.grid ?? open?.series.grid;
  // The viewer also reports changes nobody made, such as our own outline being shown.
  if (!labels || !grid || sameLabels(labels, context.mask?.labels)) return;
  patch(context, 'cord', { edited: true });
  countVoxels(context, grid, labels);
  confirmationsLost(context);
  if (!labels.some((label) => label > 0)) {
    patch(context, 'cord', {
      state: { kind: 'failed', problem: { what: WORDS.cord.empty, whatToDo: WORDS.cord.emptyDo } },
    });
    return;
  }
  const method: OutlineMethod = store.getState().cord.outline ? 'edited' : 'manual';
  context.mask = cordMask({ grid, labels, method });
  await engine.setMask(context.mask);
  patch(context, 'cord', { state: cordState(context) });
  patch(context, 'maps', readyUnlessFitted(context));
  await measure(context);
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

function countVoxels(context: ReadingContext, grid: VoxelGrid, labels: Uint8Array): void {
  const perSlice = grid.columns * grid.rows;
  const voxelsPerSlice = Array.from({ length: grid.slices }, (_, slice) =>
    labels
      .subarray(slice * perSlice, (slice + 1) * perSlice)
      .reduce((sum, label) => sum + Number(label > 0), 0),
  );
  patch(context, 'cord', { voxelsPerSlice });
}

/** The slice with the smallest outlined area, away from the ends where the cord is cut by the stack. */
function narrowest({ areasMm2 }: CordOutline): number | null {
  const known = areasMm2.flatMap((area, slice) => (area === null ? [] : [{ area, slice }]));
  const inner = known.length > 2 ? known.slice(1, -1) : known;
  return (
    inner.reduce<{ area: number; slice: number } | null>(
      (least, one) => (least === null || one.area < least.area ? one : least),
      null,
    )?.slice ?? null
  );
}

function proposeCompression(context: ReadingContext): void {
  const { outline } = context.store.getState().cord;
  patch(context, 'metrics', { narrowestSlice: outline ? narrowest(outline) : null });
}
