import { MalformedDataSet, readDataSet } from './data-set-reader';
import { uidOf, type Part10File } from './part10-file';
import { encapsulatedFrames, imageGeometry, readEncapsulated } from './pixel-data';

/** What may follow pixel data (digital signatures, trailing padding) is small; more is taken for damage. */
const maxTrailingBytes = 64 * 1024 * 1024;

/**
 * Checks that all of a file is there: pixel data as long as it declares and as its image attributes require, and
 * nothing but whole elements behind it. Lengths before pixel data were checked when it was opened.
 *
 * @throws MalformedDataSet saying what is missing
 */
export async function checkComplete(file: Part10File): Promise<void> {
  const end = await checkPixelData(file);
  const trailing = file.source.size - end;
  if (trailing === 0) return;
  if (trailing > maxTrailingBytes) throw new MalformedDataSet('too much follows the pixel data');
  const bytes = await file.source.read(end, trailing);
  if (bytes.every((byte) => byte === 0) && trailing < 8) return;
  try {
    if (readDataSet(bytes, 0, file.encoding).pixelData) throw new MalformedDataSet('pixel data comes twice');
  } catch (error) {
    throw new MalformedDataSet(`what follows the pixel data is damaged (${String(error)})`);
  }
}

/**
 * SOP classes whose objects always have pixel data, below 1.2.840.10008.5.1.4.1.1: the images of all modalities,
 * parametric maps and segmentations. A file that breaks off between two elements shows only by their absence.
 */
const imageClasses =
  /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.((1|2|3|6|7|12|13|14)(\.\d+)*|4(\.[134])?|20|30|66\.[47]|128(\.1)?|130|481\.1|77\.1\.[1-7](\.1)?)$/;

function needsPixelData(file: Part10File): boolean {
  const sopClassUID = uidOf(file.header, file.elements, '00080016');
  return imageClasses.test(sopClassUID) || imageGeometry(file) !== undefined;
}

/** Gives the position behind pixel data. */
async function checkPixelData(file: Part10File): Promise<number> {
  const { pixelData, source } = file;
  if (!pixelData) {
    if (needsPixelData(file)) throw new MalformedDataSet('an image without pixel data');
    return source.size;
  }
  if (pixelData.length === undefined) {
    const { end } = await readEncapsulated(file, pixelData);
    if (!isVideo(file.transferSyntaxUID)) await encapsulatedFrames(file, pixelData);
    return end;
  }
  const end = pixelData.offset + pixelData.length;
  if (end > source.size) {
    const there = source.size - pixelData.offset;
    throw new MalformedDataSet(`pixel data is cut off: ${there} of ${pixelData.length} bytes are there`);
  }
  const geometry = imageGeometry(file);
  if (geometry) {
    const needed = Math.ceil((geometry.frames * geometry.bitsPerFrame) / 8);
    if (pixelData.length < needed) {
      throw new MalformedDataSet(`pixel data has ${pixelData.length} bytes where its image needs ${needed}`);
    }
  }
  return end;
}

/** MPEG-2, MPEG-4 and HEVC: one stream of all frames. */
export function isVideo(transferSyntaxUID: string): boolean {
  return /^1\.2\.840\.10008\.1\.2\.4\.10[0-8](\.1)?$/.test(transferSyntaxUID);
}
