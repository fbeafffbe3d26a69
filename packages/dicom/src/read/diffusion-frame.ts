import type { SliceSource } from '@myelon/diffusion';
import type { PixelFormat } from '../dataset/pixel-format';
import type { GradientReading } from './gradients/gradient-reading';
import type { ImagePlane } from './image-plane';

/** Where one slice's pixels are and what they mean: signal = stored x slope + intercept. */
export interface FrameScaling extends SliceSource {
  readonly seriesInstanceUID: string;
  readonly slope: number;
  readonly intercept: number;
  /** Layout of the whole stored frame. */
  readonly pixelFormat: PixelFormat;
  /** First column and row of the slice inside the stored frame; 0, 0 unless slices are tiled in one frame. */
  readonly tile: { readonly column: number; readonly row: number };
}

/** One slice of one volume, as its header describes it, before sorting. */
export interface DiffusionFrame extends FrameScaling {
  readonly plane: ImagePlane;
  /** Size of the slice; smaller than the stored frame when slices are tiled. */
  readonly columns: number;
  readonly rows: number;
  readonly frameOfReferenceUID: string | undefined;
  /** Undefined when the header holds no diffusion weighting. */
  readonly gradient: GradientReading | undefined;
  /** What the scanner says about which volume this is: the object or series, then numbers that sort volumes. */
  readonly volumeKey: readonly (number | string)[] | undefined;
  /** Acquisition order within the series: instance number, acquisition number, time, frame. */
  readonly order: readonly number[];
  /** Distance between slices as the header gives it; used for a single slice only. */
  readonly sliceSpacingMm: number | undefined;
  /** ms; undefined when the header does not say. */
  readonly echoTimeMs: number | undefined;
  readonly repetitionTimeMs: number | undefined;
  /** "series 7, image 12", for refusals. */
  readonly name: string;
}

/** Something of the input that is not in the result, and why. */
export interface LeftOut {
  readonly what: string;
  readonly why: string;
}
