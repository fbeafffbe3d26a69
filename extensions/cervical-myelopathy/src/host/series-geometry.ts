import type { Vector3 } from '@myelon/diffusion';
import type { DisplaySet, NaturalizedInstance } from './ohif';

/** Where the images of a display set lie: what is needed to go between slices, voxels and patient positions. */
export interface SeriesGeometry {
  readonly columns: number;
  readonly rows: number;
  /** Image Position (Patient) of every slice, in the order of the images: ascending along `normal`. */
  readonly positions: readonly Vector3[];
  /** Unit vectors in LPS: along a row (column index), along a column (row index), and their cross product. */
  readonly rowDirection: Vector3;
  readonly columnDirection: Vector3;
  readonly normal: Vector3;
  /** Distance between columns, and between rows, in mm. */
  readonly columnSpacingMm: number;
  readonly rowSpacingMm: number;
}

/** Geometry of the images a display set shows; null when one of them says nothing about its position. */
export function seriesGeometry(displaySet: DisplaySet): SeriesGeometry | null {
  const images = displaySet.images ?? displaySet.instances ?? [];
  const first = images[0];
  if (!first) return null;
  const orientation = numbers(
    first['ImageOrientationPatient'] ??
      functionalGroup(first, 'PlaneOrientationSequence', 'ImageOrientationPatient'),
  );
  const spacing = numbers(
    first['PixelSpacing'] ?? functionalGroup(first, 'PixelMeasuresSequence', 'PixelSpacing'),
  );
  const positions = images.map((image) => vector(numbers(image['ImagePositionPatient'])));
  if (orientation.length < 6 || spacing.length < 2 || positions.some((position) => position === null))
    return null;
  const rowDirection = vector(orientation.slice(0, 3));
  const columnDirection = vector(orientation.slice(3, 6));
  if (!rowDirection || !columnDirection) return null;
  return {
    columns: Number(first['Columns']),
    rows: Number(first['Rows']),
    positions: positions.filter((position) => position !== null),
    rowDirection,
    columnDirection,
    normal: cross(rowDirection, columnDirection),
    rowSpacingMm: spacing[0] ?? 1,
    columnSpacingMm: spacing[1] ?? 1,
  };
}

/** Centre of a slice in LPS mm; null for a slice there is not. */
export function sliceCentre(geometry: SeriesGeometry, slice: number): Vector3 | null {
  const position = geometry.positions[slice];
  if (!position) return null;
  const along = ((geometry.columns - 1) / 2) * geometry.columnSpacingMm;
  const down = ((geometry.rows - 1) / 2) * geometry.rowSpacingMm;
  const at = (axis: 0 | 1 | 2) =>
    position[axis] + along * geometry.rowDirection[axis] + down * geometry.columnDirection[axis];
  return [at(0), at(1), at(2)];
}

/** The slice whose plane is nearest to a point, with its distance in mm. */
export function nearestSlice(
  geometry: SeriesGeometry,
  point: Vector3,
): { slice: number; distanceMm: number } | null {
  let best: { slice: number; distanceMm: number } | null = null;
  for (const [slice, position] of geometry.positions.entries()) {
    const distanceMm = Math.abs(dot(subtract(point, position), geometry.normal));
    if (!best || distanceMm < best.distanceMm) best = { slice, distanceMm };
  }
  return best;
}

/** The voxel a point lies in, as (column, row, slice); null outside the images. */
export function voxelAt(geometry: SeriesGeometry, point: Vector3): readonly [number, number, number] | null {
  const nearest = nearestSlice(geometry, point);
  const position = nearest ? geometry.positions[nearest.slice] : undefined;
  if (!nearest || !position) return null;
  const offset = subtract(point, position);
  const column = Math.round(dot(offset, geometry.rowDirection) / geometry.columnSpacingMm);
  const row = Math.round(dot(offset, geometry.columnDirection) / geometry.rowSpacingMm);
  const inside = column >= 0 && column < geometry.columns && row >= 0 && row < geometry.rows;
  return inside ? [column, row, nearest.slice] : null;
}

export function dot(p: Vector3, q: Vector3): number {
  return p[0] * q[0] + p[1] * q[1] + p[2] * q[2];
}

function subtract(p: Vector3, q: Vector3): Vector3 {
  return [p[0] - q[0], p[1] - q[1], p[2] - q[2]];
}

function cross(p: Vector3, q: Vector3): Vector3 {
  return [p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]];
}

function functionalGroup(image: NaturalizedInstance, group: string, keyword: string): unknown {
  for (const where of ['PerFrameFunctionalGroupsSequence', 'SharedFunctionalGroupsSequence']) {
    const value = firstItem(firstItem(image[where])?.[group])?.[keyword];
    if (value !== undefined) return value;
  }
  return undefined;
}

function firstItem(sequence: unknown): Record<string, unknown> | undefined {
  return (Array.isArray(sequence) ? sequence[0] : sequence) as Record<string, unknown> | undefined;
}

function numbers(value: unknown): number[] {
  return Array.isArray(value) ? value.map(Number) : [];
}

function vector(values: readonly number[]): Vector3 | null {
  const [x, y, z] = values;
  return x !== undefined && y !== undefined && z !== undefined && [x, y, z].every(Number.isFinite)
    ? [x, y, z]
    : null;
}
