import { InputRefused } from '@myelon/diffusion';
import { item, items, number, string, strings } from '../dataset/access';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { pixelFormat, type PixelFormat } from '../dataset/pixel-format';
import { privateItems, type PrivateElement } from '../dataset/private-elements';
import { Tag } from '../dataset/tags';
import { acquisitionOrder } from './acquisition-order';
import { instanceIds } from './classic';
import type { DiffusionFrame } from './diffusion-frame';
import { volumeDimensions } from './dimensions';
import { standardReading } from './gradients/standard';
import { imageName } from './image-name';
import { imageOrientation, imagePosition, pixelSpacing } from './image-plane';
import { remembered } from './remembered';
import { rescale } from './scaling';

/** Philips keeps the classic header of each frame here; only the scale slope is read from it. */
const PHILIPS_FRAME_HEADER: PrivateElement = {
  group: '2005',
  creator: 'Philips MR Imaging DD 005',
  element: '0F',
  vr: 'SQ',
  manufacturer: /^philips/iu,
};

/** True for an object with functional groups, whatever SOP class it carries. */
export function hasFunctionalGroups(dataset: DicomJsonDataset): boolean {
  return items(dataset, Tag.PerFrameFunctionalGroupsSequence).length > 0;
}

/**
 * The slices of an enhanced MR object (PS3.3 C.7.6.16), in the order of its frames. Every functional group is
 * looked for in the frame's own item first, then in the shared one.
 * @throws InputRefused when items and frames do not agree or a frame has no place
 */
export function enhancedFrames(dataset: DicomJsonDataset): DiffusionFrame[] {
  const name = imageName(dataset);
  const perFrame = items(dataset, Tag.PerFrameFunctionalGroupsSequence);
  const shared = item(dataset, Tag.SharedFunctionalGroupsSequence) ?? {};
  const format = pixelFormat(dataset, name);
  if (perFrame.length !== format.frames)
    throw new InputRefused(
      `${String(perFrame.length)} functional group items for ${String(format.frames)} frames`,
      name,
      'the object is damaged: fetch it again',
    );
  const dimensions = volumeDimensions(dataset, perFrame, shared);
  const source: EnhancedObject = {
    dataset,
    shared,
    format,
    ids: instanceIds(dataset, name),
    frameOfReferenceUID: string(dataset, Tag.FrameOfReferenceUID),
    order: acquisitionOrder(dataset),
    name,
  };
  return perFrame.map((own, index) => frameOf(source, own, index, dimensions[index]));
}

interface EnhancedObject {
  readonly dataset: DicomJsonDataset;
  readonly shared: DicomJsonDataset;
  readonly format: PixelFormat;
  readonly ids: { sopInstanceUID: string; seriesInstanceUID: string };
  readonly frameOfReferenceUID: string | undefined;
  readonly order: readonly number[];
  readonly name: string;
}

const WHOLE_FRAME = { column: 0, row: 0 } as const;
const NO_GROUP: DicomJsonDataset = {};

const orientationOf = remembered((group, name) => imageOrientation([group], name));
const spacingOf = remembered((group, name) => pixelSpacing([group], name));
const gradientOf = remembered(standardReading);
const timesOf = remembered((group) => ({
  echoTimeMs: number(group, Tag.EffectiveEchoTime),
  repetitionTimeMs: number(group, Tag.RepetitionTime),
  sliceSpacingMm: number(group, Tag.SpacingBetweenSlices) ?? number(group, Tag.SliceThickness),
}));

function frameOf(
  { dataset, shared, format, ids, frameOfReferenceUID, order, name }: EnhancedObject,
  own: DicomJsonDataset,
  index: number,
  dimensions: readonly number[] | undefined,
): DiffusionFrame {
  const frameName = `${name}, frame ${String(index + 1)}`;
  const group = (tag: string) => item(own, tag) ?? item(shared, tag) ?? NO_GROUP;
  const diffusion = group(Tag.MRDiffusionSequence);
  const measures = group(Tag.PixelMeasuresSequence);
  const transformation = group(Tag.PixelValueTransformationSequence);
  const orientation = orientationOf(group(Tag.PlaneOrientationSequence), frameName);
  const [rowSpacingMm, columnSpacingMm] = spacingOf(measures, frameName);
  // Some writers leave the group out and put slope and intercept where classic images have them.
  const { slope, intercept } = rescale(
    transformation === NO_GROUP ? dataset : transformation,
    privateItems(own, PHILIPS_FRAME_HEADER)[0],
  );
  return {
    sopInstanceUID: ids.sopInstanceUID,
    seriesInstanceUID: ids.seriesInstanceUID,
    slope,
    intercept,
    frame: index + 1,
    pixelFormat: format,
    tile: WHOLE_FRAME,
    columns: format.columns,
    rows: format.rows,
    plane: {
      row: orientation.row,
      column: orientation.column,
      normal: orientation.normal,
      position: imagePosition([group(Tag.PlanePositionSequence)], frameName),
      rowSpacingMm,
      columnSpacingMm,
    },
    frameOfReferenceUID,
    gradient: diffusion === NO_GROUP ? undefined : gradientOf(diffusion, frameName),
    volumeKey: [ids.sopInstanceUID, ...(dimensions ?? [])],
    order: [...order, index],
    sliceSpacingMm: timesOf(measures, frameName).sliceSpacingMm,
    echoTimeMs: timesOf(group(Tag.MREchoSequence), frameName).echoTimeMs,
    repetitionTimeMs: timesOf(group(Tag.MRTimingAndRelatedParametersSequence), frameName).repetitionTimeMs,
    name: frameName,
  };
}

/** Frame Type and Complex Image Component of the frames of one object, one list each, empty where there is none. */
export function frameTypes(dataset: DicomJsonDataset): (readonly string[])[] {
  const shared = item(dataset, Tag.SharedFunctionalGroupsSequence) ?? {};
  return items(dataset, Tag.PerFrameFunctionalGroupsSequence).map((own) => {
    const group = item(own, Tag.MRImageFrameTypeSequence) ?? item(shared, Tag.MRImageFrameTypeSequence);
    return group ? frameTypeOf(group, '') : NO_TYPE;
  });
}

const NO_TYPE: readonly string[] = [];

/** An object can hold magnitude and phase of every frame (MIXED at the top level). */
const frameTypeOf = remembered((group): readonly string[] => [
  ...strings(group, Tag.FrameType),
  ...strings(group, Tag.ComplexImageComponent),
]);
