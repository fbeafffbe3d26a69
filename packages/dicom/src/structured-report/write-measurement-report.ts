import { values } from '../dataset/access';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { codeItem, type Code } from '../codes/code';
import { CONCEPTS, VALUES } from '../codes/concepts';
import { MYELON_CODES } from '../codes/myelon-scheme';
import { SEGMENTATION_STORAGE } from '../segmentation/content';
import type { Attributes } from '../write/attributes';
import { derivedObjectAttributes } from '../write/derived-object';
import { encodePart10 } from '../write/encode';
import { dicomInstant } from '../write/instant';
import {
  COMPREHENSIVE_3D_SR,
  checkReport,
  type MeasurementReportContent,
  type ReportRegion,
  type SourceSeries,
} from './content';
import {
  codedItem,
  container,
  contains,
  imageItem,
  modifiedBy,
  personItem,
  related,
  textItem,
  uidItem,
  type ContentItem,
} from './content-items';
import { measurementGroup } from './measurement-group';
import { conclusionItems } from './prognosis-items';
import { sliceGroup } from './slice-group';

/**
 * Encodes the measurements of the cord as a Comprehensive 3D SR by template TID 1500: one TID 1411 group per region,
 * linked to the segmentation by tracking identifiers, and the statement with its limits in the conclusion.
 *
 * @returns a Part 10 file
 * @throws InputRefused when the content contradicts itself, or a text does not fit
 * @see PS3.16 TID 1500, 1411, 1419, 4019
 */
export function writeMeasurementReport(content: MeasurementReportContent): Uint8Array {
  checkReport(content);
  return encodePart10({
    ...derivedObjectAttributes(content, {
      sopClassUID: COMPREHENSIVE_3D_SR,
      modality: 'SR',
      contribution: 'Measured diffusion in the spinal cord',
    }),
    ReferencedPerformedProcedureStepSequence: [],
    PerformedProcedureCodeSequence: [],
    ...stateAttributes(content),
    CurrentRequestedProcedureEvidenceSequence: [evidence(content)],
    ValueType: 'CONTAINER',
    ConceptNameCodeSequence: [codeItem(CONCEPTS.imagingMeasurementReport)],
    ContinuityOfContent: 'SEPARATE',
    ContentTemplateSequence: [{ MappingResource: 'DCMR', TemplateIdentifier: '1500' }],
    ContentSequence: rootItems(content),
  });
}

function rootItems(content: MeasurementReportContent): Attributes[] {
  return [
    ...modifiedBy(codedItem(CONCEPTS.language, VALUES.englishUnitedStates)),
    ...related('HAS OBS CONTEXT', ...deviceObserver(content), ...personObserver(content)),
    ...modifiedBy(...proceduresReported(content)),
    ...contains(
      container(CONCEPTS.imageLibrary, contains(...content.sources.map(imageLibraryGroup))),
      container(
        CONCEPTS.imagingMeasurements,
        contains(
          ...judgedRegionFirst(content).map((region) => measurementGroup(region, content)),
          ...(content.slices ?? []).map((slice) => sliceGroup(slice, content)),
        ),
      ),
      container(
        CONCEPTS.qualitativeEvaluations,
        contains(...conclusionItems(content.prognosis, content.warnings), ...qualityItems(content)),
      ),
    ),
  ];
}

function qualityItems({ quality = [] }: MeasurementReportContent): ContentItem[] {
  return quality.map((line) => textItem(MYELON_CODES.quality, line));
}

/** Table views take their columns from the first group, so the group with most items leads. */
function judgedRegionFirst({ regions, prognosis }: MeasurementReportContent): ReportRegion[] {
  const judged = (region: ReportRegion) => prognosis.kind === 'statement' && region.id === prognosis.regionId;
  return [...regions.filter(judged), ...regions.filter((region) => !judged(region))];
}

function deviceObserver({ device }: MeasurementReportContent): ContentItem[] {
  return [
    codedItem(CONCEPTS.observerType, CONCEPTS.device),
    uidItem(CONCEPTS.deviceObserverUID, device.deviceUID),
    textItem(CONCEPTS.deviceObserverName, device.name ?? device.modelName),
    textItem(CONCEPTS.deviceObserverManufacturer, device.manufacturer),
    textItem(CONCEPTS.deviceObserverModel, device.modelName),
    textItem(CONCEPTS.deviceObserverSerialNumber, device.serialNumber),
  ];
}

function personObserver({ reader }: MeasurementReportContent): ContentItem[] {
  if (!reader) return [];
  return [
    codedItem(CONCEPTS.observerType, CONCEPTS.person),
    personItem(CONCEPTS.personObserverName, reader.name),
    ...(reader.organization === undefined
      ? []
      : [textItem(CONCEPTS.personObserverOrganization, reader.organization)]),
  ];
}

/** Procedure codes of the source study where they are whole, else the general one. */
function proceduresReported({ context }: MeasurementReportContent): ContentItem[] {
  const codes = context.procedureCodes.flatMap((item) => completeCode(item) ?? []);
  return (codes.length > 0 ? codes : [VALUES.multiparametricMR]).map((procedure) =>
    codedItem(CONCEPTS.procedureReported, procedure),
  );
}

function completeCode(item: DicomJsonDataset): Code | null {
  const text = (tag: string) => {
    const value = values(item, tag)[0];
    return typeof value === 'string' ? value.trim() : '';
  };
  const [value, scheme, meaning] = [text('00080100'), text('00080102'), text('00080104')];
  return value === '' || scheme === '' || meaning === '' ? null : { value, scheme, meaning };
}

function imageLibraryGroup(series: SourceSeries): ContentItem {
  return container(CONCEPTS.imageLibraryGroup, [
    ...related(
      'HAS ACQ CONTEXT',
      codedItem(CONCEPTS.modality, VALUES.magneticResonance),
      codedItem(CONCEPTS.targetRegion, VALUES.cervicalSpine),
    ),
    ...contains(
      ...series.sopInstanceUIDs.map((sopInstanceUID) =>
        imageItem(null, {
          ReferencedSOPClassUID: series.sopClassUID,
          ReferencedSOPInstanceUID: sopInstanceUID,
        }),
      ),
    ),
  ]);
}

/** Every instance the tree refers to: sources and segmentation, one item per series. */
function evidence(content: MeasurementReportContent): Attributes {
  const segmentation: SourceSeries = {
    seriesInstanceUID: content.segmentation.seriesInstanceUID,
    sopClassUID: SEGMENTATION_STORAGE,
    sopInstanceUIDs: [content.segmentation.sopInstanceUID],
  };
  return {
    StudyInstanceUID: content.context.studyInstanceUID,
    ReferencedSeriesSequence: [...content.sources, segmentation].map((series) => ({
      SeriesInstanceUID: series.seriesInstanceUID,
      ReferencedSOPSequence: series.sopInstanceUIDs.map((sopInstanceUID) => ({
        ReferencedSOPClassUID: series.sopClassUID,
        ReferencedSOPInstanceUID: sopInstanceUID,
      })),
    })),
  };
}

function stateAttributes({ state, context }: MeasurementReportContent): Attributes {
  if (state.kind === 'draft') {
    return {
      CompletionFlag: state.complete ? 'COMPLETE' : 'PARTIAL',
      PreliminaryFlag: 'PRELIMINARY',
      VerificationFlag: 'UNVERIFIED',
    };
  }
  const { predecessor } = state;
  return {
    CompletionFlag: 'COMPLETE',
    PreliminaryFlag: 'FINAL',
    VerificationFlag: 'VERIFIED',
    VerifyingObserverSequence: [
      {
        VerifyingObserverName: state.by,
        VerifyingOrganization: state.organization,
        VerificationDateTime: dicomInstant(state.at, context.timezoneOffset).dateTime,
        VerifyingObserverIdentificationCodeSequence: [],
      },
    ],
    PredecessorDocumentsSequence: predecessor && [
      {
        StudyInstanceUID: context.studyInstanceUID,
        ReferencedSeriesSequence: [
          {
            SeriesInstanceUID: predecessor.seriesInstanceUID,
            ReferencedSOPSequence: [
              {
                ReferencedSOPClassUID: COMPREHENSIVE_3D_SR,
                ReferencedSOPInstanceUID: predecessor.sopInstanceUID,
              },
            ],
          },
        ],
      },
    ],
  };
}
