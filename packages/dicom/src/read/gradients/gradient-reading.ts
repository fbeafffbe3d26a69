import { B0_LIMIT_S_PER_MM2, type Vector3 } from '@myelon/diffusion';
import type { DicomJsonDataset } from '../../dataset/dicom-json';
import type { ImageOrientation } from '../image-plane';
import { length, scaled } from '../vectors';

/** Diffusion weighting of one image as its header tells it. */
export interface GradientReading {
  /** s/mm2, as read: 1.25 stays 1.25. */
  readonly bValue: number;
  /** Unit vector in LPS; null when the image has none (b0, trace). */
  readonly direction: Vector3 | null;
  /**
   * The scanner's word for it (0018,9075), or what follows from the numbers. `directional` without a direction
   * means that the header promises one and does not hold it.
   */
  readonly directionality: 'directional' | 'isotropic' | 'none';
  /** Doubts a person should know of. */
  readonly warnings: readonly string[];
  /** The header says nothing, which in images of this vendor means b 0 if the rest of the series has b-values. */
  readonly assumed?: true;
}

/** Reads the diffusion weighting in one vendor's way. One file per vendor, listed in gradient-readers.ts. */
export interface GradientReader {
  /** For people: "Siemens private elements". */
  readonly name: string;
  /** The reading, or undefined when this image does not carry it in this way. */
  read(dataset: DicomJsonDataset, orientation: ImageOrientation): GradientReading | undefined;
}

/** Below this b-value in s/mm2 a direction says nothing: scanners label b0 repeats 0.001, 0.002 ... */
const LARGEST_B_WITHOUT_DIRECTION = 1;
const LARGEST_B = 1e5;
const LARGEST_COMPONENT = 1.5;
const UNIT_TOLERANCE = 0.05;

export function isPlausibleB(b: number | undefined): b is number {
  return b !== undefined && Number.isFinite(b) && b >= 0 && b < LARGEST_B;
}

/** The vector as a unit vector, when it is one within 5 %; otherwise undefined. */
export function unitDirection(vector: Vector3 | undefined): Vector3 | undefined {
  if (!vector || vector.some((component) => !(Math.abs(component) <= LARGEST_COMPONENT))) return undefined;
  const size = length(vector);
  return Math.abs(size - 1) <= UNIT_TOLERANCE ? scaled(vector, 1 / size) : undefined;
}

/**
 * A reading from its parts. b below 1 has no direction. Without a direction and a word from the scanner, b up to 50 is
 * a b0 as acquired (1.25 s/mm2 from the imaging gradients), more is a trace image.
 */
export function gradientReading(parts: {
  bValue: number;
  direction: Vector3 | undefined;
  directionality?: string | undefined;
  warnings?: readonly string[];
}): GradientReading {
  const { bValue, direction, directionality, warnings = [] } = parts;
  const word = directionality?.trim().toUpperCase();
  const none = word === 'NONE' || bValue < LARGEST_B_WITHOUT_DIRECTION;
  const kept = none || word === 'ISOTROPIC' ? null : (direction ?? null);
  const promised = word === 'DIRECTIONAL' || word === 'BMATRIX';
  const trace = word === 'ISOTROPIC' || bValue > B0_LIMIT_S_PER_MM2;
  const kind = none ? 'none' : kept || promised ? 'directional' : trace ? 'isotropic' : 'none';
  // Adding 0 makes 0 of -0, which DICOM JSON may or may not keep.
  const tidy: Vector3 | null = kept && [kept[0] + 0, kept[1] + 0, kept[2] + 0];
  return { bValue, direction: tidy, directionality: kind, warnings };
}
