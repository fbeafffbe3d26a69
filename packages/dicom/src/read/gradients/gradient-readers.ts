import { string } from '../../dataset/access';
import type { DicomJsonDataset } from '../../dataset/dicom-json';
import { Tag } from '../../dataset/tags';
import type { ImageOrientation } from '../image-plane';
import type { GradientReader, GradientReading } from './gradient-reading';
import { philipsGradient } from './philips';
import { standardGradient } from './standard';

/** Who writes what. The first reader that finds its elements decides; the standard one comes last. */
const VENDOR_READERS: readonly { readonly manufacturer: RegExp; readonly reader: GradientReader }[] = [
  { manufacturer: /^philips/iu, reader: philipsGradient },
];

/** Readers for a classic image: the maker's own first, then other makers' (the maker's name may be blank), then the standard. */
export function readGradient(
  dataset: DicomJsonDataset,
  orientation: ImageOrientation,
): GradientReading | undefined {
  const maker = string(dataset, Tag.Manufacturer) ?? '';
  const candidates = VENDOR_READERS.filter(({ manufacturer }) => maker === '' || manufacturer.test(maker));
  for (const { reader } of candidates) {
    const reading = reader.read(dataset, orientation);
    if (reading) return reading;
  }
  return standardGradient.read(dataset, orientation);
}
