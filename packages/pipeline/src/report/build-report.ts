import type { CordMask } from '@myelon/cord';
import {
  COMPREHENSIVE_3D_SR,
  SEGMENTATION_STORAGE,
  studyContextFrom,
  writeMeasurementReport,
  writeSegmentation,
  type DeviceIdentity,
  type MeasurementReportContent,
  type ReportSlice,
  type ReportState,
} from '@myelon/dicom';
import { InputRefused } from '@myelon/diffusion';
import type { AnalysisRecord } from '../analysis-record';
import { newIdentity, outgoing, referencedVolume, SERIES_NUMBERS, type OutgoingObject } from './outgoing';
import { modelUses, reportPrognosis, reportRegions, reportWarnings } from './report-content';
import { firstInstance, outlinedSource, sourceSeries, type ReportSource } from './report-source';
import { qualityLines, reportSlices } from './report-slices';
import { reportedSegments } from './segments';

/** What a report needs besides the record. */
export interface ReportRequest {
  /** The outline the record was measured in, on the grid of one of the sources. */
  readonly mask: CordMask;
  /** Every series the analysis read. */
  readonly sources: readonly ReportSource[];
  /** The installation that makes the report. */
  readonly device: DeviceIdentity;
  /** The person reading. */
  readonly reader?: NonNullable<MeasurementReportContent['reader']>;
  /** Draft unless said otherwise; complete when no value is missing and no slice waits to be checked. */
  readonly state?: ReportState;
}

/** Store the segmentation first: the report refers to it. */
export interface BuiltReport {
  readonly segmentation: OutgoingObject;
  readonly report: OutgoingObject;
  /** Mean and spread slice by slice; null when no slice has a value. */
  readonly slices: OutgoingObject | null;
}

/**
 * Makes the DICOM objects of an analysis: the outline as SEG, values and statement as SR. Every call makes new UIDs.
 * @throws InputRefused when the sources are no DICOM series, the outline lies on none of them, or a text does not fit
 */
export function buildReport(record: AnalysisRecord, request: ReportRequest): BuiltReport {
  const { mask, sources, device } = request;
  const outlined = outlinedSource(sources, mask.grid);
  const shared = {
    context: studyContextFrom(firstInstance(outlined)),
    device,
    createdAt: new Date(record.createdAt),
  };
  const source = referencedVolume(outlined);
  const segments = reportedSegments(record, mask);
  const segmentation = newIdentity(SERIES_NUMBERS.segmentation, 'Myelon cord outline');
  const report = newIdentity(SERIES_NUMBERS.report, 'Myelon cord diffusion report');
  const content: MeasurementReportContent = {
    ...shared,
    identity: report,
    state: request.state ?? { kind: 'draft', complete: isComplete(record) },
    ...(request.reader ? { reader: request.reader } : {}),
    sources: sources.map(sourceSeries),
    segmentedSeriesInstanceUID: outlined.seriesInstanceUID,
    frameOfReferenceUID: frameOfReference(outlined),
    segmentation,
    models: modelUses(record),
    regions: reportRegions(record, segments, mask.grid),
    prognosis: reportPrognosis(record),
    warnings: reportWarnings(record),
    quality: qualityLines(record),
  };
  return {
    segmentation: outgoing(
      SEGMENTATION_STORAGE,
      segmentation,
      writeSegmentation({ ...shared, identity: segmentation, source, segments }),
    ),
    report: outgoing(COMPREHENSIVE_3D_SR, report, writeMeasurementReport(content)),
    slices: sliceReport(content, reportSlices(record, segments, source)),
  };
}

/** The same report of single slices: a report of its own, see {@link MeasurementReportContent.slices}. */
function sliceReport(
  content: MeasurementReportContent,
  slices: readonly ReportSlice[],
): OutgoingObject | null {
  if (slices.length === 0) return null;
  const { modelId, modelVersion, statements } = content.prognosis;
  const made = newIdentity(SERIES_NUMBERS.slices, 'Myelon cord diffusion, slice by slice');
  const bytes = writeMeasurementReport({
    ...content,
    identity: made,
    regions: [],
    slices,
    prognosis: { kind: 'abstained', modelId, modelVersion, statements, reasons: [SLICES_ONLY] },
  });
  return outgoing(COMPREHENSIVE_3D_SR, made, bytes);
}

const SLICES_ONLY = 'single slices are not judged: the statement stands in the report of the regions';

function isComplete(record: AnalysisRecord): boolean {
  const missing = record.regions.some(({ statistics }) => statistics.some((entry) => 'missing' in entry));
  return !missing && record.cord.slicesToCheck.length === 0;
}

function frameOfReference({ volume }: ReportSource): string {
  const uid = volume.grid.frameOfReferenceUID;
  if (uid === undefined)
    throw new InputRefused(
      'no Frame of Reference UID',
      volume.name,
      'results need one to be shown over the images: use a series that has it',
    );
  return uid;
}
