import { InputRefused } from '@myelon/diffusion';
import { dicomMask } from '@myelon/pipeline';
import type { HostOutlineObject } from '../../host/viewer-host';
import { WORDS } from '../../words/en';
import { outlinedSeries, patch, type ReadingContext } from '../reading-context';
import { problemOf } from '../tasks';
import { cordState, outlineGrid, takeOutline } from './outline-cord';
import { loadVolume } from './load-volume';

/** Objects of the study that an outline can be taken from, for the panel. */
export function listOutlines(context: ReadingContext): void {
  patch(context, 'cord', { stored: context.host.studies.outlines() });
}

/** Takes the cord of a Segmentation or an RT Structure Set as the outline; the one before can be had back by undo. */
export async function importOutline(context: ReadingContext, object: HostOutlineObject): Promise<void> {
  const { host, tasks } = context;
  const open = outlinedSeries(context);
  if (!open) return;
  let taken: Uint8Array | null = null;
  let problem: unknown = null;
  await tasks.run('cord', WORDS.cord.importing, async (signal, report) => {
    try {
      await loadVolume(context, open, signal, report);
      report({ label: WORDS.cord.importing, fraction: null });
      const { studyInstanceUID, seriesInstanceUID, sopInstanceUID } = object;
      const bytes = await host.archive.instance(studyInstanceUID, seriesInstanceUID, sopInstanceUID, signal);
      const grid = outlineGrid(context);
      if (!grid) throw new InputRefused(WORDS.data.noneUsable, WORDS.sections.cord, WORDS.data.noSeriesDo);
      const { labels } = dicomMask(bytes, object.description, [{ name: open.series.name, grid }]);
      if (host.outline.read()) host.outline.replace(labels);
      else await host.outline.show(open.displaySetUID, grid, labels);
      taken = labels;
    } catch (error) {
      signal.throwIfAborted();
      problem = error;
    }
    return cordState(context);
  });
  if (taken) await takeOutline(context, taken, 'imported');
  if (problem !== null) patch(context, 'cord', { refused: problemOf(problem) });
}
