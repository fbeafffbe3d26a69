import { voxelCount } from '@myelon/diffusion';
import type { HostContext } from './context';
import { Listeners } from './listeners';
import { imageUnder, labelmapSlices, readLabels, writeLabels, type ShownOutline } from './outline-labels';
import { strokeEnd } from './stroke-end';
import type { HostOutline } from './viewer-host';

/** Cyan, as the legend says. */
const OUTLINE_COLOUR = [0, 255, 255, 255] as const;

export interface OwnedOutline extends HostOutline {
  /** Listens to a mode that has just been entered: on leaving, the viewer drops all listeners to segmentations. */
  open(): void;
  /** Puts the outline back into viewports that lost it. */
  restore(): void;
  /** Forgets what belonged to the closed mode. */
  close(): void;
}

export function hostOutline(context: HostContext): OwnedOutline {
  const { segmentationService } = context.services;
  const edited = new Listeners();
  let shown: ShownOutline | null = null;
  let visible = true;
  let writing = false;
  const strokes = strokeEnd(() => {
    edited.tell();
  });

  const addNow = async () => {
    if (!shown) return;
    const { segmentationId, displaySetInstanceUID } = shown;
    for (const { id } of context.viewportsOf(displaySetInstanceUID)) await addTo(context, id, segmentationId);
    setVisibility(context, segmentationId, visible);
  };
  /** One after the other, or a viewport would get the outline twice. */
  let adding = Promise.resolve();
  const addToViewports = () => {
    adding = adding.catch(() => undefined).then(addNow);
    return adding;
  };

  const remove = () => {
    if (!shown) return;
    const { segmentationId } = shown;
    shown = null;
    segmentationService.remove(segmentationId);
  };

  return {
    async show(displaySetInstanceUID, grid, labels) {
      if (labels.length !== voxelCount(grid)) throw new Error('the outline does not fit its grid');
      writing = true;
      try {
        if (shown && shown.displaySetInstanceUID !== displaySetInstanceUID) remove();
        const segmentationId =
          shown?.segmentationId ?? (await createLabelmap(context, displaySetInstanceUID, labels));
        const imageIds = labelmapSlices(context, segmentationId, grid);
        shown = { segmentationId, displaySetInstanceUID, grid, imageIds };
        await addToViewports();
        showLabels(context, shown, labels);
      } finally {
        writing = false;
      }
    },
    read: () => (shown ? readLabels(context, shown) : null),
    onEdited: (listener) => edited.add(listener),
    setVisible(next) {
      visible = next;
      if (shown) setVisibility(context, shown.segmentationId, visible);
    },
    remove,
    replace(labels) {
      if (!shown) throw new Error('there is no outline to change');
      writing = true;
      replaceLabels(context, shown, labels, (segmentationId) => shown?.segmentationId === segmentationId);
      writing = false;
    },
    shownImage: () => (shown ? imageUnder(context, shown) : null),
    open() {
      segmentationService.subscribe(
        segmentationService.EVENTS['SEGMENTATION_DATA_MODIFIED'] ?? '',
        ({ segmentationId }: { segmentationId: string }) => {
          if (!writing && segmentationId === shown?.segmentationId) strokes.changed();
        },
      );
    },
    restore() {
      addToViewports().catch((error: unknown) => {
        console.error('Myelon: the outline could not be shown again', error);
      });
    },
    close() {
      strokes.forget();
      shown = null;
      visible = true;
    },
  };
}

let labelmapsMade = 0;
let stepsMade = 0;

/** Writes labels and tells the viewer to draw them. */
function showLabels(context: HostContext, shown: ShownOutline, labels: Uint8Array): void {
  writeLabels(context, shown, labels);
  const { triggerSegmentationEvents } = context.tools.segmentation;
  triggerSegmentationEvents.triggerSegmentationDataModified(shown.segmentationId);
}

/** Puts labels in place as one step of the viewer's own history, which remembers outlines it no longer shows. */
function replaceLabels(
  context: HostContext,
  shown: ShownOutline,
  labels: Uint8Array,
  isShown: (segmentationId: string) => boolean,
): void {
  const [before, after] = [readLabels(context, shown), labels.slice()];
  showLabels(context, shown, labels);
  history(context).push({
    id: `myelon-outline-${String(++stepsMade)}`,
    operationType: 'myelon-outline',
    restoreMemo: (undo?: boolean) => {
      if (isShown(shown.segmentationId)) showLabels(context, shown, undo === false ? after : before);
    },
  });
}

export function history({ cornerstone }: HostContext) {
  return cornerstone.utilities.HistoryMemo.DefaultHistoryMemo;
}

async function createLabelmap(context: HostContext, uid: string, labels: Uint8Array): Promise<string> {
  const displaySet = context.displaySet(uid);
  displaySet.imageIds ??= context.dataSource().getImageIdsForDisplaySet(displaySet);
  const highest = labels.reduce((most, label) => Math.max(most, label), 1);
  const numbers = Array.from({ length: highest }, (_, index) => index + 1);
  return context.services.segmentationService.createLabelmapForDisplaySet(displaySet, {
    segmentationId: `myelon-cord-${String(++labelmapsMade)}`,
    label: 'Spinal cord',
    segments: Object.fromEntries(
      numbers.map((number) => [
        number,
        { label: number === 1 ? 'Spinal cord' : `Level ${String(number)}`, active: number === 1 },
      ]),
    ),
  });
}

async function addTo(context: HostContext, viewportId: string, segmentationId: string): Promise<void> {
  const { segmentationService } = context.services;
  const there = segmentationService.getSegmentationRepresentations(viewportId, {
    segmentationId,
  });
  if (there.length > 0) return;
  const type = context.tools.Enums.SegmentationRepresentations.Labelmap;
  await segmentationService.addSegmentationRepresentation(viewportId, {
    segmentationId,
    type,
  });
  segmentationService.setActiveSegmentation(viewportId, segmentationId);
  segmentationService.setActiveSegment(segmentationId, 1);
  segmentationService.setSegmentColor(viewportId, segmentationId, 1, [...OUTLINE_COLOUR]);
  context.tools.segmentation.config.style.setStyle(
    { type, segmentationId },
    { renderFill: true, fillAlpha: 0.15, renderOutline: true, outlineWidth: 2 },
  );
}

function setVisibility(context: HostContext, segmentationId: string, visible: boolean): void {
  const type = context.tools.Enums.SegmentationRepresentations.Labelmap;
  for (const { id } of context.viewports()) {
    const there = context.services.segmentationService.getSegmentationRepresentations(id, {
      segmentationId,
    });
    if (there.length === 0) continue;
    context.tools.segmentation.config.visibility.setSegmentationRepresentationVisibility(
      id,
      { segmentationId, type },
      visible,
    );
  }
}
