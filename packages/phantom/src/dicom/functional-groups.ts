import type { Attributes } from '@myelon/dicom';
import type { Vector3 } from '@myelon/diffusion';
import { acquisitionTime } from './classic-mr';
import type { ImageSeries, SlicePlanes, StoredPixels } from './image-series';
import type { SimulatedStudy } from './study';

/** Functional groups that hold for every frame (PS3.3 C.7.6.16.2 and C.8.13.5). */
export function sharedGroups(series: ImageSeries, planes: SlicePlanes, pixels: StoredPixels): Attributes {
  return {
    PixelMeasuresSequence: [
      {
        PixelSpacing: [...planes.pixelSpacing],
        SliceThickness: planes.sliceSpacing,
        SpacingBetweenSlices: planes.sliceSpacing,
      },
    ],
    PlaneOrientationSequence: [{ ImageOrientationPatient: planes.orientation }],
    FrameAnatomySequence: [
      {
        FrameLaterality: 'U',
        AnatomicRegionSequence: [
          { CodeValue: '122494006', CodingSchemeDesignator: 'SCT', CodeMeaning: 'Cervical spine' },
        ],
      },
    ],
    PixelValueTransformationSequence: [
      { RescaleIntercept: pixels.intercept, RescaleSlope: pixels.slope, RescaleType: 'US' },
    ],
    FrameVOILUTSequence: [{ WindowCenter: pixels.windowCentre, WindowWidth: pixels.windowWidth }],
    ...frameType(series),
    ...acquisitionGroups(series),
    ...modifierGroups(series),
    ...coilGroups(),
  };
}

/** Functional groups of one frame. */
export function frameGroups(
  series: ImageSeries,
  study: SimulatedStudy,
  { volume, slice, position }: { volume: number; slice: number; position: Vector3 },
): Attributes {
  const time = `${study.studyDate}${acquisitionTime(series, study, volume)}`;
  const { gradients } = series;
  return {
    FrameContentSequence: [
      {
        FrameAcquisitionNumber: 1,
        FrameReferenceDateTime: time,
        FrameAcquisitionDateTime: time,
        FrameAcquisitionDuration: series.sequence.repetitionTimeMs / series.grid.slices,
        StackID: '1',
        InStackPositionNumber: slice + 1,
        TemporalPositionIndex: volume + 1,
        DimensionIndexValues: [1, slice + 1, volume + 1],
      },
    ],
    PlanePositionSequence: [{ ImagePositionPatient: [...position] }],
    ...(gradients ? diffusionGroup(gradients.bValue(volume), gradients.direction(volume)) : {}),
  };
}

function diffusionGroup(bValue: number, direction: readonly number[]): Attributes {
  const directional = direction.some((component) => component !== 0);
  return {
    MRDiffusionSequence: [
      {
        DiffusionBValue: bValue,
        DiffusionDirectionality: directional ? 'DIRECTIONAL' : bValue === 0 ? 'NONE' : 'ISOTROPIC',
        ...(directional
          ? { DiffusionGradientDirectionSequence: [{ DiffusionGradientOrientation: [...direction] }] }
          : {}),
      },
    ],
  };
}

function frameType({ sequence }: ImageSeries): Attributes {
  const contrast = sequence.kind === 'diffusion' ? 'DIFFUSION' : 'T2';
  return {
    MRImageFrameTypeSequence: [
      {
        FrameType: ['ORIGINAL', 'PRIMARY', contrast, 'NONE'],
        PixelPresentation: 'MONOCHROME',
        VolumetricProperties: 'VOLUME',
        VolumeBasedCalculationTechnique: 'NONE',
        ComplexImageComponent: 'MAGNITUDE',
        AcquisitionContrast: contrast,
      },
    ],
  };
}

function acquisitionGroups({ grid, sequence }: ImageSeries): Attributes {
  const diffusion = sequence.kind === 'diffusion';
  return {
    MRTimingAndRelatedParametersSequence: [
      {
        RepetitionTime: sequence.repetitionTimeMs,
        FlipAngle: 90,
        EchoTrainLength: sequence.echoTrainLength,
        RFEchoTrainLength: diffusion ? 1 : sequence.echoTrainLength,
        GradientEchoTrainLength: diffusion ? grid.rows : 0,
        SpecificAbsorptionRateSequence: [
          { SpecificAbsorptionRateDefinition: 'IEC_WHOLE_BODY', SpecificAbsorptionRateValue: 0.5 },
        ],
        GradientOutputType: 'DB_DT',
        GradientOutput: 50,
        OperatingModeSequence: [
          { OperatingModeType: 'STATIC FIELD', OperatingMode: 'IEC_NORMAL' },
          { OperatingModeType: 'RF', OperatingMode: 'IEC_NORMAL' },
          { OperatingModeType: 'GRADIENT', OperatingMode: 'IEC_NORMAL' },
        ],
      },
    ],
    MRFOVGeometrySequence: [
      {
        InPlanePhaseEncodingDirection: 'COLUMN',
        MRAcquisitionFrequencyEncodingSteps: grid.columns,
        MRAcquisitionPhaseEncodingStepsInPlane: grid.rows,
        PercentSampling: 100,
        PercentPhaseFieldOfView: 100,
      },
    ],
    MREchoSequence: [{ EffectiveEchoTime: sequence.echoTimeMs }],
    MRAveragesSequence: [{ NumberOfAverages: 1 }],
  };
}

function modifierGroups({ sequence }: ImageSeries): Attributes {
  const diffusion = sequence.kind === 'diffusion';
  return {
    MRModifierSequence: [
      {
        InversionRecovery: 'NO',
        FlowCompensation: 'NONE',
        Spoiling: 'NONE',
        T2Preparation: 'NO',
        SpectrallySelectedExcitation: 'NONE',
        SpatialPresaturation: 'NONE',
        PartialFourier: 'NO',
        ParallelAcquisition: 'NO',
      },
    ],
    MRImagingModifierSequence: [
      {
        MagnetizationTransfer: 'NONE',
        BloodSignalNulling: 'NO',
        Tagging: 'NONE',
        TransmitterFrequency: 123.2,
        PixelBandwidth: diffusion ? 1200 : 200,
      },
    ],
  };
}

function coilGroups(): Attributes {
  return {
    MRReceiveCoilSequence: [
      {
        ReceiveCoilName: 'NECK',
        ReceiveCoilManufacturerName: null,
        ReceiveCoilType: 'MULTICOIL',
        QuadratureReceiveCoil: 'NO',
        MultiCoilDefinitionSequence: [{ MultiCoilElementName: 'NECK', MultiCoilElementUsed: 'YES' }],
      },
    ],
    MRTransmitCoilSequence: [
      { TransmitCoilName: 'BODY', TransmitCoilManufacturerName: null, TransmitCoilType: 'BODY' },
    ],
  };
}
