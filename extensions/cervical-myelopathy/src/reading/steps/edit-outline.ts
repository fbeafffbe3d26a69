import {
  copySlice,
  cordIntensities,
  drawContour,
  growSlice,
  interpolateMissingSlices,
  type CordMask,
} from '@myelon/cord';
import { InputRefused, voxelCount, type Vector3 } from '@myelon/diffusion';
import type { OutlineTool } from '../../ids';
import { WORDS } from '../../words/en';
import { outlinedSeries, patch, type ReadingContext } from '../reading-context';
import { problemOf } from '../tasks';
import { cordState, outlineGrid, takeOutline } from './outline-cord';

/** Makes a tool the primary one. Without an outline, tools that draw start an empty one. */
export async function useTool(context: ReadingContext, tool: OutlineTool): Promise<void> {
  const { host, store } = context;
  const { state, brushDiameterMm } = store.getState().cord;
  if (state.kind === 'working') return;
  if (tool === 'threshold' && !setThreshold(context)) return;
  if (tool !== 'none') await shownOutline(context);
  host.drawing.activate(tool, brushDiameterMm);
}

/** Gives the threshold brush the range of this image; false, with the reason on screen, where there is none. */
function setThreshold(context: ReadingContext): boolean {
  const image = context.host.outline.shownImage();
  const threshold = image && context.mask ? cordIntensities(image, context.mask) : null;
  patch(context, 'cord', {
    threshold,
    refused: threshold ? null : { what: WORDS.cord.noThreshold, whatToDo: WORDS.cord.noThresholdDo },
  });
  if (threshold) context.host.drawing.setThresholdRange(threshold.range);
  return threshold !== null;
}

/** The labels on screen; an empty outline is put there when there is none. */
async function shownOutline(context: ReadingContext): Promise<Uint8Array | null> {
  const { host } = context;
  const there = host.outline.read();
  const open = outlinedSeries(context);
  const grid = outlineGrid(context);
  if (there || !open || !grid) return there;
  const labels = context.mask?.labels ?? new Uint8Array(voxelCount(grid));
  await host.outline.show(open.displaySetUID, grid, labels);
  return labels;
}

/** A line the reader drew becomes the outline of its slice. */
export function takeContour(context: ReadingContext, contour: readonly Vector3[]): Promise<void> {
  return change(context, async () => {
    const grid = outlineGrid(context);
    const labels = await shownOutline(context);
    return grid && labels ? drawContour(grid, labels, contour).labels : null;
  });
}

/** The outline of the slice on screen put into a neighbour, which is then shown. */
export async function copySliceTo(context: ReadingContext, step: 1 | -1): Promise<void> {
  const { currentSlice } = context.store.getState();
  if (currentSlice === null) return;
  let copied = false;
  await changeMask(context, (mask) => {
    const after = copySlice(mask, currentSlice, currentSlice + step);
    copied = true;
    return after;
  });
  const open = outlinedSeries(context);
  if (copied && open) context.host.navigation.goToSlice(open.displaySetUID, currentSlice + step);
}

/** The outline of the slice on screen made wider (positive) or narrower. */
export async function growSliceBy(context: ReadingContext, byMm: number): Promise<void> {
  const { currentSlice } = context.store.getState();
  if (currentSlice !== null) await changeMask(context, (mask) => growSlice(mask, currentSlice, byMm));
}

export function fillBetween(context: ReadingContext): Promise<void> {
  return changeMask(context, (mask) => {
    const { mask: after, filled } = interpolateMissingSlices(mask);
    if (filled.length === 0) throw new InputRefused(WORDS.cord.noneMissing, WORDS.sections.cord, '');
    return after;
  });
}

/** Outlines the slice on screen anew from its neighbours. */
export async function redoSlice(context: ReadingContext): Promise<void> {
  const { host, engine, tasks, store } = context;
  const open = outlinedSeries(context);
  const slice = store.getState().currentSlice;
  if (!open?.loaded || slice === null || !context.mask) return;
  let labels: Uint8Array | null = null;
  let problem: unknown = null;
  await tasks.run('cord', WORDS.cord.redoing(slice + 1), async (signal, report) => {
    try {
      const { outline, mask } = await engine.redoSlice(open.key, slice, {
        onProgress: (fraction) => {
          report({ fraction });
        },
        signal,
      });
      patch(context, 'cord', { outline });
      labels = mask.labels;
    } catch (error) {
      signal.throwIfAborted();
      problem = error;
    }
    return cordState(context);
  });
  if (problem !== null) patch(context, 'cord', { refused: problemOf(problem) });
  if (labels === null) return;
  host.outline.replace(labels);
  await takeOutline(context, labels);
}

async function changeMask(context: ReadingContext, edit: (mask: CordMask) => CordMask): Promise<void> {
  await change(context, () => Promise.resolve(context.mask ? edit(context.mask).labels : null));
}

/** Puts changed labels on screen as one step the viewer can undo, and takes them; a refusal is shown. */
async function change(context: ReadingContext, edit: () => Promise<Uint8Array | null>): Promise<void> {
  if (context.store.getState().cord.state.kind === 'working') return;
  try {
    const labels = await edit();
    if (!labels) return;
    context.host.outline.replace(labels);
    await takeOutline(context, labels);
  } catch (error) {
    patch(context, 'cord', { refused: problemOf(error) });
  }
}
