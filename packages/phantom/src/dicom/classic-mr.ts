import { encodePart10, withVR, type Attributes } from '@myelon/dicom';
import { slicePlanes, storePixels, volumesIn, type ImageSeries } from './image-series';
import { studyAttributes, timeInStudy, uidIn, type SimulatedStudy } from './study';

export const MR_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.4';

/** A file of a study. */
export interface DicomFile {
  /** Relative, with forward slashes. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Writes a series as MR Image Storage, one object per slice of each volume, volume after volume. */
export function classicMRFiles(series: ImageSeries, study: SimulatedStudy, folder: string): DicomFile[] {
  const { grid, gradients } = series;
  const pixels = storePixels(series.values, series.description);
  const planes = slicePlanes(grid, series.description);
  const shared = {
    ...studyAttributes(study),
    ...classicSeriesAttributes(series, study),
    ...pixelModule(grid),
  };
  const perSlice = grid.columns * grid.rows;
  const files: DicomFile[] = [];
  for (let volume = 0; volume < volumesIn(series); volume++) {
    planes.positions.forEach((position, slice) => {
      const instance = volume * grid.slices + slice;
      const at = instance * perSlice;
      const bytes = encodePart10({
        ...shared,
        SOPInstanceUID: uidIn(study, `series ${String(series.seriesNumber)} image ${String(instance)}`),
        InstanceNumber: instance + 1,
        AcquisitionNumber: volume + 1,
        AcquisitionDate: study.studyDate,
        AcquisitionTime: acquisitionTime(series, study, volume),
        ContentDate: study.studyDate,
        ContentTime: acquisitionTime(series, study, volume),
        ImagePositionPatient: [...position],
        ImageOrientationPatient: planes.orientation,
        PixelSpacing: [...planes.pixelSpacing],
        SliceThickness: planes.sliceSpacing,
        SpacingBetweenSlices: planes.sliceSpacing,
        SliceLocation: slice * planes.sliceSpacing,
        WindowCenter: pixels.windowCentre,
        WindowWidth: pixels.windowWidth,
        ...(pixels.slope === 1 && pixels.intercept === 0
          ? {}
          : { RescaleIntercept: pixels.intercept, RescaleSlope: pixels.slope, RescaleType: 'US' }),
        ...(gradients ? diffusionAttributes(gradients.bValue(volume), gradients.direction(volume)) : {}),
        PixelData: withVR('OW', pixels.stored.subarray(at, at + perSlice)),
      });
      files.push({ path: `${folder}/${String(instance + 1).padStart(4, '0')}.dcm`, bytes });
    });
  }
  return files;
}

/** When a volume was acquired, HHMMSS: series follow each other, volumes take one repetition. */
export function acquisitionTime(series: ImageSeries, study: SimulatedStudy, volume: number): string {
  const seconds = 600 * (series.seriesNumber - 1) + (volume * series.sequence.repetitionTimeMs) / 1000;
  return timeInStudy(study, seconds);
}

/** The standard diffusion attributes as vendors put them into classic objects (top level, LPS). */
function diffusionAttributes(bValue: number, direction: readonly number[]): Attributes {
  const directional = direction.some((component) => component !== 0);
  return {
    DiffusionBValue: bValue,
    DiffusionDirectionality: directional ? 'DIRECTIONAL' : bValue === 0 ? 'NONE' : 'ISOTROPIC',
    ...(directional ? { DiffusionGradientOrientation: [...direction] } : {}),
  };
}

/** Series, frame of reference and MR image modules of a classic object. */
export function classicSeriesAttributes(series: ImageSeries, study: SimulatedStudy): Attributes {
  const { sequence } = series;
  const diffusion = sequence.kind === 'diffusion';
  return {
    SOPClassUID: MR_IMAGE_STORAGE,
    Modality: 'MR',
    SeriesInstanceUID: uidIn(study, `series ${String(series.seriesNumber)}`),
    SeriesNumber: series.seriesNumber,
    SeriesDescription: series.description,
    ProtocolName: series.protocolName,
    SeriesDate: study.studyDate,
    SeriesTime: acquisitionTime(series, study, 0),
    BodyPartExamined: 'CSPINE',
    PatientPosition: study.patientPosition,
    FrameOfReferenceUID: series.grid.frameOfReferenceUID ?? uidIn(study, 'frame of reference'),
    PositionReferenceIndicator: null,
    ImageType: diffusion ? ['ORIGINAL', 'PRIMARY', 'DIFFUSION', 'NONE'] : ['ORIGINAL', 'PRIMARY', 'OTHER'],
    ScanningSequence: diffusion ? ['SE', 'EP'] : ['SE'],
    SequenceVariant: 'SK',
    ScanOptions: null,
    MRAcquisitionType: '2D',
    SequenceName: diffusion ? 'ep_b' : 'tse2d',
    RepetitionTime: sequence.repetitionTimeMs,
    EchoTime: sequence.echoTimeMs,
    EchoTrainLength: sequence.echoTrainLength,
    NumberOfAverages: 1,
    MagneticFieldStrength: 3,
    ImagingFrequency: 123.2,
    ImagedNucleus: '1H',
    FlipAngle: 90,
  };
}

/** Image pixel module for 16 bits unsigned. */
export function pixelModule({
  rows,
  columns,
}: {
  readonly rows: number;
  readonly columns: number;
}): Attributes {
  return {
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: rows,
    Columns: columns,
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 0,
  };
}
