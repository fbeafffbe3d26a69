import { InputRefused } from '@myelon/diffusion';
import { binary, number, string } from '../dataset/access';
import { parsePart10 } from '../dataset/part10';
import { ENCAPSULATED_PDF_STORAGE } from './write-encapsulated-pdf';

/** @returns the PDF inside an Encapsulated PDF object, without padding. @throws InputRefused when there is none */
export function readEncapsulatedPdf(file: Uint8Array, where = 'encapsulated PDF'): Uint8Array {
  const { dataset } = parsePart10(file, where);
  const bytes = binary(dataset, '00420011');
  if (string(dataset, '00080016') !== ENCAPSULATED_PDF_STORAGE || !bytes)
    throw new InputRefused('not an Encapsulated PDF', where, 'give an object of that class');
  return bytes.subarray(0, number(dataset, '00420015') ?? bytes.length);
}
