import type { DicomJsonDataset } from '../../dataset/dicom-json';
import type { ImageOrientation } from '../image-plane';
import { canonGradient } from './canon';
import { geGradient } from './ge';
import type { GradientReader, GradientReading } from './gradient-reading';
import { philipsGradient } from './philips';
import { siemensGradient } from './siemens';
import { standardGradient } from './standard';
import { uihGradient } from './uih';

/** The first reader that finds its vendor's elements decides; the standard one comes last. */
const READERS: readonly GradientReader[] = [
  siemensGradient,
  geGradient,
  uihGradient,
  philipsGradient,
  canonGradient,
  standardGradient,
];

/** Diffusion weighting of a classic image, or undefined when its header holds none. */
export function readGradient(
  dataset: DicomJsonDataset,
  orientation: ImageOrientation,
): GradientReading | undefined {
  for (const reader of READERS) {
    const reading = reader.read(dataset, orientation);
    if (reading) return reading;
  }
  return undefined;
}
