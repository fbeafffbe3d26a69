import {
  InputRefused,
  patientToVoxel,
  voxelCount,
  type Affine,
  type Vector3,
  type VoxelGrid,
} from '@myelon/diffusion';
import { integer, item, items, number, string, tuple } from '../dataset/access';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { parsePart10 } from '../dataset/part10';
import { unpackFrame } from './bit-frames';
import { SEGMENTATION_STORAGE } from './content';

/** A frame counts as lying on a slice when its corner is this close, in voxels. */
const ON_GRID_TOLERANCE = 0.05;

export interface ReadSegment {
  readonly number: number;
  readonly label: string;
  readonly trackingUID?: string;
  readonly trackingIdentifier?: string;
  /** `[slice][row][column]`, 0 or 1. */
  readonly voxels: Uint8Array;
}

export interface ReadSegmentation {
  readonly sopInstanceUID: string;
  readonly referencedSeriesInstanceUID?: string;
  readonly grid: VoxelGrid;
  readonly segments: readonly ReadSegment[];
}

interface Frame {
  readonly segmentNumber: number;
  readonly position: Vector3;
  readonly pixels: Uint8Array;
}

/**
 * Reads a BINARY Segmentation object, Myelon's or another's.
 *
 * @param bytes a Part 10 file
 * @param onto the grid to place the segments on; without one, the grid the frames themselves span
 * @throws InputRefused when it is no binary segmentation, or its frames do not lie on the grid
 */
export function readSegmentation(bytes: Uint8Array, onto?: VoxelGrid): ReadSegmentation {
  const where = 'segmentation';
  const { dataset, pixelData } = parsePart10(bytes, where);
  checkKind(dataset, where);
  if (pixelData?.kind !== 'native')
    throw new InputRefused('its pixels are missing or compressed', where, 'fetch it uncompressed');
  const frames = readFrames(dataset, pixelData.bytes, where);
  const grid = onto ?? spannedGrid(dataset, frames, where);
  const referencedSeries = string(item(dataset, '00081115') ?? {}, '0020000E');
  return {
    sopInstanceUID: string(dataset, '00080018') ?? '',
    ...(referencedSeries === undefined ? {} : { referencedSeriesInstanceUID: referencedSeries }),
    grid,
    segments: items(dataset, '00620002').map((segment) => readSegment(segment, frames, dataset, grid, where)),
  };
}

function checkKind(dataset: DicomJsonDataset, where: string): void {
  if (string(dataset, '00080016') !== SEGMENTATION_STORAGE)
    throw new InputRefused('not a Segmentation object', where, 'choose a series of modality SEG');
  const type = string(dataset, '00620001') ?? 'unknown';
  if (type !== 'BINARY') {
    throw new InputRefused(
      `a segmentation of type ${type}`,
      where,
      'only BINARY segmentations are read: save it as such, or outline the cord here',
    );
  }
}

function readFrames(dataset: DicomJsonDataset, packed: Uint8Array, where: string): Frame[] {
  const rows = integer(dataset, '00280010') ?? 0;
  const columns = integer(dataset, '00280011') ?? 0;
  const groups = items(dataset, '52009230');
  if (rows * columns === 0 || groups.length === 0 || packed.length * 8 < rows * columns * groups.length)
    throw new InputRefused('fewer pixels than its frames need', where, 'fetch it again');
  return groups.map((group, index) => {
    const segmentNumber = integer(item(group, '0062000A') ?? {}, '0062000B');
    const position = tuple(item(group, '00209113') ?? {}, '00200032', 3);
    if (segmentNumber === undefined || !position) {
      throw new InputRefused(
        `frame ${String(index + 1)} does not say its segment or position`,
        where,
        'outline the cord here instead',
      );
    }
    const [x = 0, y = 0, z = 0] = position;
    return {
      segmentNumber,
      position: [x, y, z] as const,
      pixels: unpackFrame(packed, index, rows * columns),
    };
  });
}

/** Grid of the frames themselves: their plane, and slices from the first to the last position along the normal. */
function spannedGrid(dataset: DicomJsonDataset, frames: readonly Frame[], where: string): VoxelGrid {
  const shared = item(dataset, '52009229') ?? {};
  const orientation = tuple(item(shared, '00209116') ?? {}, '00200037', 6);
  const spacing = tuple(item(shared, '00289110') ?? {}, '00280030', 2);
  if (!orientation || !spacing)
    throw new InputRefused('no orientation or pixel spacing', where, 'give the grid of the source images');
  const [ax = 0, ay = 0, az = 0, bx = 0, by = 0, bz = 0] = orientation;
  const [rowSpacing = 1, columnSpacing = 1] = spacing;
  const normal: Vector3 = [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];
  const depth = ({ position }: Frame) =>
    position[0] * normal[0] + position[1] * normal[1] + position[2] * normal[2];
  const ordered = [...frames].sort((p, q) => depth(p) - depth(q));
  const [first, last] = [ordered[0], ordered.at(-1)];
  if (!first || !last) throw new InputRefused('no frames', where, 'fetch it again');
  const declared = number(item(shared, '00289110') ?? {}, '00180088');
  const gaps = ordered.slice(1).map((frame, index) => depth(frame) - depth(ordered[index] ?? frame));
  const step = declared ?? Math.min(...gaps.filter((gap) => gap > 1e-3), Number.MAX_VALUE);
  const thickness = step === Number.MAX_VALUE ? 1 : step;
  const [nx, ny, nz] = normal.map((component) => component * thickness) as [number, number, number];
  const affine: Affine = [
    ...[ax * columnSpacing, bx * rowSpacing, nx, first.position[0]],
    ...[ay * columnSpacing, by * rowSpacing, ny, first.position[1]],
    ...[az * columnSpacing, bz * rowSpacing, nz, first.position[2]],
  ] as unknown as Affine;
  const frameOfReferenceUID = string(dataset, '00200052');
  return {
    columns: integer(dataset, '00280011') ?? 0,
    rows: integer(dataset, '00280010') ?? 0,
    slices: Math.round((depth(last) - depth(first)) / thickness) + 1,
    affine,
    ...(frameOfReferenceUID === undefined ? {} : { frameOfReferenceUID }),
  };
}

function readSegment(
  segment: DicomJsonDataset,
  frames: readonly Frame[],
  dataset: DicomJsonDataset,
  grid: VoxelGrid,
  where: string,
): ReadSegment {
  const segmentNumber = integer(segment, '00620004') ?? 0;
  const trackingUID = string(segment, '00620021');
  const trackingIdentifier = string(segment, '00620020');
  const voxels = new Uint8Array(voxelCount(grid));
  for (const frame of frames) {
    if (frame.segmentNumber === segmentNumber) placeFrame(frame, voxels, dataset, grid, where);
  }
  return {
    number: segmentNumber,
    label: string(segment, '00620005') ?? `Segment ${String(segmentNumber)}`,
    ...(trackingUID === undefined ? {} : { trackingUID }),
    ...(trackingIdentifier === undefined ? {} : { trackingIdentifier }),
    voxels,
  };
}

function placeFrame(
  frame: Frame,
  voxels: Uint8Array,
  dataset: DicomJsonDataset,
  grid: VoxelGrid,
  where: string,
): void {
  const [column, row, slice] = patientToVoxel(grid, frame.position);
  const nearest = Math.round(slice);
  const off = Math.max(Math.abs(column), Math.abs(row), Math.abs(slice - nearest));
  const fits =
    off <= ON_GRID_TOLERANCE &&
    nearest >= 0 &&
    nearest < grid.slices &&
    integer(dataset, '00280010') === grid.rows &&
    integer(dataset, '00280011') === grid.columns;
  if (!fits) {
    throw new InputRefused(
      'its frames do not lie on the slices of these images',
      where,
      'open the series it was made on, or outline the cord here',
    );
  }
  voxels.set(frame.pixels, nearest * grid.rows * grid.columns);
}
