import { item, items, numbers, strings, tuple } from '../dataset/access';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { Tag } from '../dataset/tags';

/** Dimensions that run along the slices of one volume: in-stack position, image position, and the stack itself. */
const SLICE_POINTERS = new Set<string>([Tag.InStackPositionNumber, Tag.ImagePositionPatient, '00209056']);

/**
 * Dimension Index Values of every frame without the slice dimension: equal for the frames of one volume.
 * Which dimension runs along slices is told by Dimension Index Sequence; without it, it is the one whose value and
 * the frame's position determine each other. Empty lists when the object has no dimensions.
 * Source: PS3.3 C.7.6.17.
 */
export function volumeDimensions(
  dataset: DicomJsonDataset,
  perFrame: readonly DicomJsonDataset[],
  shared: DicomJsonDataset,
): (readonly number[])[] {
  const indices = perFrame.map((own) => {
    const content = item(own, Tag.FrameContentSequence) ?? item(shared, Tag.FrameContentSequence);
    return content ? numbers(content, Tag.DimensionIndexValues) : [];
  });
  const count = indices[0]?.length ?? 0;
  if (count === 0 || indices.some((index) => index.length !== count)) return indices.map(() => []);
  const pointers = items(dataset, Tag.DimensionIndexSequence).map(
    (pointer) => strings(pointer, Tag.DimensionIndexPointer)[0] ?? '',
  );
  const along =
    pointers.length === count && pointers.some((pointer) => SLICE_POINTERS.has(pointer))
      ? pointers.map((pointer) => SLICE_POINTERS.has(pointer))
      : dimensionsAlongPosition(indices, perFrame.map(positionKey));
  return indices.map((index) => index.filter((_, dimension) => along[dimension] !== true));
}

function positionKey(own: DicomJsonDataset): string {
  const plane = item(own, Tag.PlanePositionSequence);
  return (plane && tuple(plane, Tag.ImagePositionPatient, 3)?.join(' ')) ?? '';
}

function dimensionsAlongPosition(indices: readonly number[][], positions: readonly string[]): boolean[] {
  const distinct = new Set(positions).size;
  return (indices[0] ?? []).map((_, dimension) => {
    const seen = new Map<number, string>();
    const consistent = indices.every((index, frame) => {
      const value = index[dimension] ?? 0;
      const position = positions[frame] ?? '';
      const before = seen.get(value);
      seen.set(value, position);
      return before === undefined || before === position;
    });
    return consistent && seen.size === distinct && distinct > 1;
  });
}
