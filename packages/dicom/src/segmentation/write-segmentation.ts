import { InputRefused } from '@myelon/diffusion';
import { codeItem } from '../codes/code';
import { VALUES } from '../codes/concepts';
import type { Attributes } from '../write/attributes';
import { withVR } from '../write/attributes';
import { derivedObjectAttributes } from '../write/derived-object';
import { encodePart10 } from '../write/encode';
import {
  derivationImage,
  pixelMeasures,
  planeOrientation,
  planePosition,
  referencedSeriesItem,
} from '../write/referenced-volume';
import { newUID } from '../write/uid';
import { packFrames } from './bit-frames';
import { SEGMENTATION_STORAGE, checkSegmentation, type Segment, type SegmentationContent } from './content';

/** Tags of Dimension Index Pointer. */
const REFERENCED_SEGMENT_NUMBER = 0x0062000b;
const SEGMENT_IDENTIFICATION_SEQUENCE = 0x0062000a;
const IMAGE_POSITION_PATIENT = 0x00200032;
const PLANE_POSITION_SEQUENCE = 0x00209113;

/** CIELab of segment colours, 16 bit per component: distinct on grey images, none of them red or green alone. */
const SEGMENT_COLOURS = [
  [53456, 33924, 50372],
  [42662, 30069, 20817],
  [45875, 48059, 37008],
  [40092, 25186, 40863],
] as const;

interface Frame {
  readonly segmentNumber: number;
  readonly slice: number;
  readonly pixels: Uint8Array;
}

/**
 * Encodes segments of the cord as a BINARY Segmentation object: one frame per segment and slice that holds voxels,
 * on the matrix of the source images.
 *
 * @returns a Part 10 file
 * @throws InputRefused for an empty segment, an outline of another grid, or a grid without frame of reference
 * @see PS3.3 A.51, C.8.20
 */
export function writeSegmentation(content: SegmentationContent): Uint8Array {
  checkSegmentation(content);
  const { source, segments } = content;
  const frames = segments.flatMap((segment, index) => segmentFrames(segment, index + 1, content));
  return encodePart10({
    ...derivedObjectAttributes(content, {
      sopClassUID: SEGMENTATION_STORAGE,
      modality: 'SEG',
      contribution: 'Outlined the spinal cord',
    }),
    ...imageAttributes(content, frames.length),
    FrameOfReferenceUID: source.grid.frameOfReferenceUID,
    PositionReferenceIndicator: null,
    ReferencedSeriesSequence: [referencedSeriesItem(source)],
    SegmentSequence: segments.map((segment, index) => segmentItem(segment, index + 1)),
    ...dimensions(),
    SharedFunctionalGroupsSequence: [
      {
        PlaneOrientationSequence: [planeOrientation(source.grid)],
        PixelMeasuresSequence: [pixelMeasures(source.grid)],
      },
    ],
    PerFrameFunctionalGroupsSequence: frames.map((frame) => frameItem(frame, frames, content)),
    PixelData: withVR('OB', packFrames(frames.map((frame) => frame.pixels))),
  });
}

function segmentFrames(segment: Segment, segmentNumber: number, content: SegmentationContent): Frame[] {
  const { columns, rows, slices } = content.source.grid;
  return Array.from({ length: slices }, (_, slice) => ({
    segmentNumber,
    slice,
    pixels: segment.voxels.subarray(slice * columns * rows, (slice + 1) * columns * rows),
  })).filter(({ pixels }) => pixels.some((pixel) => pixel !== 0));
}

function imageAttributes(content: SegmentationContent, frames: number): Attributes {
  const { columns, rows } = content.source.grid;
  return {
    ImageType: ['DERIVED', 'PRIMARY'],
    SegmentationType: 'BINARY',
    SegmentsOverlap: overlap(content.segments) ? 'YES' : 'NO',
    ContentLabel: 'SPINAL CORD',
    ContentDescription: 'Spinal cord outlined for diffusion measurements',
    ContentCreatorName: null,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: rows,
    Columns: columns,
    NumberOfFrames: frames,
    BitsAllocated: 1,
    BitsStored: 1,
    HighBit: 0,
    PixelRepresentation: 0,
    LossyImageCompression: '00',
  };
}

function overlap(segments: readonly Segment[]): boolean {
  const seen = new Uint8Array(segments[0]?.voxels.length ?? 0);
  for (const { voxels } of segments) {
    for (const [voxel, inside] of voxels.entries()) {
      if (inside === 0) continue;
      if (seen[voxel] === 1) return true;
      seen[voxel] = 1;
    }
  }
  return false;
}

function segmentItem(segment: Segment, segmentNumber: number): Attributes {
  const algorithm = segment.algorithmName;
  return {
    SegmentNumber: segmentNumber,
    SegmentLabel: segment.label,
    SegmentDescription: segment.label,
    SegmentAlgorithmType: segment.algorithm,
    SegmentAlgorithmName: segment.algorithm === 'MANUAL' ? undefined : algorithm,
    SegmentationAlgorithmIdentificationSequence:
      algorithm === undefined || segment.algorithm === 'MANUAL'
        ? undefined
        : [
            {
              AlgorithmFamilyCodeSequence: [codeItem(VALUES.edgeDetection)],
              AlgorithmName: algorithm,
              AlgorithmVersion: segment.algorithmVersion ?? 'unversioned',
            },
          ],
    SegmentedPropertyCategoryCodeSequence: [codeItem(VALUES.anatomicalStructure)],
    SegmentedPropertyTypeCodeSequence: [codeItem(VALUES.spinalCord)],
    AnatomicRegionSequence: segment.level ? [codeItem(segment.level)] : undefined,
    TrackingID: segment.trackingIdentifier,
    TrackingUID: segment.trackingUID,
    RecommendedDisplayCIELabValue: colour(segmentNumber),
  };
}

function colour(segmentNumber: number): readonly number[] {
  return SEGMENT_COLOURS[(segmentNumber - 1) % SEGMENT_COLOURS.length] ?? SEGMENT_COLOURS[0];
}

function dimensions(): Attributes {
  const organization = newUID();
  const index = (pointer: number, group: number, label: string): Attributes => ({
    DimensionOrganizationUID: organization,
    DimensionIndexPointer: pointer,
    FunctionalGroupPointer: group,
    DimensionDescriptionLabel: label,
  });
  return {
    DimensionOrganizationSequence: [{ DimensionOrganizationUID: organization }],
    DimensionIndexSequence: [
      index(REFERENCED_SEGMENT_NUMBER, SEGMENT_IDENTIFICATION_SEQUENCE, 'Segment'),
      index(IMAGE_POSITION_PATIENT, PLANE_POSITION_SEQUENCE, 'Slice position'),
    ],
  };
}

function frameItem(frame: Frame, frames: readonly Frame[], content: SegmentationContent): Attributes {
  const used = [...new Set(frames.map(({ slice }) => slice))].sort((p, q) => p - q);
  const position = used.indexOf(frame.slice) + 1;
  if (position === 0) throw new InputRefused('a frame without slice', 'segmentation', 'report this defect');
  return {
    FrameContentSequence: [{ DimensionIndexValues: [frame.segmentNumber, position] }],
    PlanePositionSequence: [planePosition(content.source.grid, frame.slice)],
    DerivationImageSequence: [
      derivationImage(content.source, frame.slice, {
        derivation: codeItem(VALUES.segmentationDerivation),
        purpose: codeItem(VALUES.sourceImage),
      }),
    ],
    SegmentIdentificationSequence: [{ ReferencedSegmentNumber: frame.segmentNumber }],
  };
}
