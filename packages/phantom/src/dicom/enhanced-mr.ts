import { encodePart10, withVR, type Attributes } from '@myelon/dicom';
import { acquisitionTime, type DicomFile } from './classic-mr';
import { frameGroups, sharedGroups } from './functional-groups';
import { slicePlanes, storePixels, volumesIn, type ImageSeries } from './image-series';
import { studyAttributes, uidIn, type SimulatedStudy } from './study';

const ENHANCED_MR_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.4.1';

/** Dimension index: attribute and the functional group that holds it (PS3.3 C.7.6.17). */
const FRAME_CONTENT = 0x00209111;
const DIMENSIONS = [
  { pointer: 0x00209056, label: 'Stack ID' },
  { pointer: 0x00209057, label: 'In-Stack Position' },
  { pointer: 0x00209128, label: 'Temporal Position' },
] as const;

/** Writes a series as one Enhanced MR object: a frame per slice of each volume, volume after volume. */
export function enhancedMRFile(series: ImageSeries, study: SimulatedStudy, folder: string): DicomFile {
  const pixels = storePixels(series.values, series.description);
  const planes = slicePlanes(series.grid, series.description);
  const volumes = [...Array(volumesIn(series)).keys()];
  const bytes = encodePart10({
    ...studyAttributes(study),
    ...seriesModules(series, study),
    ...enhancedImageModule(series, study),
    ...pulseSequenceModule(series),
    ...dimensions(series, study),
    NumberOfFrames: volumes.length * series.grid.slices,
    SharedFunctionalGroupsSequence: [sharedGroups(series, planes, pixels)],
    PerFrameFunctionalGroupsSequence: volumes.flatMap((volume) =>
      planes.positions.map((position, slice) => frameGroups(series, study, { volume, slice, position })),
    ),
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: series.grid.rows,
    Columns: series.grid.columns,
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 0,
    PixelData: withVR('OW', pixels.stored),
  });
  return { path: `${folder}/0001.dcm`, bytes };
}

function seriesModules(series: ImageSeries, study: SimulatedStudy): Attributes {
  return {
    SOPClassUID: ENHANCED_MR_IMAGE_STORAGE,
    SOPInstanceUID: uidIn(study, `series ${String(series.seriesNumber)} enhanced`),
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
    AcquisitionContextSequence: [],
    InstanceNumber: 1,
    ContentDate: study.studyDate,
    ContentTime: acquisitionTime(series, study, 0),
  };
}

function enhancedImageModule(series: ImageSeries, study: SimulatedStudy): Attributes {
  const contrast = series.sequence.kind === 'diffusion' ? 'DIFFUSION' : 'T2';
  const lengthMs = volumesIn(series) * series.sequence.repetitionTimeMs;
  return {
    ImageType: ['ORIGINAL', 'PRIMARY', contrast, 'NONE'],
    AcquisitionNumber: 1,
    AcquisitionDateTime: `${study.studyDate}${acquisitionTime(series, study, 0)}`,
    AcquisitionDuration: lengthMs / 1000,
    ContentQualification: 'RESEARCH',
    ResonantNucleus: '1H',
    KSpaceFiltering: 'NONE',
    MagneticFieldStrength: 3,
    ApplicableSafetyStandardAgency: 'IEC',
    BurnedInAnnotation: 'NO',
    LossyImageCompression: '00',
    PresentationLUTShape: 'IDENTITY',
    PixelPresentation: 'MONOCHROME',
    VolumetricProperties: 'VOLUME',
    VolumeBasedCalculationTechnique: 'NONE',
    ComplexImageComponent: 'MAGNITUDE',
    AcquisitionContrast: contrast,
  };
}

function pulseSequenceModule({ sequence }: ImageSeries): Attributes {
  const diffusion = sequence.kind === 'diffusion';
  return {
    PulseSequenceName: diffusion ? 'ep_b' : 'tse2d',
    MRAcquisitionType: '2D',
    OversamplingPhase: 'NONE',
    EchoPulseSequence: 'SPIN',
    MultipleSpinEcho: 'NO',
    MultiPlanarExcitation: 'NO',
    PhaseContrast: 'NO',
    TimeOfFlightContrast: 'NO',
    SteadyStatePulseSequence: 'NONE',
    EchoPlanarPulseSequence: diffusion ? 'YES' : 'NO',
    SaturationRecovery: 'NO',
    SpectrallySelectedSuppression: diffusion ? 'FAT' : 'NONE',
    GeometryOfKSpaceTraversal: 'RECTILINEAR',
    SegmentedKSpaceTraversal: diffusion ? 'SINGLE' : 'PARTIAL',
    RectilinearPhaseEncodeReordering: 'LINEAR',
    NumberOfKSpaceTrajectories: 1,
  };
}

function dimensions(series: ImageSeries, study: SimulatedStudy): Attributes {
  const uid = uidIn(study, `series ${String(series.seriesNumber)} dimensions`);
  return {
    DimensionOrganizationSequence: [{ DimensionOrganizationUID: uid }],
    DimensionIndexSequence: DIMENSIONS.map(({ pointer, label }) => ({
      DimensionOrganizationUID: uid,
      DimensionIndexPointer: pointer,
      FunctionalGroupPointer: FRAME_CONTENT,
      DimensionDescriptionLabel: label,
    })),
  };
}
