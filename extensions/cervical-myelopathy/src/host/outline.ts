import { voxelCount, voxelToPatient, type VoxelGrid } from '@myelon/diffusion';
import type { HostContext } from './context';
import { Listeners } from './listeners';
import type { HostOutline } from './viewer-host';

/** Cyan, as the legend says. */
const OUTLINE_COLOUR = [0, 255, 255, 255] as const;
const SEGMENTATION_ID = 'myelon-cord';
/** A stroke has ended when no button is down and nothing changed for this long. */
const STROKE_END_MS = 150;
const TOOL_GROUP = 'default';
const PRIMARY_BUTTON = 1;
/** Slices further apart than this are not the same slice. */
const SAME_POSITION_MM = 0.05;

const TOOLS = { brush: 'CircularBrush', eraser: 'CircularEraser', none: 'WindowLevel' } as const;

interface ShownOutline {
  readonly displaySetInstanceUID: string;
  readonly grid: VoxelGrid;
  /** Labelmap image of every slice of the grid. */
  readonly imageIds: readonly string[];
}

export interface OwnedOutline extends HostOutline {
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
  let strokeEnd: ReturnType<typeof setTimeout> | undefined;
  let buttonDown = false;

  const tellAtStrokeEnd = () => {
    clearTimeout(strokeEnd);
    strokeEnd = setTimeout(() => {
      if (buttonDown) tellAtStrokeEnd();
      else edited.tell();
    }, STROKE_END_MS);
  };
  watchButton((down) => {
    buttonDown = down;
  });

  segmentationService.subscribe(
    segmentationService.EVENTS['SEGMENTATION_DATA_MODIFIED'] ?? '',
    ({ segmentationId }: { segmentationId: string }) => {
      if (writing || segmentationId !== SEGMENTATION_ID) return;
      tellAtStrokeEnd();
    },
  );

  const addToViewports = async () => {
    if (!shown) return;
    for (const { id } of context.viewportsOf(shown.displaySetInstanceUID)) await addTo(context, id);
    setVisibility(context, visible);
  };

  const remove = () => {
    if (!shown) return;
    shown = null;
    segmentationService.remove(SEGMENTATION_ID);
  };

  return {
    async show(displaySetInstanceUID, grid, labels) {
      if (labels.length !== voxelCount(grid)) throw new Error('the outline does not fit its grid');
      writing = true;
      try {
        if (shown?.displaySetInstanceUID !== displaySetInstanceUID) {
          remove();
          await createLabelmap(context, displaySetInstanceUID, labels);
        }
        shown = { displaySetInstanceUID, grid, imageIds: labelmapSlices(context, grid) };
        writeLabels(context, shown, labels);
        await addToViewports();
        context.tools.segmentation.triggerSegmentationEvents.triggerSegmentationDataModified(SEGMENTATION_ID);
      } finally {
        writing = false;
      }
    },
    read: () => (shown ? readLabels(context, shown) : null),
    onEdited: (listener) => edited.add(listener),
    setVisible(next) {
      visible = next;
      setVisibility(context, visible);
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
    restore() {
      void addToViewports();
    },
    close() {
      clearTimeout(strokeEnd);
      shown = null;
      visible = true;
    },
  };
}

function watchButton(tell: (down: boolean) => void): void {
  for (const [event, down] of [
    ['pointerdown', true],
    ['pointerup', false],
    ['pointercancel', false],
  ] as const) {
    window.addEventListener(
      event,
      () => {
        tell(down);
      },
      { capture: true },
    );
  }
}

async function createLabelmap(context: HostContext, uid: string, labels: Uint8Array): Promise<void> {
  const displaySet = context.displaySet(uid);
  displaySet.imageIds ??= context.dataSource().getImageIdsForDisplaySet(displaySet);
  const highest = labels.reduce((most, label) => Math.max(most, label), 1);
  const numbers = Array.from({ length: highest }, (_, index) => index + 1);
  await context.services.segmentationService.createLabelmapForDisplaySet(displaySet, {
    segmentationId: SEGMENTATION_ID,
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
function labelmapSlices(context: HostContext, grid: VoxelGrid): string[] {
  const imageIds = [context.tools.segmentation.getLabelmapImageIds(SEGMENTATION_ID) ?? []].flat();
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

async function addTo(context: HostContext, viewportId: string): Promise<void> {
  const { segmentationService } = context.services;
  const there = segmentationService.getSegmentationRepresentations(viewportId, {
    segmentationId: SEGMENTATION_ID,
  });
  if (there.length > 0) return;
  const type = context.tools.Enums.SegmentationRepresentations.Labelmap;
  await segmentationService.addSegmentationRepresentation(viewportId, {
    segmentationId: SEGMENTATION_ID,
    type,
  });
  segmentationService.setActiveSegmentation(viewportId, SEGMENTATION_ID);
  segmentationService.setActiveSegment(SEGMENTATION_ID, 1);
  segmentationService.setSegmentColor(viewportId, SEGMENTATION_ID, 1, [...OUTLINE_COLOUR]);
  context.tools.segmentation.config.style.setStyle(
    { type, segmentationId: SEGMENTATION_ID },
    { renderFill: true, fillAlpha: 0.15, renderOutline: true, outlineWidth: 2 },
  );
}

function setVisibility(context: HostContext, visible: boolean): void {
  const type = context.tools.Enums.SegmentationRepresentations.Labelmap;
  for (const { id } of context.viewports()) {
    const there = context.services.segmentationService.getSegmentationRepresentations(id, {
      segmentationId: SEGMENTATION_ID,
    });
    if (there.length === 0) continue;
    context.tools.segmentation.config.visibility.setSegmentationRepresentationVisibility(
      id,
      { segmentationId: SEGMENTATION_ID, type },
      visible,
    );
  }
}
