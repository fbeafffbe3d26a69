import { decodePDFRawStream, PDFArray, PDFDict, PDFDocument, PDFName, PDFRawStream } from 'pdf-lib';
import { InputRefused } from '@myelon/diffusion';
import type { AnalysisRecord } from '../analysis-record';
import { readAnalysisRecord, writeAnalysisRecord } from '../record-json';

const FILE = 'record.json';

/**
 * Puts the record into the PDF as an attached file (PDF 32000-1, 7.11.4): every archive gives a document back byte for
 * byte, so whoever opens the study again has every number and where it came from.
 */
export async function attachRecord(document: PDFDocument, record: AnalysisRecord): Promise<void> {
  const made = new Date(record.createdAt);
  await document.attach(new TextEncoder().encode(writeAnalysisRecord(record)), FILE, {
    mimeType: 'application/json',
    description: 'Everything the analysis found, with where it came from',
    creationDate: made,
    modificationDate: made,
  });
}

/**
 * The record attached to a report of ours; null when the PDF holds none.
 * @throws InputRefused when it is no PDF, or what is attached is no record
 */
export async function attachedRecord(pdf: Uint8Array, where = 'PDF report'): Promise<AnalysisRecord | null> {
  const document = await PDFDocument.load(pdf, { updateMetadata: false }).catch(() => null);
  if (!document) throw new InputRefused('not a PDF', where, 'analyse the images again');
  const names = document.catalog
    .lookupMaybe(PDFName.of('Names'), PDFDict)
    ?.lookupMaybe(PDFName.of('EmbeddedFiles'), PDFDict)
    ?.lookupMaybe(PDFName.of('Names'), PDFArray);
  // Pairs of name and file.
  const specification = names && names.size() >= 2 ? names.lookup(1, PDFDict) : undefined;
  const file = specification?.lookupMaybe(PDFName.of('EF'), PDFDict)?.lookup(PDFName.of('F'));
  if (!(file instanceof PDFRawStream)) return null;
  return readAnalysisRecord(new TextDecoder().decode(decodePDFRawStream(file).decode()), where);
}
