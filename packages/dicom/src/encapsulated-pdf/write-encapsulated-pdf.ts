import { InputRefused } from '@myelon/diffusion';
import { codeItem } from '../codes/code';
import { CONCEPTS } from '../codes/concepts';
import type { Attributes } from '../write/attributes';
import { withVR } from '../write/attributes';
import { derivedObjectAttributes, type DerivedObject } from '../write/derived-object';
import { encodePart10 } from '../write/encode';
import { dicomInstant } from '../write/instant';
import type { ReferencedInstance } from '../write/referenced-instance';

export const ENCAPSULATED_PDF_STORAGE = '1.2.840.10008.5.1.4.1.1.104.1';

/** A PDF as an object of the study. */
export interface EncapsulatedPdfContent extends DerivedObject {
  readonly pdf: Uint8Array;
  /** Title of the document, at most 1024 characters. */
  readonly title: string;
  readonly verified: boolean;
  /** Instances the document was made from (the structured report, the outline ...). */
  readonly madeFrom: readonly ReferencedInstance[];
}

/**
 * Encapsulates a PDF.
 * @returns a Part 10 file
 * @throws InputRefused when the bytes are no PDF
 * @see PS3.3 A.45.1, C.24
 */
export function writeEncapsulatedPdf(content: EncapsulatedPdfContent): Uint8Array {
  const { pdf, title, verified, madeFrom, context } = content;
  if (new TextDecoder('latin1').decode(pdf.subarray(0, 5)) !== '%PDF-')
    throw new InputRefused('the bytes are no PDF', 'encapsulated document', 'report this as a defect');
  const at = dicomInstant(content.createdAt, context.timezoneOffset);
  return encodePart10({
    ...derivedObjectAttributes(content, {
      sopClassUID: ENCAPSULATED_PDF_STORAGE,
      modality: 'DOC',
      contribution: 'Made a document of the measurements',
    }),
    ConversionType: 'WSD',
    AcquisitionDateTime: at.dateTime,
    BurnedInAnnotation: 'YES',
    RecognizableVisualFeatures: 'NO',
    SourceInstanceSequence: madeFrom.map(({ sopClassUID, sopInstanceUID }): Attributes => ({
      ReferencedSOPClassUID: sopClassUID,
      ReferencedSOPInstanceUID: sopInstanceUID,
    })),
    DocumentTitle: title,
    ConceptNameCodeSequence: [codeItem(CONCEPTS.imagingReport)],
    VerificationFlag: verified ? 'VERIFIED' : 'UNVERIFIED',
    MIMETypeOfEncapsulatedDocument: 'application/pdf',
    EncapsulatedDocument: withVR('OB', pdf),
    EncapsulatedDocumentLength: pdf.length,
  });
}
