import { quantile, spacingMm, type SliceShifts, type VoxelGrid } from '@myelon/diffusion';
import type { SeriesQuality } from '../analysis-record';

/** Thousandths of a millimetre are more than any shift is known to. */
function rounded(mm: number): number {
  return Math.round(mm * 1000) / 1000;
}

/** Median of what is known; null when nothing is. */
export function medianBySlice(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null).sort((p, q) => p - q);
  return known.length === 0 ? null : quantile(known, 0.5);
}

export function sizeOfShifts({ columns, rows }: SliceShifts): { rmsMm: number; largestMm: number } {
  const lengths = Array.from(columns, (dx, at) => Math.hypot(dx, rows[at] ?? 0));
  const squares = lengths.reduce((sum, length) => sum + length * length, 0);
  const largest = lengths.reduce((most, length) => Math.max(most, length), 0);
  return { rmsMm: rounded(Math.sqrt(squares / Math.max(lengths.length, 1))), largestMm: rounded(largest) };
}

/** `[volume][slice]` as lists, for the record. */
export function roundedShifts({ columns, rows }: SliceShifts, slices: number): SeriesQuality['shiftsMm'] {
  const lists = (of: Float64Array): number[][] =>
    Array.from({ length: of.length / slices }, (_, volume) =>
      Array.from(of.subarray(volume * slices, (volume + 1) * slices), rounded),
    );
  return { columns: lists(columns), rows: lists(rows) };
}

/** How far around the cord motion is looked for, mm: the canal and what holds it. */
const MARGIN_MM = 15;

/** The cord and its surroundings, 1 per voxel, as squares in the slice; slices without cord stay whole. */
export function motionRegion(grid: VoxelGrid, cordBySlice: readonly (readonly number[])[]): Uint8Array {
  const { columns, rows, slices } = grid;
  const [columnMm, rowMm] = spacingMm(grid);
  const reachX = Math.round(MARGIN_MM / columnMm);
  const reachY = Math.round(MARGIN_MM / rowMm);
  const size = columns * rows;
  const region = new Uint8Array(size * slices);
  const filled = new Uint8Array(slices);
  for (const index of cordBySlice.flat()) {
    const slice = Math.floor(index / size);
    filled[slice] = 1;
    const column = index % columns;
    const row = Math.floor(index / columns) % rows;
    for (let r = Math.max(0, row - reachY); r <= Math.min(rows - 1, row + reachY); r++) {
      const line = slice * size + r * columns;
      region.fill(1, line + Math.max(0, column - reachX), line + Math.min(columns - 1, column + reachX) + 1);
    }
  }
  filled.forEach((done, slice) => {
    if (done === 0) region.fill(1, slice * size, (slice + 1) * size);
  });
  return region;
}
