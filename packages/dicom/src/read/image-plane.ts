import { InputRefused, type Vector3 } from '@myelon/diffusion';
import { tuple } from '../dataset/access';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { Tag } from '../dataset/tags';
import { cross, dot, length, scaled, vector3 } from './vectors';

/** Direction of rows and columns of an image in LPS (PS3.3 C.7.6.2.1.1). Unit vectors, `normal` = row x column. */
export interface ImageOrientation {
  /** Along a row: the direction of growing column index. */
  readonly row: Vector3;
  /** Along a column: the direction of growing row index. */
  readonly column: Vector3;
  readonly normal: Vector3;
}

/** Where one image lies. */
export interface ImagePlane extends ImageOrientation {
  /** Centre of the first pixel, LPS mm. */
  readonly position: Vector3;
  /** Distance in mm between rows. */
  readonly rowSpacingMm: number;
  /** Distance in mm between columns. */
  readonly columnSpacingMm: number;
}

const UNIT_TOLERANCE = 0.01;

/**
 * @param from data sets that may hold Image Orientation (Patient), the first that does is used
 * @throws InputRefused when it is missing or does not describe two perpendicular unit vectors
 */
export function imageOrientation(from: readonly DicomJsonDataset[], name: string): ImageOrientation {
  const six = firstTuple(from, Tag.ImageOrientationPatient, 6);
  const row = vector3(six);
  const column = vector3(six, 3);
  if (!row || !column) throw missing('Image Orientation (0020,0037)', name);
  const [rowLength, columnLength] = [length(row), length(column)];
  const skew = Math.abs(dot(row, column));
  if (
    Math.abs(rowLength - 1) > UNIT_TOLERANCE ||
    Math.abs(columnLength - 1) > UNIT_TOLERANCE ||
    skew > UNIT_TOLERANCE
  )
    throw new InputRefused(
      'Image Orientation (0020,0037) is not two perpendicular unit vectors',
      name,
      'the header is damaged: fetch the series again from the scanner',
    );
  const unitRow = scaled(row, 1 / rowLength);
  const unitColumn = scaled(column, 1 / columnLength);
  return { row: unitRow, column: unitColumn, normal: cross(unitRow, unitColumn) };
}

/** @throws InputRefused when Image Position (Patient) is missing */
export function imagePosition(from: readonly DicomJsonDataset[], name: string): Vector3 {
  const position = vector3(firstTuple(from, Tag.ImagePositionPatient, 3));
  if (!position) throw missing('Image Position (0020,0032)', name);
  return position;
}

/** Distances in mm between rows and between columns. @throws InputRefused when Pixel Spacing is missing or not positive */
export function pixelSpacing(from: readonly DicomJsonDataset[], name: string): readonly [number, number] {
  const [rowSpacingMm, columnSpacingMm] = firstTuple(from, Tag.PixelSpacing, 2) ?? [];
  if (rowSpacingMm === undefined || columnSpacingMm === undefined)
    throw missing('Pixel Spacing (0028,0030)', name);
  if (!(rowSpacingMm > 0 && columnSpacingMm > 0))
    throw new InputRefused('Pixel Spacing (0028,0030) is not positive', name, 'fetch the series again');
  return [rowSpacingMm, columnSpacingMm];
}

function firstTuple(
  from: readonly DicomJsonDataset[],
  tag: string,
  count: number,
): readonly number[] | undefined {
  for (const dataset of from) {
    const found = tuple(dataset, tag, count);
    if (found) return found;
  }
  return undefined;
}

function missing(what: string, name: string): InputRefused {
  return new InputRefused(
    `${what} is missing`,
    name,
    'without it slices have no place: send the series again from the scanner',
  );
}
