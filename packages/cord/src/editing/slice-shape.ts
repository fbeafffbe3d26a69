import { spacingMm } from '@myelon/diffusion';
import type { CordMask } from '../cord-mask';

const SIDES = [
  [-1, 0],
  [1, 0],
  [0, -1],
  [0, 1],
] as const;

/** Voxels of one slice of a mask, [column, row]. */
export function voxelsOfSlice({ grid, labels }: CordMask, slice: number): (readonly [number, number])[] {
  const perSlice = grid.columns * grid.rows;
  const found: (readonly [number, number])[] = [];
  for (let at = 0; at < perSlice; at++)
    if ((labels[slice * perSlice + at] ?? 0) > 0)
      found.push([at % grid.columns, Math.floor(at / grid.columns)]);
  return found;
}

/** The shape of the cord in one slice. */
export interface SliceShape {
  /** Centre of the voxels, [column, row]. */
  readonly centre: readonly [number, number];
  /** Distance to the edge at a fractional column and row, mm: negative inside. */
  distanceMm(column: number, row: number): number;
  /** First and last column and row, with room round them. */
  bounds(marginMm: number): { columns: readonly [number, number]; rows: readonly [number, number] };
}

/** @returns null when the slice holds no cord */
export function sliceShape(mask: CordMask, slice: number): SliceShape | null {
  const inside = voxelsOfSlice(mask, slice);
  if (inside.length === 0) return null;
  const [columnMm, rowMm] = spacingMm(mask.grid);
  const key = (column: number, row: number) => row * mask.grid.columns + column;
  const isInside = new Set(inside.map(([column, row]) => key(column, row)));
  const holds = (column: number, row: number) =>
    column >= 0 && column < mask.grid.columns && isInside.has(key(column, row));
  // Middles of the sides where the cord ends.
  const edge = inside.flatMap(([column, row]) =>
    SIDES.filter(([dc, dr]) => !holds(column + dc, row + dr)).map(
      ([dc, dr]) => [column + dc / 2, row + dr / 2] as const,
    ),
  );
  const sum = inside.reduce(([c, r], [column, row]) => [c + column, r + row] as const, [0, 0] as const);
  return {
    centre: [sum[0] / inside.length, sum[1] / inside.length],
    distanceMm: (column, row) => {
      let least = Infinity;
      for (const [c, r] of edge) {
        const squared = ((c - column) * columnMm) ** 2 + ((r - row) * rowMm) ** 2;
        if (squared < least) least = squared;
      }
      return Math.sqrt(least) * (holds(Math.round(column), Math.round(row)) ? -1 : 1);
    },
    bounds: (marginMm) => ({
      columns: range(
        inside.map(([column]) => column),
        marginMm / columnMm,
        mask.grid.columns,
      ),
      rows: range(
        inside.map(([, row]) => row),
        marginMm / rowMm,
        mask.grid.rows,
      ),
    }),
  };
}

function range(values: readonly number[], margin: number, size: number): readonly [number, number] {
  return [
    Math.max(Math.floor(Math.min(...values) - margin), 0),
    Math.min(Math.ceil(Math.max(...values) + margin), size - 1),
  ];
}
