import { voxelCount, voxelToPatient, type VoxelGrid } from '@myelon/diffusion';
import type { HostContext } from './context';
import { Listeners } from './listeners';
import { strokeEnd } from './stroke-end';
import type { HostOutline } from './viewer-host';

/** Cyan, as the legend says. */
const OUTLINE_COLOUR = [0, 255, 255, 255] as const;
const TOOL_GROUP = 'default';
const PRIMARY_BUTTON = 1;
/** Slices further apart than this are not the same slice. */
const SAME_POSITION_MM = 0.05;

const TOOLS = { brush: 'CircularBrush', eraser: 'CircularEraser', none: 'WindowLevel' } as const;

interface ShownOutline {
  /** New for every labelmap: the viewer remembers colours of an identifier longer than it keeps the colours. */
  readonly segmentationId: string;
  readonly displaySetInstanceUID: string;
  readonly grid: VoxelGrid;
  /** Labelmap image of every slice of the grid. */
  readonly imageIds: readonly string[];
}

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
        writeLabels(context, shown, labels);
        await addToViewports();
        context.tools.segmentation.triggerSegmentationEvents.triggerSegmentationDataModified(segmentationId);
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
    activateTool(tool, diameterMm) {
      if (tool !== 'none') context.commands.runCommand('setBrushSize', { value: diameterMm / 2 });
      context.commands.runCommand('setToolActiveToolbar', {
        toolName: TOOLS[tool],
        toolGroupIds: [TOOL_GROUP],
        bindings: [{ mouseButton: PRIMARY_BUTTON }],
      });
    },
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

/** Labelmap images in the order of the slices of a grid, by position: neither host promises an order. */
function labelmapSlices(context: HostContext, segmentationId: string, grid: VoxelGrid): string[] {
  const imageIds = [context.tools.segmentation.getLabelmapImageIds(segmentationId) ?? []].flat();
  const positions = imageIds.map((imageId) => {
    const plane = context.cornerstone.metaData.get('imagePlaneModule', imageId) as {
      imagePositionPatient: number[];
    };
    return { imageId, position: plane.imagePositionPatient };
  });
  return Array.from({ length: grid.slices }, (_, slice) => {
    const [x, y, z] = voxelToPatient(grid, [0, 0, slice]);
    const found = positions.find(
      ({ position: [px = 0, py = 0, pz = 0] }) => Math.hypot(px - x, py - y, pz - z) <= SAME_POSITION_MM,
    );
    if (!found) throw new Error(`slice ${String(slice + 1)} of the outline is not in the series on screen`);
    return found.imageId;
  });
}

function slicePixels(context: HostContext, imageId: string) {
  const image = context.cornerstone.cache.getImage(imageId);
  if (!image?.voxelManager) throw new Error('the outline is no longer in memory: draw it again');
  return image.voxelManager;
}

function writeLabels(context: HostContext, { grid, imageIds }: ShownOutline, labels: Uint8Array): void {
  const perSlice = grid.columns * grid.rows;
  for (const [slice, imageId] of imageIds.entries()) {
    slicePixels(context, imageId)
      .getScalarData()
      .set(labels.subarray(slice * perSlice, (slice + 1) * perSlice));
  }
}

function readLabels(context: HostContext, { grid, imageIds }: ShownOutline): Uint8Array {
  const perSlice = grid.columns * grid.rows;
  const labels = new Uint8Array(voxelCount(grid));
  for (const [slice, imageId] of imageIds.entries()) {
    labels.set(slicePixels(context, imageId).getScalarData(), slice * perSlice);
  }
  return labels;
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
