import { encodePart10, withVR, type Attributes } from '@myelon/dicom';
import type { GradientTable, Vector3, VoxelGrid } from '@myelon/diffusion';
import { acquisitionTime, classicSeriesAttributes, pixelModule, type DicomFile } from './classic-mr';
import { slicePlanes, storePixels, volumesIn, type ImageSeries, type SlicePlanes } from './image-series';
import { csaHeader } from './siemens-csa';
import { studyAttributes, uidIn, type SimulatedStudy } from './study';

/** `mosaic` as Siemens tiles slices, `tiles` as United Imaging does (VFRAME). */
export type Tiling = 'mosaic' | 'tiles';

interface TileLayout {
  readonly columns: number;
  readonly rows: number;
}

/** Writes a diffusion series as one classic object per volume, all its slices as tiles of one image. */
export function tiledMRFiles(
  series: ImageSeries,
  gradients: GradientTable,
  study: SimulatedStudy,
  as: { readonly tiling: Tiling; readonly folder: string },
): DicomFile[] {
  const { grid } = series;
  const pixels = storePixels(series.values, series.description);
  const planes = slicePlanes(grid, series.description);
  const layout = layoutOf(grid.slices, as.tiling);
  const whole = { rows: layout.rows * grid.rows, columns: layout.columns * grid.columns };
  const perVolume = grid.columns * grid.rows * grid.slices;
  return Array.from({ length: volumesIn(series) }, (_, volume) => {
    const weighting: Weighting = {
      bValue: gradients.bValue(volume),
      direction: gradients.hasDirection(volume) ? gradients.direction(volume) : undefined,
    };
    const stored = pixels.stored.subarray(volume * perVolume, (volume + 1) * perVolume);
    const time = acquisitionTime(series, study, volume);
    const bytes = encodePart10({
      ...studyAttributes(study),
      ...classicSeriesAttributes(series, study),
      ...pixelModule(whole),
      ...(as.tiling === 'mosaic'
        ? mosaicAttributes(grid, planes, layout, weighting)
        : vframeAttributes(planes, weighting)),
      SOPInstanceUID: uidIn(study, `series ${String(series.seriesNumber)} volume ${String(volume)}`),
      InstanceNumber: volume + 1,
      AcquisitionNumber: volume + 1,
      AcquisitionDate: study.studyDate,
      AcquisitionTime: time,
      ContentDate: study.studyDate,
      ContentTime: time,
      ImageOrientationPatient: planes.orientation,
      PixelSpacing: [...planes.pixelSpacing],
      SliceThickness: planes.sliceSpacing,
      SpacingBetweenSlices: planes.sliceSpacing,
      RescaleIntercept: pixels.intercept,
      RescaleSlope: pixels.slope,
      RescaleType: 'US',
      PixelData: withVR('OW', tiled(stored, grid, layout)),
    });
    return { path: `${as.folder}/${String(volume + 1).padStart(4, '0')}.dcm`, bytes };
  });
}

interface Weighting {
  readonly bValue: number;
  readonly direction: Vector3 | undefined;
}

function layoutOf(slices: number, tiling: Tiling): TileLayout {
  const columns = Math.ceil(Math.sqrt(slices));
  return { columns, rows: tiling === 'mosaic' ? columns : Math.ceil(slices / columns) };
}

/** Left to right, then down; what is left over stays 0. */
function tiled(stored: Uint16Array, { columns, rows, slices }: VoxelGrid, layout: TileLayout): Uint16Array {
  const width = layout.columns * columns;
  const image = new Uint16Array(width * layout.rows * rows);
  for (let slice = 0; slice < slices; slice++) {
    const left = (slice % layout.columns) * columns;
    const top = Math.floor(slice / layout.columns) * rows;
    for (let row = 0; row < rows; row++) {
      const from = (slice * rows + row) * columns;
      image.set(stored.subarray(from, from + columns), (top + row) * width + left);
    }
  }
  return image;
}

/**
 * Siemens: b, direction (LPS) and b-matrix in group 0019 and in the CSA header; Image Position is that of an image of
 * the mosaic's size around the centre of the first slice; slices follow the CSA normal, which may oppose row x column.
 */
function mosaicAttributes(
  grid: VoxelGrid,
  planes: SlicePlanes,
  layout: TileLayout,
  { bValue, direction }: Weighting,
): Attributes {
  const { row, column, step } = axesOf(grid, planes);
  const right = ((layout.columns - 1) * grid.columns * planes.pixelSpacing[1]) / 2;
  const down = ((layout.rows - 1) * grid.rows * planes.pixelSpacing[0]) / 2;
  const first = planes.positions[0] ?? [0, 0, 0];
  const text = (values: readonly number[]) => values.map((value) => value.toFixed(8));
  const csa = csaHeader({
    NumberOfImagesInMosaic: [String(grid.slices)],
    SliceNormalVector: text(step),
    B_value: [String(Math.round(bValue))],
    DiffusionGradientDirection: direction ? text(direction) : [],
  });
  return {
    Manufacturer: 'SIEMENS',
    ImageType: ['ORIGINAL', 'PRIMARY', 'DIFFUSION', 'NONE', 'ND', 'MOSAIC'],
    ImagePositionPatient: first.map(
      (start, axis) => start - right * (row[axis] ?? 0) - down * (column[axis] ?? 0),
    ),
    '00190010': { vr: 'LO', Value: ['SIEMENS MR HEADER'] },
    '0019100A': { vr: 'US', Value: [grid.slices] },
    '0019100C': { vr: 'IS', Value: [Math.round(bValue)] },
    '0019100D': { vr: 'CS', Value: [direction ? 'DIRECTIONAL' : 'NONE'] },
    ...(direction
      ? {
          '0019100E': { vr: 'FD', Value: [...direction] },
          '00191027': { vr: 'FD', Value: bMatrix(bValue, direction) },
        }
      : {}),
    '00290010': { vr: 'LO', Value: ['SIEMENS CSA HEADER'] },
    '00291010': { vr: 'OB', InlineBinary: base64(csa) },
  };
}

/** United Imaging: the direction along row, column and row x column; a position for each tile, none for the image. */
function vframeAttributes(planes: SlicePlanes, { bValue, direction }: Weighting): Attributes {
  const [row, column] = [planes.orientation.slice(0, 3), planes.orientation.slice(3)];
  const normal = cross(row, column);
  const components = [row, column, normal].map((axis) => (direction ? dot(direction, axis) : 0));
  return {
    Manufacturer: 'UIH',
    ImageType: ['ORIGINAL', 'PRIMARY', 'M', 'VFRAME'],
    '00650010': { vr: 'LO', Value: ['Image Private Header'] },
    '00651009': { vr: 'FD', Value: [bValue] },
    '00651037': { vr: 'FD', Value: components },
    '00651050': { vr: 'DS', Value: [planes.positions.length] },
    '00651051': {
      vr: 'SQ',
      Value: planes.positions.map((position) => ({ ImagePositionPatient: [...position] })),
    },
  };
}

function axesOf(grid: VoxelGrid, planes: SlicePlanes): { row: number[]; column: number[]; step: number[] } {
  const a = grid.affine;
  return {
    row: planes.orientation.slice(0, 3),
    column: planes.orientation.slice(3),
    step: [a[2], a[6], a[10]].map((value) => value / planes.sliceSpacing),
  };
}

/** XX, XY, XZ, YY, YZ, ZZ. */
function bMatrix(bValue: number, [x, y, z]: Vector3): number[] {
  return [x * x, x * y, x * z, y * y, y * z, z * z].map((product) => bValue * product);
}

function cross(p: readonly number[], q: readonly number[]): number[] {
  const [a = 0, b = 0, c = 0] = p;
  const [x = 0, y = 0, z = 0] = q;
  return [b * z - c * y, c * x - a * z, a * y - b * x];
}

function dot(p: readonly number[], q: readonly number[]): number {
  return p.reduce((sum, value, axis) => sum + value * (q[axis] ?? 0), 0);
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
