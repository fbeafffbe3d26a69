import { DIFFUSION_HANDLER, DIFFUSION_HANDLER_ID } from '../ids';
import type { DataSource, DisplaySet, ExtensionManager, NaturalizedInstance } from '../host/ohif';
import {
  diffusionFrames,
  regularSpacingMm,
  representativeVolume,
  type DiffusionFrame,
} from './diffusion-frames';
import { isDiffusionSeries } from './is-diffusion';

const MR_IMAGE = '1.2.840.10008.5.1.4.1.1.4';
const ENHANCED_MR_IMAGE = '1.2.840.10008.5.1.4.1.1.4.1';

export interface SopClassHandler {
  readonly name: string;
  readonly sopClassUids: readonly string[];
  getDisplaySetsFromSeries(instances: NaturalizedInstance[]): DisplaySet[];
}

/**
 * Claims diffusion series, which the stock handler shows as one unordered stack. The display set shows one
 * representative volume (the lowest b-value); all instances stay with it for the reader of the series.
 */
export function diffusionHandler(extensionManager: ExtensionManager): SopClassHandler {
  return {
    name: DIFFUSION_HANDLER,
    sopClassUids: [MR_IMAGE, ENHANCED_MR_IMAGE],
    getDisplaySetsFromSeries(instances) {
      if (!isDiffusionSeries(instances)) return [];
      const dataSource = extensionManager.getActiveDataSource()[0];
      return dataSource ? [diffusionDisplaySet(instances, dataSource)] : [];
    },
  };
}

function diffusionDisplaySet(instances: readonly NaturalizedInstance[], dataSource: DataSource): DisplaySet {
  const frames = diffusionFrames(instances);
  const volume = representativeVolume(frames);
  const images = volume.map((frame) => viewableImage(frame, dataSource));
  const imageIds = images.map((image) => image.imageId ?? '');
  const middle = Math.floor(images.length / 2);
  const first = images[0] ?? instances[0];
  if (!first) throw new Error('a diffusion series without images');
  const spacing = regularSpacingMm(volume);
  const text = (keyword: string) => stringOf(first[keyword]);
  const displaySet: DisplaySet = {
    displaySetInstanceUID: `myelon-${first.SeriesInstanceUID}`,
    StudyInstanceUID: first.StudyInstanceUID,
    SeriesInstanceUID: first.SeriesInstanceUID,
    SeriesNumber: Number(first['SeriesNumber'] ?? 0),
    SeriesDescription: text('SeriesDescription'),
    SeriesDate: first['SeriesDate'],
    SeriesTime: first['SeriesTime'],
    FrameOfReferenceUID: text('FrameOfReferenceUID'),
    SOPClassUID: first.SOPClassUID,
    SOPClassHandlerId: DIFFUSION_HANDLER_ID,
    Modality: text('Modality') || 'MR',
    label: text('SeriesDescription') || 'Diffusion',
    volumeLoaderSchema: 'cornerstoneStreamingImageVolume',
    supportsWindowLevel: true,
    isDynamicVolume: false,
    isMultiFrame: false,
    isReconstructable: spacing !== null,
    averageSpacingBetweenFrames: spacing,
    countIcon: spacing === null ? undefined : 'icon-mpr',
    numImageFrames: images.length,
    frameCount: frames.length,
    instance: first,
    instances,
    imageIds,
    getThumbnailSrc: dataSource.retrieve.getGetThumbnailSrc?.(
      volume[middle]?.instance ?? first,
      imageIds[middle] ?? '',
    ),
  };
  Object.defineProperty(displaySet, 'images', { value: images, enumerable: false });
  return displaySet;
}

/**
 * An object the viewer shows as one image. Frames of an enhanced object become images of their own: stock data
 * sources take the `imageId` of an image that has no frames, and so show exactly these frames.
 */
function viewableImage(chosen: DiffusionFrame, dataSource: DataSource): NaturalizedInstance {
  const { instance, frame, position, orientation } = chosen;
  if (frame === null) return instance;
  const image = { ...instance };
  const own = {
    NumberOfFrames: 1,
    ...(position ? { ImagePositionPatient: [...position] } : {}),
    ...(orientation ? { ImageOrientationPatient: [...orientation] } : {}),
  };
  const imageId = dataSource.getImageIdsForInstance({ instance, frame });
  Object.assign(image, own);
  for (const [name, value] of Object.entries({ imageId, frameNumber: frame })) {
    Object.defineProperty(image, name, { value, enumerable: false, configurable: true });
  }
  return image;
}

function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
