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
import { imageOrientation, imagePosition, pixelSpacing, type ImagePlane } from './image-plane';
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
  const source: EnhancedObject = { dataset, shared, format, ids: instanceIds(dataset, name), name };
  return perFrame.map((own, index) => frameOf(source, own, index, dimensions[index]));
}

interface EnhancedObject {
  readonly dataset: DicomJsonDataset;
  readonly shared: DicomJsonDataset;
  readonly format: PixelFormat;
  readonly ids: { sopInstanceUID: string; seriesInstanceUID: string };
  readonly name: string;
}

function frameOf(
  { dataset, shared, format, ids, name }: EnhancedObject,
  own: DicomJsonDataset,
  index: number,
  dimensions: readonly number[] | undefined,
): DiffusionFrame {
  const frameName = `${name}, frame ${String(index + 1)}`;
  const group = (tag: string) => item(own, tag) ?? item(shared, tag);
  const diffusion = group(Tag.MRDiffusionSequence);
  const philips = privateItems(own, PHILIPS_FRAME_HEADER)[0];
  const measures = group(Tag.PixelMeasuresSequence);
  return {
    ...ids,
    // Some writers leave the group out and put slope and intercept where classic images have them.
    ...rescale(group(Tag.PixelValueTransformationSequence) ?? dataset, philips),
    frame: index + 1,
    pixelFormat: format,
    tile: { column: 0, row: 0 },
    columns: format.columns,
    rows: format.rows,
    plane: planeOf(group, frameName),
    frameOfReferenceUID: string(dataset, Tag.FrameOfReferenceUID),
    gradient: diffusion && standardReading(diffusion),
    volumeKey: [ids.sopInstanceUID, ...(dimensions ?? [])],
    order: [...acquisitionOrder(dataset), index],
    sliceSpacingMm:
      measures && (number(measures, Tag.SpacingBetweenSlices) ?? number(measures, Tag.SliceThickness)),
    ...timing(group),
    name: frameName,
  };
}

function timing(group: (tag: string) => DicomJsonDataset | undefined): {
  echoTimeMs: number | undefined;
  repetitionTimeMs: number | undefined;
} {
  const echo = group(Tag.MREchoSequence);
  const timing = group(Tag.MRTimingAndRelatedParametersSequence);
  return {
    echoTimeMs: echo && number(echo, Tag.EffectiveEchoTime),
    repetitionTimeMs: timing && number(timing, Tag.RepetitionTime),
  };
}

function planeOf(group: (tag: string) => DicomJsonDataset | undefined, name: string): ImagePlane {
  const orientation = imageOrientation([group(Tag.PlaneOrientationSequence) ?? {}], name);
  const position = imagePosition([group(Tag.PlanePositionSequence) ?? {}], name);
  const [rowSpacingMm, columnSpacingMm] = pixelSpacing([group(Tag.PixelMeasuresSequence) ?? {}], name);
  return { ...orientation, position, rowSpacingMm, columnSpacingMm };
}

/** Frame Type and Complex Image Component of the frames of one object, one list each, empty where there is none. */
export function frameTypes(dataset: DicomJsonDataset): string[][] {
  const shared = item(dataset, Tag.SharedFunctionalGroupsSequence) ?? {};
  return items(dataset, Tag.PerFrameFunctionalGroupsSequence).map((own) => {
    const group = item(own, Tag.MRImageFrameTypeSequence) ?? item(shared, Tag.MRImageFrameTypeSequence);
    if (!group) return [];
    // An object can hold magnitude and phase of every frame (MIXED at the top level).
    return [...strings(group, Tag.FrameType), ...strings(group, Tag.ComplexImageComponent)];
  });
}
