import {
  newUID,
  REPORT_CLASSES,
  writeMeasurementReport,
  writeMjoaReport,
  type MeasurementReportContent,
  type Predecessor,
  type ReportClass,
  type ReportRegion,
  type ReportSlice,
  type ReportState,
} from '@myelon/dicom';
import { EMPTY_CLINICAL_FORM, type ClinicalForm } from '@myelon/prognosis';
import type { AnalysisRecord } from '../analysis-record';
import { newIdentity, outgoing, SERIES_NUMBERS, type OutgoingObject } from './outgoing';

/**
 * Groups in one report. The template validator (PixelMed) keeps some 6 MB for every item it looks at, so that a report
 * of everything cannot be validated on an ordinary machine: what is many goes into several reports.
 */
const LEVELS_PER_REPORT = 3;
const SLICES_PER_REPORT = 6;

export const reportClassUID = (reportClass: ReportClass = 'comprehensive-3d'): string =>
  REPORT_CLASSES[reportClass];

/** Levels: mean, spread and shape. */
export function levelReports(
  content: MeasurementReportContent,
  levels: readonly ReportRegion[],
): OutgoingObject[] {
  return inParts(levels, LEVELS_PER_REPORT).map((regions, index) => {
    const made = newIdentity(
      SERIES_NUMBERS.levels + index,
      named('Myelon cord diffusion, level by level', index),
    );
    const part = { ...withoutStatement(content, LEVELS_ONLY), identity: made, regions };
    const bytes = writeMeasurementReport({ ...part, statistics: ['mean', 'sd'] });
    return outgoing(reportClassUID(content.reportClass), made, bytes);
  });
}

/** Single slices: mean and spread. */
export function sliceReports(
  content: MeasurementReportContent,
  slices: readonly ReportSlice[],
): OutgoingObject[] {
  return inParts(slices, SLICES_PER_REPORT).map((some, index) => {
    const made = newIdentity(
      SERIES_NUMBERS.slices + index,
      named('Myelon cord diffusion, slice by slice', index),
    );
    const part = { ...withoutStatement(content, SLICES_ONLY), identity: made, regions: [], slices: some };
    return outgoing(reportClassUID(content.reportClass), made, writeMeasurementReport(part));
  });
}

/** The clinical assessment; null when nothing was entered. */
export function clinicalReport(
  { clinical }: AnalysisRecord,
  content: MeasurementReportContent,
  predecessor: Predecessor | undefined,
): OutgoingObject | null {
  if (!clinical || isEmpty(clinical)) return null;
  const { context, device, createdAt, reader, reportClass, sources } = content;
  const made = newIdentity(SERIES_NUMBERS.clinical, 'Myelon clinical assessment, mJOA');
  const state = stateOfPart(content.state);
  const bytes = writeMjoaReport({
    context,
    device,
    createdAt,
    identity: made,
    sources,
    clinical,
    ...(reader ? { reader } : {}),
    ...(reportClass ? { reportClass } : {}),
    state: predecessor ? { ...state, predecessor } : state,
    trackingUIDs: { before: newUID(), after: newUID(), recovery: newUID(), history: newUID() },
  });
  return outgoing(reportClassUID(reportClass), made, bytes);
}

function isEmpty(clinical: ClinicalForm): boolean {
  const { pre, post, nurickPre, nurickPost, predictors } = clinical;
  const noPoints = pre === EMPTY_CLINICAL_FORM.pre && post === EMPTY_CLINICAL_FORM.post;
  return noPoints && nurickPre === null && nurickPost === null && Object.keys(predictors).length === 0;
}

/** The same report without what stands in the report of the regions alone. */
function withoutStatement(content: MeasurementReportContent, why: string): MeasurementReportContent {
  const { modelId, modelVersion, statements } = content.prognosis;
  const part = {
    ...content,
    state: stateOfPart(content.state),
    prognosis: { kind: 'abstained', modelId, modelVersion, statements, reasons: [why] },
    warnings: [],
    quality: [],
  } as const;
  return withoutKey(part, 'score');
}

function withoutKey<Whole extends object, Key extends keyof Whole>(whole: Whole, key: Key): Omit<Whole, Key> {
  const rest = { ...whole };
  Reflect.deleteProperty(rest, key);
  return rest;
}

/** The predecessor is one of the report of the regions. */
function stateOfPart(state: ReportState): ReportState {
  if (state.kind === 'draft') return { kind: 'draft', complete: state.complete };
  const { by, organization, at } = state;
  return { kind: 'verified', by, organization, at };
}

const SLICES_ONLY = 'single slices are not judged: the statement stands in the report of the regions';
const LEVELS_ONLY = 'levels are not judged: the statement stands in the report of the regions';

const named = (description: string, index: number) =>
  index === 0 ? description : `${description} (${String(index + 1)})`;

function inParts<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, part) =>
    items.slice(part * size, (part + 1) * size),
  );
}
