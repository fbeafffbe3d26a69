import { InputRefused, patientToVoxel, voxelCount, type Vector3, type VoxelGrid } from '@myelon/diffusion';
import { integer, items, numbers, string } from '../dataset/access';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { parsePart10 } from '../dataset/part10';

/** RT Structure Set Storage, PS3.4 B.5. */
export const RT_STRUCTURE_SET_STORAGE = '1.2.840.10008.5.1.4.1.1.481.3';

/** One region of interest, drawn as closed planar contours. */
export interface StructureRoi {
  readonly number: number;
  readonly name: string;
  readonly frameOfReferenceUID?: string;
  /** Closed contours, LPS mm. */
  readonly contours: readonly (readonly Vector3[])[];
  /** Open lines and points, which enclose nothing. */
  readonly otherContours: number;
}

export interface StructureSet {
  readonly sopInstanceUID: string;
  readonly label: string;
  readonly rois: readonly StructureRoi[];
}

/** A contour leans out of a slice when its points lie further from it, in slices. */
const WITHIN_SLICE = 0.5;

/**
 * Reads an RT Structure Set (PS3.3 C.8.8.5, C.8.8.6).
 * @param bytes a Part 10 file
 * @throws InputRefused when it is another object, or a contour is broken
 */
export function readStructureSet(bytes: Uint8Array): StructureSet {
  const where = 'structure set';
  const { dataset } = parsePart10(bytes, where);
  if (string(dataset, '00080016') !== RT_STRUCTURE_SET_STORAGE)
    throw new InputRefused('not an RT Structure Set', where, 'choose a series of modality RTSTRUCT');
  const drawn = new Map(
    items(dataset, '30060039').map((roi) => [integer(roi, '30060084'), items(roi, '30060040')] as const),
  );
  return {
    sopInstanceUID: string(dataset, '00080018') ?? '',
    label: string(dataset, '30060002') ?? '',
    rois: items(dataset, '30060020').flatMap((roi) => {
      const number = integer(roi, '30060022');
      return number === undefined ? [] : [readRoi(roi, number, drawn.get(number) ?? [])];
    }),
  };
}

function readRoi(roi: DicomJsonDataset, number: number, drawn: readonly DicomJsonDataset[]): StructureRoi {
  const name = string(roi, '30060026') ?? `ROI ${String(number)}`;
  const frameOfReferenceUID = string(roi, '30060024');
  const closed = drawn.filter((contour) => string(contour, '30060042')?.startsWith('CLOSED') === true);
  return {
    number,
    name,
    ...(frameOfReferenceUID === undefined ? {} : { frameOfReferenceUID }),
    contours: closed.map((contour) => readPoints(contour, name)),
    otherContours: drawn.length - closed.length,
  };
}

function readPoints(contour: DicomJsonDataset, name: string): Vector3[] {
  const data = numbers(contour, '30060050');
  const count = integer(contour, '30060046') ?? data.length / 3;
  if (data.length !== 3 * count || count < 3 || !data.every(Number.isFinite)) {
    throw new InputRefused(
      `a contour of "${name}" says ${String(count)} points and holds ${String(data.length)} coordinates`,
      'structure set',
      'export it again',
    );
  }
  return Array.from({ length: count }, (_, at): Vector3 => [
    data[3 * at] ?? 0,
    data[3 * at + 1] ?? 0,
    data[3 * at + 2] ?? 0,
  ]);
}

/**
 * The voxels of a grid whose centre lies inside a region. A contour inside another of the same slice is a hole.
 * @returns `[slice][row][column]`, 0 or 1
 * @throws InputRefused when the region belongs to another frame of reference, was drawn in other planes than the slices
 * of the grid, or lies outside them
 */
export function roiVoxels(roi: StructureRoi, grid: VoxelGrid): Uint8Array {
  const refuse = (what: string) =>
    new InputRefused(
      what,
      `structure "${roi.name}"`,
      'draw it on the series that is measured, or export a SEG',
    );
  const { frameOfReferenceUID: own } = roi;
  if (own !== undefined && grid.frameOfReferenceUID !== undefined && own !== grid.frameOfReferenceUID)
    throw refuse('it belongs to another frame of reference');
  const voxels = new Uint8Array(voxelCount(grid));
  let inside = 0;
  for (const contour of roi.contours) {
    const points = contour.map((point) => patientToVoxel(grid, point));
    const slice = Math.round(points.reduce((sum, point) => sum + point[2], 0) / points.length);
    if (points.some((point) => Math.abs(point[2] - slice) > WITHIN_SLICE))
      throw refuse('it is drawn in planes that are not the slices of this series');
    if (slice < 0 || slice >= grid.slices) continue;
    inside += 1;
    flipInside(voxels, grid, slice, points);
  }
  if (inside === 0) throw refuse('no closed contour lies in these slices');
  return voxels;
}

/** Flips the voxels inside a polygon, so that nested contours cut holes (scan lines, even-odd). */
function flipInside(voxels: Uint8Array, grid: VoxelGrid, slice: number, points: readonly Vector3[]): void {
  for (let row = 0; row < grid.rows; row++) {
    const crossings: number[] = [];
    points.forEach(([x1, y1], at) => {
      const [x0, y0] = points[(at + points.length - 1) % points.length] ?? [x1, y1];
      if (y0 > row !== y1 > row) crossings.push(x0 + ((row - y0) / (y1 - y0)) * (x1 - x0));
    });
    crossings.sort((p, q) => p - q);
    for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
      const first = Math.max(Math.ceil(crossings[pair] ?? 0), 0);
      const last = Math.min(Math.floor(crossings[pair + 1] ?? -1), grid.columns - 1);
      for (let column = first; column <= last; column++) {
        const at = (slice * grid.rows + row) * grid.columns + column;
        voxels[at] = 1 - (voxels[at] ?? 0);
      }
    }
  }
}
