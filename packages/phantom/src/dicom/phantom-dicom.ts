import type { DiffusionVolume } from '@myelon/diffusion';
import type { AnatomicalImage, Phantom } from '../phantom';
import { classicMRFiles, type DicomFile } from './classic-mr';
import { enhancedMRFile } from './enhanced-mr';
import { DIFFUSION_SEQUENCE, T2_SEQUENCE, type ImageSeries } from './image-series';
import { simulatedStudy, type SimulatedStudy } from './study';
import { tiledMRFiles, type Tiling } from './tiled-mr';

/**
 * `classic`: an object per slice; `enhanced`: one object; `mosaic` and `tiles`: an object per volume with all slices
 * in one image, as Siemens and United Imaging write diffusion (images without gradients stay classic).
 */
export type DicomEncoding = 'classic' | 'enhanced' | Tiling;

export interface SeriesDescription {
  readonly encoding: DicomEncoding;
  readonly description: string;
  readonly protocolName?: string;
  /** From 1. */
  readonly seriesNumber: number;
  /** Folder of the files, "dti". */
  readonly folder: string;
}

/**
 * Writes a diffusion series as MR objects: with the standard diffusion attributes (directions in LPS), or with the
 * private ones of the vendor whose tiling it is.
 * @returns one file per slice of each volume (`classic`), per volume (`mosaic`, `tiles`) or one file (`enhanced`)
 * @throws InputRefused when the grid is sheared or a value is not finite
 */
export function diffusionVolumeToDicom(
  volume: DiffusionVolume,
  study: SimulatedStudy,
  as: SeriesDescription,
): DicomFile[] {
  const series: ImageSeries = {
    description: as.description,
    protocolName: as.protocolName ?? as.description,
    seriesNumber: as.seriesNumber,
    sequence: DIFFUSION_SEQUENCE,
    grid: volume.grid,
    gradients: volume.gradients,
    values: volume.signal,
  };
  return writeSeries(series, study, as);
}

/** Writes a T2-weighted image as MR objects. See {@link diffusionVolumeToDicom}. */
export function anatomicalImageToDicom(
  image: AnatomicalImage,
  study: SimulatedStudy,
  as: SeriesDescription,
): DicomFile[] {
  const series: ImageSeries = {
    description: as.description,
    protocolName: as.protocolName ?? as.description,
    seriesNumber: as.seriesNumber,
    sequence: T2_SEQUENCE,
    grid: image.grid,
    gradients: null,
    values: image.values,
  };
  return writeSeries(series, study, as);
}

export interface PhantomDicomOptions {
  readonly encoding: DicomEncoding;
  /** What of the study is to be otherwise ("PatientID"). */
  readonly study?: Partial<SimulatedStudy>;
  /** Series to leave out, to test what happens without. */
  readonly without?: readonly ('t2-sagittal' | 't2-axial' | 'dti' | 'ivim')[];
}

/** The phantom as one DICOM study: sagittal T2, axial T2, DTI, IVIM. Same phantom, same bytes. */
export function phantomDicomFiles(phantom: Phantom, options: PhantomDicomOptions): DicomFile[] {
  const { encoding } = options;
  const study = simulatedStudy(phantom.options.seed, options.study);
  const as = (seriesNumber: number, folder: string, description: string): SeriesDescription => ({
    encoding,
    description,
    seriesNumber,
    folder,
  });
  const writers = {
    't2-sagittal': () =>
      anatomicalImageToDicom(phantom.sagittalT2, study, as(1, 't2-sagittal', phantom.sagittalT2.name)),
    't2-axial': () => anatomicalImageToDicom(phantom.axialT2, study, as(2, 't2-axial', phantom.axialT2.name)),
    dti: () => diffusionVolumeToDicom(phantom.dti, study, as(3, 'dti', phantom.dti.name)),
    ivim: () => diffusionVolumeToDicom(phantom.ivim, study, as(4, 'ivim', phantom.ivim.name)),
  };
  return Object.entries(writers).flatMap(([name, write]) =>
    options.without?.some((left) => left === name) ? [] : write(),
  );
}

function writeSeries(series: ImageSeries, study: SimulatedStudy, as: SeriesDescription): DicomFile[] {
  const { encoding, folder } = as;
  if (encoding === 'enhanced') return [enhancedMRFile(series, study, folder)];
  if (encoding === 'classic' || !series.gradients) return classicMRFiles(series, study, folder);
  return tiledMRFiles(series, series.gradients, study, { tiling: encoding, folder });
}
