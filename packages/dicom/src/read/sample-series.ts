import type { DicomJsonDataset, DicomJsonElement } from '../dataset/dicom-json';
import { Tag } from '../dataset/tags';

/** Headers of small diffusion series, as WADO-RS metadata gives them. For tests. */
export type Header = Record<string, DicomJsonElement>;

export function element(vr: string, ...Value: unknown[]): DicomJsonElement {
  return { vr, Value };
}

export interface SampleImage {
  readonly instance: number;
  /** mm along the slice normal. */
  readonly z: number;
  readonly b?: number;
  readonly direction?: readonly number[];
  readonly more?: Header;
}

/** One classic axial MR image of 2 x 2 pixels, 1 x 1 mm. */
export function classicHeader({ instance, z, b, direction, more = {} }: SampleImage): DicomJsonDataset {
  return {
    [Tag.SOPClassUID]: element('UI', '1.2.840.10008.5.1.4.1.1.4'),
    [Tag.SOPInstanceUID]: element('UI', `1.2.3.4.${String(instance)}`),
    [Tag.StudyInstanceUID]: element('UI', '1.2.3'),
    [Tag.SeriesInstanceUID]: element('UI', '1.2.3.4'),
    [Tag.SeriesNumber]: element('IS', 7),
    [Tag.SeriesDescription]: element('LO', 'DTI'),
    [Tag.InstanceNumber]: element('IS', instance),
    [Tag.Modality]: element('CS', 'MR'),
    [Tag.ImageType]: element('CS', 'ORIGINAL', 'PRIMARY', 'DIFFUSION'),
    ...pixelLayout(),
    [Tag.ImagePositionPatient]: element('DS', -10, -20, z),
    [Tag.ImageOrientationPatient]: element('DS', 1, 0, 0, 0, 1, 0),
    [Tag.PixelSpacing]: element('DS', 1, 1),
    [Tag.SliceThickness]: element('DS', 4),
    ...(b === undefined ? {} : { [Tag.DiffusionBValue]: element('FD', b) }),
    ...(direction ? { [Tag.DiffusionGradientOrientation]: element('FD', ...direction) } : {}),
    ...more,
  };
}

export function pixelLayout(): Header {
  return {
    [Tag.Rows]: element('US', 2),
    [Tag.Columns]: element('US', 2),
    [Tag.BitsAllocated]: element('US', 16),
    [Tag.BitsStored]: element('US', 16),
    [Tag.HighBit]: element('US', 15),
    [Tag.PixelRepresentation]: element('US', 0),
  };
}

export interface Weighting {
  readonly b: number;
  readonly direction?: readonly number[];
}

/** b0 and three directions of b 800: not symmetric, so that order and sign mistakes show. */
export const FOUR_WEIGHTINGS: readonly Weighting[] = [
  { b: 0 },
  { b: 800, direction: [1, 0, 0] },
  { b: 800, direction: [0, 0.6, 0.8] },
  { b: 800, direction: [-0.6, 0.8, 0] },
];

/** A classic series, volume after volume, slices 5 mm apart from the feet upwards. */
export function classicSeries(
  weightings: readonly Weighting[] = FOUR_WEIGHTINGS,
  slices = 3,
  more: Header = {},
): DicomJsonDataset[] {
  return weightings.flatMap((weighting, volume) =>
    Array.from({ length: slices }, (_, slice) =>
      classicHeader({ ...weighting, instance: volume * slices + slice + 1, z: 5 * slice, more }),
    ),
  );
}

/** One enhanced object with all volumes; dimension indices are (volume, slice). */
export function enhancedSeries(
  weightings: readonly Weighting[] = FOUR_WEIGHTINGS,
  slices = 3,
  options: { readonly sharedDiffusion?: boolean; readonly instance?: number; readonly more?: Header } = {},
): DicomJsonDataset {
  const { sharedDiffusion = false, instance = 1, more = {} } = options;
  const diffusion = ({ b, direction }: Weighting): Header => ({
    [Tag.MRDiffusionSequence]: element('SQ', {
      [Tag.DiffusionBValue]: element('FD', b),
      [Tag.DiffusionDirectionality]: element('CS', direction ? 'DIRECTIONAL' : 'NONE'),
      ...(direction
        ? {
            [Tag.DiffusionGradientDirectionSequence]: element('SQ', {
              [Tag.DiffusionGradientOrientation]: element('FD', ...direction),
            }),
          }
        : {}),
    }),
  });
  const perFrame = weightings.flatMap((weighting, volume) =>
    Array.from({ length: slices }, (_, slice) => ({
      [Tag.FrameContentSequence]: element('SQ', {
        [Tag.DimensionIndexValues]: element('UL', volume + 1, slice + 1),
      }),
      [Tag.PlanePositionSequence]: element('SQ', {
        [Tag.ImagePositionPatient]: element('DS', -10, -20, 5 * slice),
      }),
      ...(sharedDiffusion ? {} : diffusion(weighting)),
    })),
  );
  return {
    ...classicHeader({ instance, z: 0 }),
    [Tag.SOPClassUID]: element('UI', '1.2.840.10008.5.1.4.1.1.4.1'),
    [Tag.NumberOfFrames]: element('IS', perFrame.length),
    [Tag.DimensionIndexSequence]: element(
      'SQ',
      { [Tag.DimensionIndexPointer]: element('AT', '00189117') },
      { [Tag.DimensionIndexPointer]: element('AT', Tag.InStackPositionNumber) },
    ),
    [Tag.SharedFunctionalGroupsSequence]: element('SQ', {
      [Tag.PlaneOrientationSequence]: element('SQ', {
        [Tag.ImageOrientationPatient]: element('DS', 1, 0, 0, 0, 1, 0),
      }),
      [Tag.PixelMeasuresSequence]: element('SQ', {
        [Tag.PixelSpacing]: element('DS', 1, 1),
        [Tag.SliceThickness]: element('DS', 5),
      }),
      ...(sharedDiffusion && weightings[0] ? diffusion(weightings[0]) : {}),
    }),
    [Tag.PerFrameFunctionalGroupsSequence]: element('SQ', ...perFrame),
    ...more,
  };
}
