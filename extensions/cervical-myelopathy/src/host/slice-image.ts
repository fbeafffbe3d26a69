import { voxelToPatient, type Vector3, type VoxelGrid } from '@myelon/diffusion';
import type { Types } from '@cornerstonejs/core';
import type { HostContext } from './context';
import type { NaturalizedInstance } from './ohif';

/** One slice held in memory, with what the viewer asks of an image. */
export interface SliceImage {
  readonly grid: VoxelGrid;
  readonly slice: number;
  readonly pixels: Float32Array;
  readonly window: { readonly lower: number; readonly upper: number };
  readonly instance: NaturalizedInstance;
}

/** The slice as the viewer's image loader hands images out. */
export function cornerstoneImage(context: HostContext, imageId: string, slice: SliceImage): Types.IImage {
  const { grid, pixels, window } = slice;
  const { row, column } = directions(grid);
  const voxelManager = context.cornerstone.utilities.VoxelManager.createImageVoxelManager({
    width: grid.columns,
    height: grid.rows,
    numberOfComponents: 1,
    scalarData: pixels,
    id: imageId,
  });
  return {
    imageId,
    intercept: 0,
    slope: 1,
    windowCenter: (window.lower + window.upper) / 2,
    windowWidth: window.upper - window.lower,
    voiLUTFunction: context.cornerstone.Enums.VOILUTFunctionType.LINEAR,
    color: false,
    rgba: false,
    numberOfComponents: 1,
    invert: false,
    rows: grid.rows,
    columns: grid.columns,
    height: grid.rows,
    width: grid.columns,
    rowPixelSpacing: column.mm,
    columnPixelSpacing: row.mm,
    sizeInBytes: pixels.byteLength,
    minPixelValue: window.lower,
    maxPixelValue: window.upper,
    dataType: 'Float32Array',
    photometricInterpretation: 'MONOCHROME2',
    getPixelData: () => pixels,
    getCanvas: () => document.createElement('canvas'),
    voxelManager,
  } as unknown as Types.IImage;
}

/** What the viewer's metadata providers say of the slice; undefined for what only the archive knows. */
export function moduleOf(type: string, { grid, slice, window, instance }: SliceImage): unknown {
  const { row, column } = directions(grid);
  switch (type) {
    case 'instance':
      return instance;
    case 'imagePlaneModule':
      return {
        frameOfReferenceUID: instance['FrameOfReferenceUID'],
        rows: grid.rows,
        columns: grid.columns,
        imageOrientationPatient: [...row.unit, ...column.unit],
        rowCosines: row.unit,
        columnCosines: column.unit,
        imagePositionPatient: [...voxelToPatient(grid, [0, 0, slice])],
        sliceThickness: spacingMm(grid),
        pixelSpacing: [column.mm, row.mm],
        rowPixelSpacing: column.mm,
        columnPixelSpacing: row.mm,
      };
    case 'imagePixelModule':
      return {
        samplesPerPixel: 1,
        photometricInterpretation: 'MONOCHROME2',
        rows: grid.rows,
        columns: grid.columns,
        bitsAllocated: 32,
        bitsStored: 32,
        highBit: 31,
        pixelRepresentation: 1,
      };
    case 'generalSeriesModule':
      return {
        modality: 'MR',
        studyInstanceUID: instance.StudyInstanceUID,
        seriesInstanceUID: instance.SeriesInstanceUID,
        seriesNumber: Number(instance['SeriesNumber'] ?? 0),
      };
    case 'voiLutModule':
      return {
        windowCenter: [(window.lower + window.upper) / 2],
        windowWidth: [window.upper - window.lower],
      };
    case 'modalityLutModule':
      return { rescaleSlope: 1, rescaleIntercept: 0 };
    default:
      return undefined;
  }
}

interface Axis {
  /** Unit vector in LPS. */
  readonly unit: Vector3;
  readonly mm: number;
}

/** `row`: from one column to the next; `column`: from one row to the next. */
export function directions(grid: VoxelGrid): { row: Axis; column: Axis } {
  return { row: axis(grid, [1, 0, 0]), column: axis(grid, [0, 1, 0]) };
}

function axis(grid: VoxelGrid, step: Vector3): Axis {
  const from = voxelToPatient(grid, [0, 0, 0]);
  const to = voxelToPatient(grid, step);
  const [x, y, z] = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
  const mm = Math.hypot(x, y, z);
  return { unit: [x / mm, y / mm, z / mm], mm };
}

export function spacingMm(grid: VoxelGrid): number {
  return axis(grid, [0, 0, 1]).mm;
}
