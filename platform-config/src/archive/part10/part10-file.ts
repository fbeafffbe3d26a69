import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { memorySource, withStartInMemory, type ByteSource } from './byte-source';
import {
  MalformedDataSet,
  readDataSet,
  type DataSetHead,
  type Elements,
  type Encoding,
  type PixelDataElement,
} from './data-set-reader';

const preambleAndPrefix = 132;
const firstRead = 64 * 1024;
/** A deflated data set is held in memory; more than this is refused. */
const maxInflatedBytes = 1 << 30;

export const transferSyntaxes = {
  implicitLittleEndian: '1.2.840.10008.1.2',
  explicitLittleEndian: '1.2.840.10008.1.2.1',
  deflated: '1.2.840.10008.1.2.1.99',
  explicitBigEndian: '1.2.840.10008.1.2.2',
} as const;

const inflate = promisify<Buffer, { maxOutputLength: number }, Buffer>(inflateRaw);

/** An opened Part 10 file (PS3.10): everything before pixel data is in memory, pixel data is not. */
export interface Part10File {
  readonly transferSyntaxUID: string;
  readonly encoding: Encoding;
  /** First byte of the data set in the file. */
  readonly dataSetOffset: number;
  /** The data set: the file itself, or what a deflated data set inflates to. Element offsets refer to it. */
  readonly source: ByteSource;
  /** Its bytes from 0 up to pixel data. */
  readonly header: Buffer;
  readonly elements: Elements;
  readonly pixelData: PixelDataElement | undefined;
}

interface Growing {
  readonly bytes: Buffer;
  readonly head: DataSetHead;
}

/** Reads from the start of `source` until `read` has all it needs, four times as far at each try. */
async function readGrowing(source: ByteSource, read: (bytes: Buffer) => DataSetHead): Promise<Growing> {
  for (let wanted = firstRead; ; wanted *= 4) {
    const isWhole = wanted >= source.size;
    const bytes = await source.read(0, isWhole ? source.size : wanted);
    try {
      const head = read(bytes);
      // The end of a piece may fall between two elements; only pixel data or the end of the file ends a data set.
      if (isWhole || head.pixelData) return { bytes, head };
    } catch (error) {
      if (isWhole) throw malformed(error);
    }
  }
}

/** dicom-parser throws strings and errors of several kinds. */
function malformed(error: unknown): MalformedDataSet {
  if (error instanceof MalformedDataSet) return error;
  return new MalformedDataSet(error instanceof Error ? error.message : String(error));
}

const metaEncoding: Encoding = { explicitVr: true, bigEndian: false };

interface FileMeta {
  readonly transferSyntaxUID: string;
  readonly end: number;
}

async function readFileMeta(source: ByteSource): Promise<FileMeta> {
  if (source.size < preambleAndPrefix) throw new MalformedDataSet('shorter than a DICOM preamble');
  const prefix = await source.read(preambleAndPrefix - 4, 4);
  if (prefix.toString('latin1') !== 'DICM') throw new MalformedDataSet('no DICM prefix at byte 128');
  const isBehindMeta = (group: string) => group !== '0002';
  let wanted = Math.min(source.size, 4096);
  for (;;) {
    const bytes = await source.read(0, wanted);
    try {
      const { elements, end } = readDataSet(bytes, preambleAndPrefix, metaEncoding, isBehindMeta);
      if (end < wanted || wanted === source.size) {
        const transferSyntaxUID = uidOf(bytes, elements, '00020010');
        if (transferSyntaxUID === '') throw new MalformedDataSet('no Transfer Syntax UID (0002,0010)');
        return { transferSyntaxUID, end };
      }
    } catch (error) {
      if (wanted === source.size) throw malformed(error);
    }
    wanted = Math.min(source.size, wanted * 16);
  }
}

/** Value of a UI element without padding, or an empty string. */
export function uidOf(bytes: Buffer, elements: Elements, tag: string): string {
  const element = elements.get(tag);
  if (!element) return '';
  // Trailing NUL is the standard's padding, spaces are a common mistake.
  return bytes.toString('latin1', element.offset, element.offset + element.length).replace(/[\0 ]+$/, '');
}

/**
 * Opens a Part 10 file: reads its meta information and every element before pixel data.
 *
 * @throws MalformedDataSet when it is not DICOM, or when a declared length before pixel data is not there
 */
export async function openPart10(bytesOfFile: ByteSource): Promise<Part10File> {
  const file = await withStartInMemory(bytesOfFile, firstRead);
  const meta = await readFileMeta(file);
  const { transferSyntaxUID, end: dataSetOffset } = meta;
  const encoding: Encoding = {
    explicitVr: transferSyntaxUID !== transferSyntaxes.implicitLittleEndian,
    bigEndian: transferSyntaxUID === transferSyntaxes.explicitBigEndian,
  };
  const isDeflated = transferSyntaxUID === transferSyntaxes.deflated;
  const source = isDeflated ? memorySource(await inflated(file, dataSetOffset)) : file;
  const start = isDeflated ? 0 : dataSetOffset;
  const { bytes, head } = await readGrowing(source, (part) => readDataSet(part, start, encoding));
  const { elements, pixelData } = head;
  const header = bytes.subarray(0, head.end);
  return {
    transferSyntaxUID,
    encoding,
    dataSetOffset,
    source,
    header,
    elements,
    pixelData,
  };
}

async function inflated(file: ByteSource, offset: number): Promise<Buffer> {
  const deflated = await file.read(offset, file.size - offset);
  try {
    return await inflate(deflated, { maxOutputLength: maxInflatedBytes });
  } catch (error) {
    throw malformed(error);
  }
}
