import type { CordMask } from '@myelon/cord';
import {
  COMPREHENSIVE_3D_SR,
  SEGMENTATION_STORAGE,
  studyContextFrom,
  writeMeasurementReport,
  writeSegmentation,
  type DeviceIdentity,
  type MeasurementReportContent,
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
    slices: reportSlices(record, segments, source),
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
  };
}

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
