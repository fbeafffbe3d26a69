import { codeItem } from '../codes/code';
import { CONCEPTS, UNITS, VALUES } from '../codes/concepts';
import { FITTING_CODES, MODEL_CODES, QUANTITY_CODING, type ReportedQuantity } from '../codes/quantities';
import { MODEL_OF } from '../structured-report/content';
import type { Attributes } from '../write/attributes';
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
import { PARAMETRIC_MAP_STORAGE, checkParametricMap, type ParametricMapContent } from './content';

const IMAGE_TYPE = ['DERIVED', 'PRIMARY', 'VOLUME', 'QUANTITY'];
const IMAGE_POSITION_PATIENT = 0x00200032;
const PLANE_POSITION_SEQUENCE = 0x00209113;

/**
 * Encodes one map as a Parametric Map with 32-bit float pixels, frames in the slice order of the source volume,
 * values as people read them (10^-6 mm2/s, percent) with their unit in the real world value mapping.
 *
 * @returns a Part 10 file
 * @throws InputRefused for a map of another grid, of a quantity without unit, or with values that are not finite
 * @see PS3.3 A.75, C.8.23
 */
export function writeParametricMap(content: ParametricMapContent): Uint8Array {
  const quantity = checkParametricMap(content);
  const { source, map } = content;
  const { factor, label } = QUANTITY_CODING[quantity];
  const values = Float32Array.from(map.values, (value) => value * factor);
  const organization = newUID();
  return encodePart10({
    ...derivedObjectAttributes(content, {
      sopClassUID: PARAMETRIC_MAP_STORAGE,
      modality: 'MR',
      contribution: `Computed the ${label} map`,
    }),
    ...imageAttributes(content, quantity),
    FrameOfReferenceUID: source.grid.frameOfReferenceUID,
    PositionReferenceIndicator: null,
    ReferencedSeriesSequence: [referencedSeriesItem(source)],
    AcquisitionContextSequence: [],
    DimensionOrganizationSequence: [{ DimensionOrganizationUID: organization }],
    DimensionIndexSequence: [
      {
        DimensionOrganizationUID: organization,
        DimensionIndexPointer: IMAGE_POSITION_PATIENT,
        FunctionalGroupPointer: PLANE_POSITION_SEQUENCE,
        DimensionDescriptionLabel: 'Slice position',
      },
    ],
    SharedFunctionalGroupsSequence: [sharedGroups(content, quantity, values)],
    PerFrameFunctionalGroupsSequence: source.slices.map((_, slice) => ({
      FrameContentSequence: [{ DimensionIndexValues: [slice + 1] }],
      PlanePositionSequence: [planePosition(source.grid, slice)],
      DerivationImageSequence: [
        derivationImage(source, slice, {
          derivation: codeItem(VALUES.diffusionAnalysis),
          purpose: codeItem(VALUES.sourceImage),
        }),
      ],
    })),
    FloatPixelData: values,
  });
}

function imageAttributes({ source }: ParametricMapContent, quantity: ReportedQuantity): Attributes {
  const { concept, label } = QUANTITY_CODING[quantity];
  return {
    ImageType: IMAGE_TYPE,
    ContentLabel: label.toUpperCase().replace(/[^A-Z0-9 ]/g, ' STAR'),
    ContentDescription: concept.meaning,
    ContentCreatorName: null,
    ContentQualification: 'RESEARCH',
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: source.grid.rows,
    Columns: source.grid.columns,
    NumberOfFrames: source.grid.slices,
    BitsAllocated: 32,
    BurnedInAnnotation: 'NO',
    RecognizableVisualFeatures: 'NO',
    LossyImageCompression: '00',
    PresentationLUTShape: 'IDENTITY',
  };
}

function sharedGroups(
  { source, use }: ParametricMapContent,
  quantity: ReportedQuantity,
  values: Float32Array,
): Attributes {
  const { low, high } = rangeOf(values);
  const { unit, label, concept } = QUANTITY_CODING[quantity];
  return {
    PlaneOrientationSequence: [planeOrientation(source.grid)],
    PixelMeasuresSequence: [pixelMeasures(source.grid)],
    FrameAnatomySequence: [{ FrameLaterality: 'U', AnatomicRegionSequence: [codeItem(VALUES.spinalCord)] }],
    PixelValueTransformationSequence: [{ RescaleIntercept: 0, RescaleSlope: 1, RescaleType: 'US' }],
    FrameVOILUTSequence: [
      {
        WindowCenter: (low + high) / 2,
        WindowWidth: Math.max(high - low, 1e-6),
        // A linear window may not be narrower than 1; FA and f often are.
        VOILUTFunction: 'LINEAR_EXACT',
      },
    ],
    ParametricMapFrameTypeSequence: [{ FrameType: IMAGE_TYPE }],
    RealWorldValueMappingSequence: [
      {
        LUTLabel: label,
        LUTExplanation: concept.meaning,
        MeasurementUnitsCodeSequence: [codeItem(unit)],
        RealWorldValueSlope: 1,
        RealWorldValueIntercept: 0,
        DoubleFloatRealWorldValueFirstValueMapped: low,
        DoubleFloatRealWorldValueLastValueMapped: high,
        QuantityDefinitionSequence: quantityDefinition(quantity, use),
      },
    ],
  };
}

function rangeOf(values: Float32Array): { low: number; high: number } {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return { low, high };
}

/** What the numbers are: quantity, model, fit and the b-values that went in. */
function quantityDefinition(quantity: ReportedQuantity, use: ParametricMapContent['use']): Attributes[] {
  const coded = (name: Attributes, value: Attributes): Attributes => ({
    ValueType: 'CODE',
    ConceptNameCodeSequence: [name],
    ConceptCodeSequence: [value],
  });
  return [
    coded(codeItem(CONCEPTS.quantity), codeItem(QUANTITY_CODING[quantity].concept)),
    coded(codeItem(CONCEPTS.measurementMethod), codeItem(MODEL_CODES[MODEL_OF[quantity]])),
    coded(codeItem(CONCEPTS.fittingMethod), codeItem(FITTING_CODES[use.fitting])),
    ...use.bValues.map((bValue) => ({
      ValueType: 'NUMERIC',
      ConceptNameCodeSequence: [codeItem(CONCEPTS.bValue)],
      NumericValue: bValue,
      MeasurementUnitsCodeSequence: [codeItem(UNITS.secondPerMm2)],
    })),
  ];
}
