import type { CordMask } from '@myelon/cord';
import {
  patientToVoxel,
  spacingMm,
  voxelIndex,
  voxelToPatient,
  VoxelStatus,
  type ScalarMap,
  type VoxelGrid,
} from '@myelon/diffusion';
import { colourAt, colourScalePointsOf, type Rgb } from '../colour-scales';
import type { RgbPicture } from './canvas';

/** Outline and its halo. */
const CYAN: Rgb = [0, 200, 230];
/** Room around the cord. */
const MARGIN_MM = 12;
/** Most pixels along one side; voxels are drawn as squares of several pixels. */
const MOST_PIXELS = 320;

/** A rectangle of voxels of one slice. */
export interface Crop {
  readonly slice: number;
  readonly firstColumn: number;
  readonly firstRow: number;
  readonly columns: number;
  readonly rows: number;
  readonly widthMm: number;
  readonly heightMm: number;
}

/** An image the outline lies on: signal, any unit. */
export interface Underlay {
  readonly image: Float32Array;
  readonly grid: VoxelGrid;
}

/** The slice to show and the rectangle around the cord in it; the middle one of the compression, else of the cord. */
export function cropAroundCord(mask: CordMask, compressionSlices: readonly number[]): Crop {
  const { grid } = mask;
  const withCord = Array.from({ length: grid.slices }, (_, slice) => slice).filter((slice) =>
    cordVoxels(mask, slice).some(Boolean),
  );
  const candidates = compressionSlices.length > 0 ? compressionSlices : withCord;
  const slice = candidates[Math.floor((candidates.length - 1) / 2)] ?? 0;
  const inside = [...cordVoxels(mask, slice).keys()].filter(
    (voxel) => (mask.labels[slice * grid.columns * grid.rows + voxel] ?? 0) > 0,
  );
  const [columnMm, rowMm] = spacingMm(grid);
  const span = (indices: readonly number[], size: number, mm: number) => {
    const margin = Math.ceil(MARGIN_MM / mm);
    const least = indices.reduce((p, q) => Math.min(p, q), size - 1);
    const most = indices.reduce((p, q) => Math.max(p, q), 0);
    const first = indices.length === 0 ? 0 : Math.max(0, least - margin);
    const last = indices.length === 0 ? size - 1 : Math.min(size - 1, most + margin);
    return { first, count: last - first + 1 };
  };
  const across = span(
    inside.map((voxel) => voxel % grid.columns),
    grid.columns,
    columnMm,
  );
  const down = span(
    inside.map((voxel) => Math.floor(voxel / grid.columns)),
    grid.rows,
    rowMm,
  );
  return {
    slice,
    firstColumn: across.first,
    firstRow: down.first,
    columns: across.count,
    rows: down.count,
    widthMm: across.count * columnMm,
    heightMm: down.count * rowMm,
  };
}

function cordVoxels({ grid, labels }: CordMask, slice: number): Uint8Array {
  const size = grid.columns * grid.rows;
  return labels.subarray(slice * size, (slice + 1) * size);
}

/** Draws a crop: grey image, a map over the cord if one is given, and the outline of the cord. */
export function cordPicture(
  crop: Crop,
  mask: CordMask,
  underlay: Underlay,
  overlay?: { readonly map: ScalarMap; readonly range: readonly [number, number] },
): RgbPicture {
  const perMm = MOST_PIXELS / Math.max(crop.widthMm, crop.heightMm);
  const columns = Math.max(1, Math.round(crop.widthMm * perMm));
  const rows = Math.max(1, Math.round(crop.heightMm * perMm));
  const pixels = new Uint8Array(columns * rows * 3);
  const [dark, bright] = window(underlay, crop, mask.grid);
  const isCord = (column: number, row: number) => {
    const outside = column < 0 || row < 0 || column >= mask.grid.columns || row >= mask.grid.rows;
    return !outside && (mask.labels[voxelIndex(mask.grid, column, row, crop.slice)] ?? 0) > 0;
  };
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const across = crop.firstColumn + ((x + 0.5) / columns) * crop.columns;
      const down = crop.firstRow + ((y + 0.5) / rows) * crop.rows;
      const [column, row] = [Math.floor(across), Math.floor(down)];
      const inside = isCord(column, row);
      const value = inside && overlay ? valueAt(overlay.map, mask.grid, [column, row, crop.slice]) : null;
      const signal = sample(underlay, mask.grid, [column, row, crop.slice]) ?? dark;
      const grey = Math.round(255 * Math.min(1, Math.max(0, (signal - dark) / (bright - dark || 1))));
      const shown: Rgb =
        overlay && value !== null
          ? colourAt(
              colourScalePointsOf(overlay.map.quantity),
              (value - overlay.range[0]) / (overlay.range[1] - overlay.range[0]),
            )
          : [grey, grey, grey];
      const edge = isEdge(across, down, inside, isCord, crop.columns / columns);
      pixels.set(edge ? CYAN : shown, 3 * (y * columns + x));
    }
  }
  return { columns, rows, pixels };
}

/** Whether a point lies within two picture pixels of the border of the cord, on the inner side. */
function isEdge(
  across: number,
  down: number,
  inside: boolean,
  isCord: (column: number, row: number) => boolean,
  pixel: number,
): boolean {
  if (!inside) return false;
  const reach = 2.2 * pixel;
  const [column, row] = [Math.floor(across), Math.floor(down)];
  const [left, top] = [across - column, down - row];
  return (
    (left < reach && !isCord(column - 1, row)) ||
    (1 - left < reach && !isCord(column + 1, row)) ||
    (top < reach && !isCord(column, row - 1)) ||
    (1 - top < reach && !isCord(column, row + 1))
  );
}

type Voxel = readonly [column: number, row: number, slice: number];

/** Value of a map at a voxel of the outline's grid; null where there is none. */
function valueAt(map: ScalarMap, grid: VoxelGrid, voxel: Voxel): number | null {
  const at = indexIn(map.grid, grid, voxel);
  if (at === null) return null;
  const status = map.status[at];
  return status === VoxelStatus.valid || status === VoxelStatus.atBound ? (map.values[at] ?? null) : null;
}

function sample(underlay: Underlay, grid: VoxelGrid, voxel: Voxel): number | null {
  const at = indexIn(underlay.grid, grid, voxel);
  return at === null ? null : (underlay.image[at] ?? null);
}

/** The voxel of another grid that lies where a voxel of this grid lies; null outside. */
function indexIn(other: VoxelGrid, grid: VoxelGrid, voxel: Voxel): number | null {
  const place = other === grid ? voxel : patientToVoxel(other, voxelToPatient(grid, voxel));
  const [column, row, slice] = place.map(Math.round);
  if (column === undefined || row === undefined || slice === undefined) return null;
  const outside =
    column < 0 ||
    row < 0 ||
    slice < 0 ||
    column >= other.columns ||
    row >= other.rows ||
    slice >= other.slices;
  return outside ? null : voxelIndex(other, column, row, slice);
}

/** Grey values of the crop from the 1st to the 99th percentile. */
function window(underlay: Underlay, crop: Crop, grid: VoxelGrid): readonly [number, number] {
  const values: number[] = [];
  for (let row = 0; row < crop.rows; row++)
    for (let column = 0; column < crop.columns; column++) {
      const at: Voxel = [crop.firstColumn + column, crop.firstRow + row, crop.slice];
      const value = sample(underlay, grid, at);
      if (value !== null && Number.isFinite(value)) values.push(value);
    }
  values.sort((p, q) => p - q);
  const at = (part: number) => values[Math.round(part * (values.length - 1))] ?? 0;
  return [at(0.01), at(0.99)];
}

/** The colours of a quantity from low to high, as a strip. */
export function colourStrip(map: Pick<ScalarMap, 'quantity'>): RgbPicture {
  const columns = 256;
  const scale = colourScalePointsOf(map.quantity);
  const pixels = new Uint8Array(columns * 3);
  for (let column = 0; column < columns; column++)
    pixels.set(colourAt(scale, column / (columns - 1)), 3 * column);
  return { columns, rows: 1, pixels };
}
