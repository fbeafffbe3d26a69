import {
  InputRefused,
  checkGrid,
  spacingMm,
  voxelToPatient,
  type SliceSource,
  type VoxelGrid,
} from '@myelon/diffusion';
import type { Attributes } from './attributes';

/** Storage classes whose instances hold many frames; references to them name the frame. */
const MULTI_FRAME_CLASSES = new Set([
  '1.2.840.10008.5.1.4.1.1.4.1', // Enhanced MR
  '1.2.840.10008.5.1.4.1.1.4.3', // Enhanced MR Color
  '1.2.840.10008.5.1.4.1.1.4.4', // Legacy Converted Enhanced MR
]);

/** Image axes further than this from a right angle (cosine) cannot be written as Image Orientation. */
const RIGHT_ANGLE_TOLERANCE = 1e-3;

/** The images a result belongs to: one volume of the source series (the b0), one frame per slice of the grid. */
export interface ReferencedVolume {
  readonly grid: VoxelGrid;
  readonly seriesInstanceUID: string;
  readonly sopClassUID: string;
  /** `[slice]`. */
  readonly slices: readonly SliceSource[];
}

/** @throws InputRefused when frames and slices do not agree, or the grid cannot be written as DICOM planes */
export function checkReferencedVolume(volume: ReferencedVolume): void {
  const where = 'source images';
  const { grid, slices } = volume;
  checkGrid(grid, where);
  if (slices.length !== grid.slices) {
    throw new InputRefused(
      `${String(slices.length)} source frames for ${String(grid.slices)} slices`,
      where,
      'give the frame of the reference volume that each slice comes from',
    );
  }
  if (grid.frameOfReferenceUID === undefined) {
    throw new InputRefused(
      'no Frame of Reference UID',
      where,
      'results need one to be shown over the images: use a series that has it',
    );
  }
  const a = grid.affine;
  const [column, row] = spacingMm(grid);
  const cosine = (a[0] * a[1] + a[4] * a[5] + a[8] * a[9]) / (column * row);
  if (Math.abs(cosine) > RIGHT_ANGLE_TOLERANCE) {
    throw new InputRefused('rows and columns are not at a right angle', where, 'use the original images');
  }
}

/** Reference to one frame: class and instance, and the frame number where the instance holds several. */
export function frameReference(sopClassUID: string, source: SliceSource): Attributes {
  return {
    ReferencedSOPClassUID: sopClassUID,
    ReferencedSOPInstanceUID: source.sopInstanceUID,
    ...(MULTI_FRAME_CLASSES.has(sopClassUID) ? { ReferencedFrameNumber: source.frame } : {}),
  };
}

/** Item of Referenced Series Sequence: the instances of the volume, each once. */
export function referencedSeriesItem(volume: ReferencedVolume): Attributes {
  const instances = [...new Set(volume.slices.map((slice) => slice.sopInstanceUID))];
  return {
    SeriesInstanceUID: volume.seriesInstanceUID,
    ReferencedInstanceSequence: instances.map((sopInstanceUID) => ({
      ReferencedSOPClassUID: volume.sopClassUID,
      ReferencedSOPInstanceUID: sopInstanceUID,
    })),
  };
}

/** Image Position (Patient) of a slice, LPS mm. */
export function planePosition(grid: VoxelGrid, slice: number): Attributes {
  return { ImagePositionPatient: [...voxelToPatient(grid, [0, 0, slice])] };
}

/** Image Orientation (Patient): direction of increasing column index, then of increasing row index. */
export function planeOrientation(grid: VoxelGrid): Attributes {
  const a = grid.affine;
  const [column, row] = spacingMm(grid);
  return {
    ImageOrientationPatient: [
      ...[a[0], a[4], a[8]].map((component) => component / column),
      ...[a[1], a[5], a[9]].map((component) => component / row),
    ],
  };
}

/** Pixel Measures: spacing between rows, then columns; slices as far apart as they lie. */
export function pixelMeasures(grid: VoxelGrid): Attributes {
  const [column, row, slice] = spacingMm(grid);
  return { PixelSpacing: [row, column], SliceThickness: slice, SpacingBetweenSlices: slice };
}

/** Derivation Image of one frame: which frame of the source it was made from, and how. */
export function derivationImage(
  volume: ReferencedVolume,
  slice: number,
  codes: { readonly derivation: Attributes; readonly purpose: Attributes },
): Attributes {
  const source = volume.slices[slice];
  if (!source) throw new InputRefused(`no slice ${String(slice + 1)}`, 'source images', 'report this defect');
  return {
    DerivationCodeSequence: [codes.derivation],
    SourceImageSequence: [
      {
        ...frameReference(volume.sopClassUID, source),
        PurposeOfReferenceCodeSequence: [codes.purpose],
      },
    ],
  };
}
