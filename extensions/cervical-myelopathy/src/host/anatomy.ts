import type { VoxelGrid } from '@myelon/diffusion';
import { viewRole } from '../hanging-protocol/view-role';
import type { HostContext } from './context';
import { levelLines, type LevelLines } from './level-lines';
import { Listeners } from './listeners';
import { pick } from './navigation';
import type { DisplaySet } from './ohif';
import { seriesGeometry } from './series-geometry';
import type { HostAnatomy, LevelLine } from './viewer-host';

export interface OwnedAnatomy extends HostAnatomy {
  /** Draws the levels on the viewports that are there now. */
  restore(): void;
  /** Forgets what belonged to the closed mode. */
  close(): void;
}

/** The sagittal T2 beside the diffusion images: levels are named on it. */
export function hostAnatomy(context: HostContext): OwnedAnatomy {
  const moved = new Listeners<Parameters<Parameters<HostAnatomy['onLevelMoved']>[0]>[0]>();
  const drawn = new Map<HTMLElement, LevelLines>();
  let lines: readonly LevelLine[] = [];

  const sagittal = (): DisplaySet | null =>
    context.services.displaySetService
      .getActiveDisplaySets()
      .find((displaySet) => viewRole(displaySet) === 'sagittal-t2') ?? null;
  const draw = () => {
    const displaySet = sagittal();
    const viewports = displaySet ? context.viewportsOf(displaySet.displaySetInstanceUID) : [];
    for (const [element, one] of drawn) {
      if (viewports.some(({ viewport }) => viewport.element === element)) continue;
      one.remove();
      drawn.delete(element);
    }
    for (const { viewport } of viewports) {
      const on =
        drawn.get(viewport.element) ??
        levelLines(viewport, (name, pointMm) => {
          moved.tell({ name, pointMm });
        });
      drawn.set(viewport.element, on);
      on.show(lines);
    }
  };

  return {
    sagittalT2() {
      const displaySet = sagittal();
      return displaySet && { name: displaySet.SeriesDescription ?? 'T2' };
    },
    sagittalImage: () => {
      const displaySet = sagittal();
      return displaySet ? imageOf(context, displaySet) : Promise.resolve(null);
    },
    async pickPoint(signal) {
      const displaySet = sagittal();
      if (!displaySet) throw new Error('the study has no sagittal T2');
      return pick(context, displaySet.displaySetInstanceUID, signal, (point) => point);
    },
    showLevels(next) {
      lines = next;
      draw();
    },
    onLevelMoved: (listener) => moved.add(listener),
    restore: draw,
    close() {
      for (const one of drawn.values()) one.remove();
      drawn.clear();
      lines = [];
    },
  };
}

async function imageOf(
  context: HostContext,
  displaySet: DisplaySet,
): Promise<{ image: Float32Array; grid: VoxelGrid } | null> {
  const grid = gridOf(displaySet);
  const imageIds = displaySet.imageIds ?? context.dataSource().getImageIdsForDisplaySet(displaySet);
  if (!grid || imageIds.length !== grid.slices) return null;
  const perSlice = grid.columns * grid.rows;
  const image = new Float32Array(perSlice * grid.slices);
  for (const [slice, imageId] of imageIds.entries()) {
    const loaded = await context.cornerstone.imageLoader.loadAndCacheImage(imageId);
    const pixels = loaded.voxelManager?.getScalarData() ?? loaded.getPixelData();
    if (pixels.length !== perSlice) return null;
    image.set(pixels, slice * perSlice);
  }
  return { image, grid };
}

/** Grid of the images in their order; null for stacks that are not regular. */
function gridOf(displaySet: DisplaySet): VoxelGrid | null {
  const geometry = seriesGeometry(displaySet);
  const [first, last] = [geometry?.positions[0], geometry?.positions.at(-1)];
  if (!geometry || !first || !last || geometry.positions.length < 2) return null;
  const { rowDirection: u, columnDirection: v, columnSpacingMm, rowSpacingMm, positions } = geometry;
  const step = (axis: 0 | 1 | 2) => (last[axis] - first[axis]) / (positions.length - 1);
  const line = (axis: 0 | 1 | 2) =>
    [u[axis] * columnSpacingMm, v[axis] * rowSpacingMm, step(axis), first[axis]] as const;
  const frame = displaySet.instances?.[0]?.['FrameOfReferenceUID'];
  return {
    columns: geometry.columns,
    rows: geometry.rows,
    slices: positions.length,
    affine: [...line(0), ...line(1), ...line(2)],
    ...(typeof frame === 'string' && { frameOfReferenceUID: frame }),
  };
}
