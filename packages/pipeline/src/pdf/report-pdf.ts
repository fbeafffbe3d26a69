import type { CordMask } from '@myelon/cord';
import type { ReportState } from '@myelon/dicom';
import type { ScalarMap } from '@myelon/diffusion';
import { PDFDocument } from 'pdf-lib';
import type { AnalysisRecord } from '../analysis-record';
import { attachRecord } from './attached-record';
import { Canvas } from './canvas';
import type { Underlay } from './cord-picture';
import { drawFirstPage, type PageHead } from './first-page';
import type { ReportFonts } from './report-fonts';
import { drawSecondPage } from './second-page';
import { legibleName, nameSpellings, type StudyFacts } from './study-facts';
import { Typeface } from './typeface';

/** What the pages show besides the record. */
export interface ReportPdfRequest {
  /** The outline the record was measured in. */
  readonly mask: CordMask;
  /** Maps of the analysis; quantities without one are said to be missing. */
  readonly maps: readonly ScalarMap[];
  /** The image the outline is shown on. */
  readonly underlay: Underlay;
  /** Patient and study; null when the images name none (NIfTI). */
  readonly study: StudyFacts | null;
  /** Person reading, as people write the name. */
  readonly reader?: string;
  readonly state: ReportState['kind'];
  readonly fonts: ReportFonts;
}

/**
 * The report as two A4 pages for someone who reads no DICOM: outline and maps with colour bars, profile along the
 * cord, values, the statement with its fixed limits; then slice by slice and how it was measured. The record is attached.
 *
 * @returns a PDF with every font embedded; the same input gives the same pages
 */
export async function reportPdf(record: AnalysisRecord, request: ReportPdfRequest): Promise<Uint8Array> {
  const { study, reader, fonts } = request;
  const document = await PDFDocument.create();
  const names = study
    ? [
        ...nameSpellings(study),
        study.studyDescription ?? '',
        study.patientId ?? '',
        study.accessionNumber ?? '',
      ]
    : [];
  const inputs = record.inputs.map(({ name }) => name);
  const typeface = await Typeface.embed(document, fonts, [...names, ...inputs, reader ?? '']);
  const head = headOf(record, request, typeface);
  drawFirstPage(new Canvas(document, typeface), record, request, head);
  drawSecondPage(new Canvas(document, typeface), record, head);
  const made = new Date(record.createdAt);
  document.setTitle('Cervical cord diffusion report');
  document.setSubject('Research use only. Not a medical device.');
  document.setCreator(`${record.software.name} ${record.software.version}`);
  document.setProducer('pdf-lib');
  document.setLanguage('en-US');
  document.setCreationDate(made);
  document.setModificationDate(made);
  await attachRecord(document, record);
  return document.save();
}

function headOf(
  record: AnalysisRecord,
  { study, reader, state }: ReportPdfRequest,
  typeface: Typeface,
): PageHead {
  const shown = (value: string | null) => (value === null || value === '' ? '–' : value);
  const facts: (readonly [string, string])[] = study
    ? [
        ['Patient', legibleName(study, (text) => typeface.covers(text))],
        ['Study', [study.studyDate, study.studyDescription].filter(Boolean).join(', ') || '–'],
        ['Patient ID', shown(study.patientId)],
        ['Accession', shown(study.accessionNumber)],
        ['Born, sex', `${shown(study.birthDate)}, ${shown(study.sex)}`],
      ]
    : [['Images', record.inputs.map(({ name }) => name).join(', ')]];
  facts.push(['Analysed', record.createdAt.slice(0, 16).replace('T', ' ')]);
  if (reader !== undefined) facts.push(['Reader', reader]);
  return { state: state === 'draft' ? 'DRAFT, RESEARCH USE ONLY' : 'VERIFIED, RESEARCH USE ONLY', facts };
}
