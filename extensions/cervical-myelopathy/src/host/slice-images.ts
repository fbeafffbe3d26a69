import { voxelToPatient, type VoxelGrid } from '@myelon/diffusion';
import { VIEWPORT_IDS } from '../ids';
import type { HostContext } from './context';
import type { DisplaySet, NaturalizedInstance } from './ohif';
import { seriesGeometry } from './series-geometry';
import { cornerstoneImage, directions, moduleOf, spacingMm, type SliceImage } from './slice-image';
import type { HostImages } from './viewer-host';

const SCHEME = 'myelon-slice';
/** Centres further apart than this are not the same voxel. */
const SAME_POSITION_MM = 0.05;
/** Before the viewer's own providers, which would answer with the geometry of the whole mosaic. */
const PROVIDER_PRIORITY = 20_000;
/** Percentile of the signal shown white. */
const WHITE = 0.995;

/**
 * Slices that are no images of their own in the archive (tiles of a mosaic, one acquisition of two in a series),
 * shown as images of a display set of their own in place of the one that cannot show them.
 */
export function hostImages(context: HostContext): HostImages {
  const slices = new Map<string, SliceImage>();
  let registered = false;

  const register = () => {
    if (registered) return;
    registered = true;
    const { imageLoader, metaData } = context.cornerstone;
    imageLoader.registerImageLoader(SCHEME, (imageId: string) => {
      const slice = slices.get(imageId);
      return {
        promise: slice
          ? Promise.resolve(cornerstoneImage(context, imageId, slice))
          : Promise.reject(new Error('this slice is no longer held: open the study again')),
      };
    });
    metaData.addProvider((type: string, imageId: unknown) => {
      const slice = typeof imageId === 'string' ? slices.get(imageId) : undefined;
      return slice && moduleOf(type, slice);
    }, PROVIDER_PRIORITY);
  };

  return {
    shows(displaySetInstanceUID, grid) {
      const displaySet = context.services.displaySetService.getDisplaySetByUID(displaySetInstanceUID);
      return displaySet !== undefined && shows(displaySet, grid);
    },
    present(displaySetInstanceUID, key, grid, values) {
      register();
      const original = context.displaySet(displaySetInstanceUID);
      const uid = `myelon-slices-${key}`;
      const window = windowOf(values);
      const images = [...Array(grid.slices).keys()].map((slice) => {
        const imageId = `${SCHEME}:${key}/${String(slice)}`;
        const size = grid.columns * grid.rows;
        const pixels = values.slice(slice * size, (slice + 1) * size);
        const instance = sliceInstance(original, grid, slice, imageId);
        slices.set(imageId, { grid, slice, pixels, window, instance });
        return instance;
      });
      if (!context.services.displaySetService.getDisplaySetByUID(uid)) {
        context.services.displaySetService.addDisplaySets(sliceDisplaySet(original, uid, grid, images));
      }
      replaceInViewports(context, displaySetInstanceUID, uid);
      return uid;
    },
  };
}

function shows(displaySet: DisplaySet, grid: VoxelGrid): boolean {
  const geometry = seriesGeometry(displaySet);
  if (geometry?.columns !== grid.columns || geometry.rows !== grid.rows) return false;
  if (geometry.positions.length !== grid.slices) return false;
  const ends = [0, grid.slices - 1].map((slice) => voxelToPatient(grid, [0, 0, slice]));
  return ends.every((end) =>
    geometry.positions.some(
      (position) => Math.hypot(...position.map((at, axis) => at - (end[axis] ?? 0))) <= SAME_POSITION_MM,
    ),
  );
}

function sliceDisplaySet(
  original: DisplaySet,
  uid: string,
  grid: VoxelGrid,
  images: readonly NaturalizedInstance[],
): DisplaySet {
  const imageIds = images.map(({ imageId }) => imageId ?? '');
  const displaySet: DisplaySet = {
    ...original,
    displaySetInstanceUID: uid,
    label: original.SeriesDescription ?? 'Diffusion',
    isReconstructable: grid.slices > 1,
    isMultiFrame: false,
    averageSpacingBetweenFrames: spacingMm(grid),
    numImageFrames: images.length,
    instance: images[0],
    instances: original.instances,
    imageIds,
    isDerived: true,
    madeInClient: true,
  };
  Object.defineProperty(displaySet, 'images', { value: images, enumerable: false });
  return displaySet;
}

/** The header of one slice as the viewer reads headers. */
function sliceInstance(
  original: DisplaySet,
  grid: VoxelGrid,
  slice: number,
  imageId: string,
): NaturalizedInstance {
  const first = original.instances?.[0];
  if (!first) throw new Error('a series without instances cannot be shown: open the study again');
  const { row, column } = directions(grid);
  const instance = {
    ...first,
    NumberOfFrames: 1,
    InstanceNumber: slice + 1,
    Rows: grid.rows,
    Columns: grid.columns,
    ImagePositionPatient: [...voxelToPatient(grid, [0, 0, slice])],
    ImageOrientationPatient: [...row.unit, ...column.unit],
    PixelSpacing: [column.mm, row.mm],
    PerFrameFunctionalGroupsSequence: undefined,
    SharedFunctionalGroupsSequence: undefined,
  };
  Object.defineProperty(instance, 'imageId', { value: imageId, enumerable: false });
  return instance as NaturalizedInstance;
}

/** Where the reader saw the whole mosaic, the slices come in its place. */
function replaceInViewports(context: HostContext, from: string, to: string): void {
  const grid = context.services.viewportGridService;
  const viewports = [...grid.getState().viewports.values()].filter(
    ({ displaySetInstanceUIDs }) => displaySetInstanceUIDs?.[0] === from,
  );
  if (viewports.length === 0) return;
  grid.setDisplaySetsForViewports(
    viewports.map(({ viewportId, viewportOptions }) => ({
      viewportId,
      displaySetInstanceUIDs: [to],
      viewportOptions: {
        ...viewportOptions,
        viewportType:
          viewportId === VIEWPORT_IDS.sagittal || viewportId === VIEWPORT_IDS.axial ? 'stack' : 'volume',
        orientation: 'acquisition',
        toolGroupId: 'default',
        initialImageOptions: { preset: 'middle' },
      },
      displaySetOptions: [{}],
    })),
  );
}

/** From black to the brightest but for a few voxels. */
function windowOf(values: Float32Array): { lower: number; upper: number } {
  const sorted = Float32Array.from(values).sort();
  const upper = sorted[Math.floor(WHITE * (sorted.length - 1))] ?? 1;
  return { lower: 0, upper: upper > 0 ? upper : 1 };
}
