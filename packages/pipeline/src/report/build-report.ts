import type { CordMask } from '@myelon/cord';
import {
  SEGMENTATION_STORAGE,
  studyContextFrom,
  writeMeasurementReport,
  writeSegmentation,
  type DeviceIdentity,
  type MeasurementReportContent,
  type Predecessor,
  type ReportClass,
  type ReportState,
} from '@myelon/dicom';
import { InputRefused } from '@myelon/diffusion';
import type { AnalysisRecord } from '../analysis-record';
import { newIdentity, outgoing, referencedVolume, SERIES_NUMBERS, type OutgoingObject } from './outgoing';
import { clinicalReport, levelReports, reportClassUID, sliceReports } from './part-reports';
import { modelUses, reportPrognosis, reportRegions, reportWarnings } from './report-content';
import { reportScore } from './report-score';
import { qualityLines, reportSlices } from './report-slices';
import { firstInstance, outlinedSource, sourceSeries, type ReportSource } from './report-source';
import { reportedSegments, type ReportedSegment } from './segments';

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
  /** The assessment that the new one takes the place of. */
  readonly clinicalPredecessor?: Predecessor;
  /** Comprehensive 3D unless said otherwise. */
  readonly reportClass?: ReportClass;
  /** Reports of single slices too; what they say can be computed from outline and maps. */
  readonly withSlices?: boolean;
}

/** Store the segmentation first: the reports refer to it. */
export interface BuiltReport {
  readonly segmentation: OutgoingObject;
  /** Regions, statement and score. */
  readonly report: OutgoingObject;
  /** Mean, spread and shape level by level; more than one when there are many levels, none without levels. */
  readonly levels: readonly OutgoingObject[];
  /** The mJOA and what else was entered; null when nothing was. */
  readonly clinical: OutgoingObject | null;
  /** Mean and spread slice by slice, when they were asked for. */
  readonly slices: readonly OutgoingObject[];
}

/** Every object of a report in the order in which they are stored. */
export function objectsOfReport(built: BuiltReport): OutgoingObject[] {
  const { segmentation, report, levels, clinical, slices } = built;
  return [segmentation, report, ...levels, ...(clinical ? [clinical] : []), ...slices];
}

/**
 * Makes the DICOM objects of an analysis: the outline as SEG, values and statement as SR. Every call makes new UIDs.
 * @throws InputRefused when the sources are no DICOM series, the outline lies on none of them, or a text does not fit
 */
export function buildReport(record: AnalysisRecord, request: ReportRequest): BuiltReport {
  const { mask, sources, device, reportClass } = request;
  const outlined = outlinedSource(sources, mask.grid);
  const shared = {
    context: studyContextFrom(firstInstance(outlined)),
    device,
    createdAt: new Date(record.createdAt),
  };
  const source = referencedVolume(outlined);
  const segments = reportedSegments(record, mask);
  const segmentation = newIdentity(SERIES_NUMBERS.segmentation, 'Myelon cord outline');
  const identity = newIdentity(SERIES_NUMBERS.report, 'Myelon cord diffusion report');
  const score = reportScore(record);
  const content: MeasurementReportContent = {
    ...shared,
    identity,
    state: request.state ?? { kind: 'draft', complete: isComplete(record) },
    ...(request.reader ? { reader: request.reader } : {}),
    ...(reportClass ? { reportClass } : {}),
    sources: sources.map(sourceSeries),
    segmentedSeriesInstanceUID: outlined.seriesInstanceUID,
    frameOfReferenceUID: frameOfReference(outlined),
    segmentation,
    models: modelUses(record),
    regions: reportRegions(record, segments.filter(isMain), mask.grid),
    prognosis: reportPrognosis(record),
    ...(score ? { score } : {}),
    warnings: reportWarnings(record),
    quality: qualityLines(record),
  };
  const levels = reportRegions(
    record,
    segments.filter((segment) => !isMain(segment)),
    mask.grid,
  );
  return {
    segmentation: outgoing(
      SEGMENTATION_STORAGE,
      segmentation,
      writeSegmentation({ ...shared, identity: segmentation, source, segments }),
    ),
    report: outgoing(reportClassUID(reportClass), identity, writeMeasurementReport(content)),
    levels: levelReports(content, levels),
    clinical: clinicalReport(record, content, request.clinicalPredecessor),
    slices: request.withSlices ? sliceReports(content, reportSlices(record, segments, source)) : [],
  };
}

const isMain = ({ region }: ReportedSegment) => region.kind === 'whole-cord' || region.kind === 'compression';

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
