import type { Vector3 } from '@myelon/diffusion';
import { item, number, string, tuple } from '../../dataset/access';
import type { DicomJsonDataset } from '../../dataset/dicom-json';
import { Tag } from '../../dataset/tags';
import { axialAngleDegrees, vector3 } from '../vectors';
import { bMatrix, principalAxis, traceOf, type BMatrix } from './b-matrix';
import {
  gradientReading,
  isPlausibleB,
  unitDirection,
  type GradientReader,
  type GradientReading,
} from './gradient-reading';

const B_MATRIX_TAGS = [
  Tag.DiffusionBValueXX,
  Tag.DiffusionBValueXY,
  Tag.DiffusionBValueXZ,
  Tag.DiffusionBValueYY,
  Tag.DiffusionBValueYZ,
  Tag.DiffusionBValueZZ,
];

/**
 * Standard attributes: MR Diffusion Sequence of enhanced objects, or the same attributes at the top level of a
 * classic image, as several vendors write them. Frame is LPS. Only these two levels are looked at: the same tags
 * inside private sequences can mean something else.
 * Source: PS3.3 C.8.13.5.9 (MR Diffusion Macro).
 */
export const standardGradient: GradientReader = {
  name: 'standard diffusion attributes',
  read: (dataset) => standardReading(item(dataset, Tag.MRDiffusionSequence) ?? dataset),
};

/** @param group an item of MR Diffusion Sequence, or a classic image */
export function standardReading(group: DicomJsonDataset): GradientReading | undefined {
  const bValue = number(group, Tag.DiffusionBValue);
  const matrix = standardBMatrix(group);
  const directionality = string(group, Tag.DiffusionDirectionality);
  const warnings: string[] = [];
  const b = isPlausibleB(bValue) ? bValue : matrix ? traceOf(matrix) : undefined;
  if (!isPlausibleB(b)) {
    return directionality === 'NONE'
      ? gradientReading({ bValue: 0, direction: undefined, directionality })
      : undefined;
  }
  const direction = unitDirection(standardVector(group));
  const axis = matrix && principalAxis(matrix);
  if (direction && axis && axialAngleDegrees(direction, axis) > 1)
    warnings.push('direction (0018,9089) and b-matrix (0018,9601) differ by more than 1 degree');
  if (isPlausibleB(bValue) && matrix && bValue >= 1 && Math.abs(traceOf(matrix) / bValue - 1) > 0.05)
    warnings.push('b-value (0018,9087) and trace of the b-matrix differ by more than 5 %');
  return gradientReading({ bValue: b, direction: direction ?? axis, directionality, warnings });
}

function standardVector(group: DicomJsonDataset): Vector3 | undefined {
  const nested = item(group, Tag.DiffusionGradientDirectionSequence);
  const inSequence = nested && tuple(nested, Tag.DiffusionGradientOrientation, 3);
  return vector3(inSequence ?? tuple(group, Tag.DiffusionGradientOrientation, 3));
}

function standardBMatrix(group: DicomJsonDataset): BMatrix | undefined {
  // Classic images of some writers have the six numbers beside the b-value, without a sequence.
  const holder = item(group, Tag.DiffusionBMatrixSequence) ?? group;
  return bMatrix(B_MATRIX_TAGS.map((tag) => number(holder, tag)));
}
