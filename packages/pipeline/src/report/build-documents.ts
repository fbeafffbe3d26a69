import {
  ENCAPSULATED_PDF_STORAGE,
  KEY_OBJECT_SELECTION,
  studyContextFrom,
  writeEncapsulatedPdf,
  writeKeyObject,
  type DeviceIdentity,
  type ReportState,
} from '@myelon/dicom';
import type { AnalysisRecord } from '../analysis-record';
import { newIdentity, outgoing, SERIES_NUMBERS, type OutgoingObject } from './outgoing';
import { firstInstance, type ReportSource } from './report-source';

/** What the objects that only point to others need. */
export interface DocumentRequest {
  /** The series the outline was made on. */
  readonly source: ReportSource;
  readonly device: DeviceIdentity;
  readonly state?: ReportState['kind'];
}

/**
 * The report as an Encapsulated PDF of the study.
 * @param madeFrom the objects whose values it shows
 * @throws InputRefused when the source is no DICOM series or the bytes are no PDF
 */
export function buildDocument(
  record: AnalysisRecord,
  pdf: Uint8Array,
  { source, device, state = 'draft' }: DocumentRequest,
  madeFrom: readonly OutgoingObject[],
): OutgoingObject {
  const made = newIdentity(SERIES_NUMBERS.document, 'Myelon cord diffusion report, PDF');
  const bytes = writeEncapsulatedPdf({
    context: studyContextFrom(firstInstance(source)),
    device,
    createdAt: new Date(record.createdAt),
    identity: made,
    pdf,
    title: 'Cervical cord diffusion report',
    verified: state === 'verified',
    madeFrom,
  });
  return outgoing(ENCAPSULATED_PDF_STORAGE, made, bytes);
}

/**
 * Names every object of an analysis. Store it last: it refers to all of them.
 * @throws InputRefused when the source is no DICOM series
 */
export function buildKeyObject(
  record: AnalysisRecord,
  objects: readonly OutgoingObject[],
  { source, device }: DocumentRequest,
): OutgoingObject {
  const made = newIdentity(SERIES_NUMBERS.keyObject, 'Myelon objects of one analysis');
  const bytes = writeKeyObject({
    context: studyContextFrom(firstInstance(source)),
    device,
    createdAt: new Date(record.createdAt),
    identity: made,
    objects,
    description: `Myelon ${record.software.version}, analysis ${record.id}. Research use only.`,
  });
  return outgoing(KEY_OBJECT_SELECTION, made, bytes);
}
