import type { StackViewport } from '@cornerstonejs/core';
import type { Vector3 } from '@myelon/diffusion';
import type { HostContext, ShownViewport } from './context';
import { Listeners } from './listeners';
import type { ImageViewport } from './ohif';
import {
  dot,
  nearestSlice,
  seriesGeometry,
  sliceCentre,
  voxelAt,
  type SeriesGeometry,
} from './series-geometry';
import type { HostNavigation } from './viewer-host';

/** Planes whose normals differ by less than this (cosine) follow each other. */
const SAME_PLANE = 0.8;

/** Event names of Cornerstone, fixed strings in every version. */
const NEW_SLICE = ['CORNERSTONE_VOLUME_NEW_IMAGE', 'CORNERSTONE_STACK_NEW_IMAGE'];

export interface OwnedNavigation extends HostNavigation {
  /** Watches the viewports that are there now. */
  watchViewports(): void;
}

export function hostNavigation(context: HostContext): OwnedNavigation {
  const listeners = new Listeners();
  const watched = new WeakSet<HTMLElement>();
  let following = false;

  const onNewSlice = (id: string) => {
    listeners.tell();
    if (following) return;
    following = true;
    try {
      follow(context, id);
    } finally {
      following = false;
    }
  };

  return {
    watchViewports() {
      for (const { id, viewport } of context.viewports()) {
        if (watched.has(viewport.element)) continue;
        watched.add(viewport.element);
        for (const event of NEW_SLICE) {
          viewport.element.addEventListener(event, () => {
            onNewSlice(id);
          });
        }
        viewport.element.addEventListener(
          'mousedown',
          (event) => {
            const point = event.shiftKey && event.button === 0 ? worldPoint(viewport, event) : null;
            if (!point) return;
            event.stopPropagation();
            for (const other of context.viewports()) if (other.id !== id) showPoint(context, other, point);
          },
          { capture: true },
        );
      }
    },
    goToSlice(displaySetInstanceUID, slice) {
      const geometry = seriesGeometry(context.displaySet(displaySetInstanceUID));
      const centre = geometry && sliceCentre(geometry, slice);
      if (!centre) return;
      for (const shown of context.viewportsOf(displaySetInstanceUID)) showPoint(context, shown, centre);
    },
    currentSlice(displaySetInstanceUID) {
      const [shown] = context.viewportsOf(displaySetInstanceUID);
      return shown ? sliceShown(context, shown) : null;
    },
    onSliceChange: (listener) => listeners.add(listener),
    pickVoxel: (displaySetInstanceUID, signal) => pickVoxel(context, displaySetInstanceUID, signal),
  };
}

/** Moves the other viewports of the same plane to where this one is. */
function follow(context: HostContext, viewportId: string): void {
  const source = context.viewports().find(({ id }) => id === viewportId);
  const from = source && geometryOf(context, source);
  if (!source || !from) return;
  const slice = sliceShown(context, source);
  const point = slice === null ? null : sliceCentre(from, slice);
  if (!point) return;
  for (const other of context.viewports()) {
    const to = other.id === viewportId ? null : geometryOf(context, other);
    if (to && Math.abs(dot(from.normal, to.normal)) >= SAME_PLANE) showPoint(context, other, point);
  }
}

/** Goes to the slice nearest to a point, unless it is shown already or the images end before it. */
function showPoint(context: HostContext, shown: ShownViewport, point: Vector3): void {
  const geometry = geometryOf(context, shown);
  const nearest = geometry && nearestSlice(geometry, point);
  if (!geometry || !nearest || sliceShown(context, shown) === nearest.slice) return;
  const centre = sliceCentre(geometry, nearest.slice);
  if (!centre) return;
  shown.viewport.jumpToWorld([...centre]);
  shown.viewport.render();
}

function geometryOf(context: HostContext, { id }: ShownViewport): SeriesGeometry | null {
  const displaySet = context.displaySetOf(id);
  return displaySet ? seriesGeometry(displaySet) : null;
}

function sliceShown(context: HostContext, shown: ShownViewport): number | null {
  const geometry = geometryOf(context, shown);
  const point = geometry && pointOnPlane(context, shown.viewport);
  return geometry && point ? (nearestSlice(geometry, point)?.slice ?? null) : null;
}

function pointOnPlane(context: HostContext, viewport: ImageViewport): Vector3 | null {
  if (!isStack(viewport)) {
    const focus = viewport.getCamera().focalPoint;
    return focus ? [focus[0], focus[1], focus[2]] : null;
  }
  return imagePosition(context, viewport.getCurrentImageId());
}

function imagePosition(context: HostContext, imageId: string | undefined): Vector3 | null {
  if (imageId === undefined) return null;
  const plane = context.cornerstone.metaData.get('imagePlaneModule', imageId) as
    { imagePositionPatient?: ArrayLike<number> } | undefined;
  const position = plane?.imagePositionPatient;
  return position ? [position[0] ?? 0, position[1] ?? 0, position[2] ?? 0] : null;
}

export function isStack(viewport: ImageViewport): viewport is StackViewport {
  return 'setImageIdIndex' in viewport;
}

/** Patient position under the mouse. */
export function worldPoint(viewport: ImageViewport, event: MouseEvent): Vector3 | null {
  const box = viewport.element.getBoundingClientRect();
  const world = viewport.canvasToWorld([event.clientX - box.left, event.clientY - box.top]);
  return [world[0], world[1], world[2]];
}

function pickVoxel(
  context: HostContext,
  displaySetInstanceUID: string,
  signal: AbortSignal,
): Promise<readonly [number, number, number]> {
  const geometry = seriesGeometry(context.displaySet(displaySetInstanceUID));
  return pick(context, displaySetInstanceUID, signal, (point) =>
    geometry ? voxelAt(geometry, point) : null,
  );
}

/**
 * What the next click in a viewport of a display set says; clicks that say nothing are left alone. Rejects with an
 * AbortError when `signal` aborts, or on Escape.
 */
export function pick<Picked>(
  context: HostContext,
  displaySetInstanceUID: string,
  signal: AbortSignal,
  read: (point: Vector3) => Picked | null,
): Promise<Picked> {
  return new Promise((resolve, reject) => {
    const ended = new AbortController();
    const until = { signal: ended.signal, capture: true };
    const abort = (reason: unknown) => {
      ended.abort();
      reject(reason instanceof Error ? reason : new DOMException('Nothing was picked', 'AbortError'));
    };
    if (signal.aborted) {
      abort(signal.reason);
      return;
    }
    signal.addEventListener(
      'abort',
      () => {
        abort(signal.reason);
      },
      { signal: ended.signal },
    );
    window.addEventListener(
      'keydown',
      (event) => {
        if (event.key === 'Escape') abort(null);
      },
      until,
    );
    for (const { viewport } of context.viewportsOf(displaySetInstanceUID)) {
      const cursor = viewport.element.style.cursor;
      viewport.element.style.cursor = 'crosshair';
      ended.signal.addEventListener('abort', () => {
        viewport.element.style.cursor = cursor;
      });
      viewport.element.addEventListener(
        'mousedown',
        (event) => {
          const point = event.button === 0 ? worldPoint(viewport, event) : null;
          const picked = point && read(point);
          if (!picked) return;
          event.stopImmediatePropagation();
          ended.abort();
          resolve(picked);
        },
        until,
      );
    }
  });
}
