import { patientToVoxel, QUANTITIES, voxelIndex, type ScalarMap } from '@myelon/diffusion';
import type { VolumeViewport } from '@cornerstonejs/core';
import { VIEWPORT_IDS } from '../ids';
import { drawColourBar, removeColourBar } from './colour-bar';
import { registeredColourMap } from './colour-maps';
import type { HostContext, ShownViewport } from './context';
import { Listeners } from './listeners';
import { hasValue, mapVolume, NO_VALUE } from './map-volume';
import { isStack, worldPoint } from './navigation';
import type { HostMaps, MapDisplay, MapProbe } from './viewer-host';

const MAP_VOLUME_PREFIX = 'myelon-map:';

export interface OwnedMaps extends HostMaps {
  /** Puts the map back after the viewer has set up a viewport again, and watches the mouse there. */
  restore(): void;
  /** Forgets what belonged to the closed mode. */
  close(): void;
}

export function hostMaps(context: HostContext): OwnedMaps {
  const probes = new Listeners<MapProbe | null>();
  const watched = new WeakSet<HTMLElement>();
  const maps = new Map<string, ScalarMap>();
  let owner: string | null = null;
  let display: MapDisplay | null = null;

  const mapViewports = () => (owner === null ? [] : context.viewportsOf(owner)).filter(isMapViewport);

  const apply = async () => {
    for (const shown of mapViewports()) {
      const map = display ? maps.get(display.quantity) : undefined;
      if (display && map) await showMap(context, shown, map, display);
      else hideMap(shown);
    }
  };

  const probeAt = (viewport: ShownViewport['viewport'], event: MouseEvent): MapProbe | null => {
    const map = display ? maps.get(display.quantity) : undefined;
    const point = map ? worldPoint(viewport, event) : null;
    if (!map || !point) return null;
    const [column, row, slice] = patientToVoxel(map.grid, point).map(Math.round);
    if (column === undefined || row === undefined || slice === undefined) return null;
    const { columns, rows, slices } = map.grid;
    const inside = column >= 0 && column < columns && row >= 0 && row < rows && slice >= 0 && slice < slices;
    if (!inside) return null;
    const index = voxelIndex(map.grid, column, row, slice);
    const value = hasValue(map, index) ? (map.values[index] ?? null) : null;
    return { quantity: map.quantity, value, voxel: [column, row, slice] };
  };

  const watchMouse = () => {
    for (const { id, viewport } of owner === null ? [] : context.viewportsOf(owner)) {
      if (watched.has(viewport.element)) continue;
      watched.add(viewport.element);
      viewport.element.addEventListener('mousemove', (event) => {
        if (!probes.isEmpty && context.displaySetOf(id)?.displaySetInstanceUID === owner) {
          probes.tell(probeAt(viewport, event));
        }
      });
      viewport.element.addEventListener('mouseleave', () => {
        probes.tell(null);
      });
    }
  };

  return {
    async set(displaySetInstanceUID, computed) {
      if (owner !== displaySetInstanceUID) maps.clear();
      owner = displaySetInstanceUID;
      for (const map of computed) maps.set(map.quantity, map);
      watchMouse();
      await apply();
    },
    async show(next) {
      display = next;
      await apply();
    },
    onProbe: (listener) => probes.add(listener),
    restore() {
      watchMouse();
      void apply();
    },
    close() {
      owner = null;
      display = null;
      maps.clear();
    },
  };
}

function isMapViewport({ id, viewport }: ShownViewport): boolean {
  return id === VIEWPORT_IDS.map && !isStack(viewport);
}

async function showMap(
  context: HostContext,
  { viewport }: ShownViewport,
  map: ScalarMap,
  display: MapDisplay,
): Promise<void> {
  if (isStack(viewport)) return;
  const base = viewport.getAllVolumeIds().find((id) => !id.startsWith(MAP_VOLUME_PREFIX));
  if (base === undefined) return;
  const volumeId = await mapVolume(context, base, map);
  removeMaps(viewport, (id) => id !== volumeId);
  if (!mapActor(viewport, volumeId)) await viewport.addVolumes([{ volumeId, visibility: true }]);
  const { shownFactor } = QUANTITIES[map.quantity];
  const [lower, upper] = [display.range[0] * shownFactor, display.range[1] * shownFactor];
  viewport.setProperties(
    {
      voiRange: { lower, upper },
      colormap: {
        name: registeredColourMap(context, map.quantity),
        opacity: opacityPoints(lower, upper, display.opacity),
      },
    },
    volumeId,
  );
  showVoxelsAsTheyAre(context, viewport, volumeId);
  drawColourBar(viewport.element, display);
  viewport.render();
}

function mapActor(viewport: VolumeViewport, volumeId: string) {
  return viewport.getActors().find(({ referencedId }) => referencedId === volumeId);
}

/** The vtk.js actor of a volume, as far as Cornerstone's own properties do not reach. */
interface VolumeActor {
  getMapper(): { setBlendMode(mode: number): void };
  getProperty(): { setInterpolationTypeToNearest(): void };
}

/**
 * Voxels as they are (values between them were not measured), and the chosen opacity as it is. Composite rendering
 * would mean opacity per depth, of which a slice has almost none; the highest value along a depth of one slice is
 * the value itself, drawn with the opacity of that value.
 */
function showVoxelsAsTheyAre(context: HostContext, viewport: VolumeViewport, volumeId: string): void {
  const actor = mapActor(viewport, volumeId)?.actor as VolumeActor | undefined;
  actor?.getProperty().setInterpolationTypeToNearest();
  actor?.getMapper().setBlendMode(context.cornerstone.Enums.BlendModes.MAXIMUM_INTENSITY_BLEND);
}

/** Fully transparent where there is no value, the chosen opacity from just below zero on. */
function opacityPoints(lower: number, upper: number, opacity: number) {
  const from = Math.min(0, lower);
  return [
    { value: NO_VALUE, opacity: 0 },
    { value: from + NO_VALUE / 2, opacity: 0 },
    { value: from + NO_VALUE / 4, opacity },
    { value: upper, opacity },
  ];
}

function hideMap({ viewport }: ShownViewport): void {
  removeColourBar(viewport.element);
  if (isStack(viewport) || !removeMaps(viewport, () => true)) return;
  viewport.render();
}

/** Takes maps out of a viewport; true when there was one. */
function removeMaps(viewport: VolumeViewport, which: (volumeId: string) => boolean): boolean {
  const actors = viewport
    .getActors()
    .filter(({ referencedId }) => referencedId?.startsWith(MAP_VOLUME_PREFIX) && which(referencedId))
    .map(({ uid }) => uid);
  if (actors.length > 0) viewport.removeVolumeActors(actors);
  return actors.length > 0;
}
