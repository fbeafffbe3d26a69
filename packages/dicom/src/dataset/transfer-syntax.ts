/** How pixels travel (PS3.5 section 10 and annex A). */
export type PixelEncoding =
  'native' | 'rle' | 'jpeg-baseline' | 'jpeg-extended' | 'jpeg-lossless' | 'jpeg-ls' | 'jpeg-2000' | 'htj2k';

export interface TransferSyntax {
  readonly uid: string;
  readonly name: string;
  readonly encoding: PixelEncoding | 'unknown';
  readonly littleEndian: boolean;
  /** The data set itself is compressed. */
  readonly deflated: boolean;
}

const KNOWN: readonly (readonly [uid: string, name: string, encoding: PixelEncoding])[] = [
  ['1.2.840.10008.1.2', 'Implicit VR Little Endian', 'native'],
  ['1.2.840.10008.1.2.1', 'Explicit VR Little Endian', 'native'],
  ['1.2.840.10008.1.2.1.99', 'Deflated Explicit VR Little Endian', 'native'],
  ['1.2.840.10008.1.2.2', 'Explicit VR Big Endian', 'native'],
  ['1.2.840.10008.1.2.5', 'RLE Lossless', 'rle'],
  ['1.2.840.10008.1.2.4.50', 'JPEG Baseline', 'jpeg-baseline'],
  ['1.2.840.10008.1.2.4.51', 'JPEG Extended', 'jpeg-extended'],
  ['1.2.840.10008.1.2.4.57', 'JPEG Lossless', 'jpeg-lossless'],
  ['1.2.840.10008.1.2.4.70', 'JPEG Lossless, First-Order Prediction', 'jpeg-lossless'],
  ['1.2.840.10008.1.2.4.80', 'JPEG-LS Lossless', 'jpeg-ls'],
  ['1.2.840.10008.1.2.4.81', 'JPEG-LS Near-Lossless', 'jpeg-ls'],
  ['1.2.840.10008.1.2.4.90', 'JPEG 2000 Lossless', 'jpeg-2000'],
  ['1.2.840.10008.1.2.4.91', 'JPEG 2000', 'jpeg-2000'],
  ['1.2.840.10008.1.2.4.201', 'High-Throughput JPEG 2000 Lossless', 'htj2k'],
  ['1.2.840.10008.1.2.4.202', 'High-Throughput JPEG 2000 Lossless RPCL', 'htj2k'],
  ['1.2.840.10008.1.2.4.203', 'High-Throughput JPEG 2000', 'htj2k'],
];

export const IMPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2';
export const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
export const DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1.99';
export const EXPLICIT_VR_BIG_ENDIAN = '1.2.840.10008.1.2.2';

export function transferSyntax(uid: string): TransferSyntax {
  const known = KNOWN.find(([candidate]) => candidate === uid);
  return {
    uid,
    name: known?.[1] ?? 'unknown transfer syntax',
    encoding: known?.[2] ?? 'unknown',
    littleEndian: uid !== EXPLICIT_VR_BIG_ENDIAN,
    deflated: uid === DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
  };
}
