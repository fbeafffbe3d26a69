import { InputRefused } from '@myelon/diffusion';
import { values } from '../dataset/access';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { codeItem, type Code } from '../codes/code';
import { CONCEPTS, VALUES } from '../codes/concepts';
import type { Attributes, PersonName } from '../write/attributes';
import { derivedObjectAttributes, type DerivedObject } from '../write/derived-object';
import { encodePart10 } from '../write/encode';
import {
  codedItem,
  modifiedBy,
  personItem,
  related,
  textItem,
  uidItem,
  type ContentItem,
} from './content-items';
import { evidence, type SourceSeries } from './evidence';
import { stateAttributes, type ReportState } from './report-state';

/** SOP classes a report can be written as; older archives know only the second or third. */
export const REPORT_CLASSES = {
  'comprehensive-3d': '1.2.840.10008.5.1.4.1.1.88.34',
  comprehensive: '1.2.840.10008.5.1.4.1.1.88.33',
  enhanced: '1.2.840.10008.5.1.4.1.1.88.22',
} as const;
export type ReportClass = keyof typeof REPORT_CLASSES;
export const COMPREHENSIVE_3D_SR = REPORT_CLASSES['comprehensive-3d'];

/** What every report by template TID 1500 says of itself. */
export interface ReportDocument extends DerivedObject {
  readonly state: ReportState;
  readonly reader?: { readonly name: string | PersonName; readonly organization?: string };
  readonly sources: readonly SourceSeries[];
  /** Comprehensive 3D unless said otherwise. */
  readonly reportClass?: ReportClass;
}

/** @throws InputRefused when it lacks what a report must have */
export function checkDocument({ sources }: ReportDocument): void {
  if (sources.length === 0 || sources.some((series) => series.sopInstanceUIDs.length === 0))
    throw new InputRefused('no source images', 'report', 'name the images the values come from');
}

export const reportClassUID = ({ reportClass = 'comprehensive-3d' }: ReportDocument): string =>
  REPORT_CLASSES[reportClass];

/**
 * A report by template TID 1500 with this content after language, observers and procedure.
 * @param body items below the root, with their relationships
 * @param others series the content refers to besides the sources
 * @returns a Part 10 file
 */
export function encodeReport(
  document: ReportDocument,
  contribution: string,
  body: readonly Attributes[],
  others: readonly SourceSeries[] = [],
): Uint8Array {
  const sopClassUID = reportClassUID(document);
  const content = [...heading(document), ...body];
  return encodePart10({
    ...derivedObjectAttributes(document, { sopClassUID, modality: 'SR', contribution }),
    ReferencedPerformedProcedureStepSequence: [],
    PerformedProcedureCodeSequence: [],
    ...stateAttributes(document.state, document.context, sopClassUID),
    ...evidence(document.context.studyInstanceUID, [...document.sources, ...others], content),
    ValueType: 'CONTAINER',
    ConceptNameCodeSequence: [codeItem(CONCEPTS.imagingMeasurementReport)],
    ContinuityOfContent: 'SEPARATE',
    ContentTemplateSequence: [{ MappingResource: 'DCMR', TemplateIdentifier: '1500' }],
    ContentSequence: content,
  });
}

function heading(document: ReportDocument): Attributes[] {
  return [
    ...modifiedBy(codedItem(CONCEPTS.language, VALUES.englishUnitedStates)),
    ...related('HAS OBS CONTEXT', ...deviceObserver(document), ...personObserver(document)),
    ...modifiedBy(...proceduresReported(document)),
  ];
}

function deviceObserver({ device }: ReportDocument): ContentItem[] {
  return [
    codedItem(CONCEPTS.observerType, CONCEPTS.device),
    uidItem(CONCEPTS.deviceObserverUID, device.deviceUID),
    textItem(CONCEPTS.deviceObserverName, device.name ?? device.modelName),
    textItem(CONCEPTS.deviceObserverManufacturer, device.manufacturer),
    textItem(CONCEPTS.deviceObserverModel, device.modelName),
    textItem(CONCEPTS.deviceObserverSerialNumber, device.serialNumber),
  ];
}

function personObserver({ reader }: ReportDocument): ContentItem[] {
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
function proceduresReported({ context }: ReportDocument): ContentItem[] {
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
