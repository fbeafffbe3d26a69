import { InputRefused } from '@myelon/diffusion';
import { cordMask, cordSlices, type CordMask } from '../cord-mask';
import { sliceShape, type SliceShape } from './slice-shape';

/** Label of voxels that an edit adds. */
const CORD_LABEL = 1;

/**
 * The outline of one slice put into another, in place of what was there.
 * @throws InputRefused when the first holds no cord or the second does not exist
 */
export function copySlice(mask: CordMask, from: number, to: number): CordMask {
  const { grid } = mask;
  if (to < 0 || to >= grid.slices || to === from)
    throw new InputRefused(`no slice ${String(to + 1)} to copy to`, 'cord outline', 'choose another slice');
  const perSlice = grid.columns * grid.rows;
  const source = mask.labels.subarray(from * perSlice, (from + 1) * perSlice);
  if (!source.some((label) => label > 0)) throw noCord(from);
  const labels = mask.labels.slice();
  labels.set(source, to * perSlice);
  return edited(mask, labels);
}

/**
 * Fills slices without cord between slices with cord by shape (Raya and Udupa 1990, IEEE TMI 9:32): distances to the
 * edge are interpolated, from shapes moved onto the straight line between their centres.
 * @returns the mask, and the slices that were filled (from 0)
 */
export function interpolateMissingSlices(mask: CordMask): { mask: CordMask; filled: readonly number[] } {
  const outlined = cordSlices(mask);
  const labels = mask.labels.slice();
  const filled: number[] = [];
  outlined.slice(1).forEach((below, at) => {
    const above = outlined[at] ?? below;
    if (below - above < 2) return;
    const [p, q] = [sliceShape(mask, above), sliceShape(mask, below)];
    if (!p || !q) return;
    for (let slice = above + 1; slice < below; slice++) {
      drawBetween(mask, labels, slice, p, q, (slice - above) / (below - above));
      filled.push(slice);
    }
  });
  return { mask: filled.length === 0 ? mask : edited(mask, labels), filled };
}

function drawBetween(
  { grid }: CordMask,
  labels: Uint8Array,
  slice: number,
  p: SliceShape,
  q: SliceShape,
  share: number,
): void {
  const centre = [0, 1].map((axis) => {
    const [from, to] = [p.centre[axis] ?? 0, q.centre[axis] ?? 0];
    return from + share * (to - from);
  });
  const [c = 0, r = 0] = centre;
  const [first, second] = [p.bounds(1), q.bounds(1)];
  const rows = between(first.rows, second.rows);
  const columns = between(first.columns, second.columns);
  for (let row = rows[0]; row <= rows[1]; row++)
    for (let column = columns[0]; column <= columns[1]; column++) {
      const [du, dv] = [column - c, row - r];
      const distance =
        (1 - share) * p.distanceMm(p.centre[0] + du, p.centre[1] + dv) +
        share * q.distanceMm(q.centre[0] + du, q.centre[1] + dv);
      if (distance < 0) labels[(slice * grid.rows + row) * grid.columns + column] = CORD_LABEL;
    }
}

const between = (p: readonly [number, number], q: readonly [number, number]) =>
  [Math.min(p[0], q[0]), Math.max(p[1], q[1])] as const;

/**
 * The outline of one slice made wider (positive) or narrower by a distance.
 * @throws InputRefused when the slice holds no cord, or would hold none any more
 */
export function growSlice(mask: CordMask, slice: number, byMm: number): CordMask {
  const shape = sliceShape(mask, slice);
  if (!shape) throw noCord(slice);
  const { grid } = mask;
  const labels = mask.labels.slice();
  const perSlice = grid.columns * grid.rows;
  const { columns, rows } = shape.bounds(Math.max(byMm, 0) + 1);
  let left = 0;
  for (let row = rows[0]; row <= rows[1]; row++)
    for (let column = columns[0]; column <= columns[1]; column++) {
      const at = slice * perSlice + row * grid.columns + column;
      const inside = shape.distanceMm(column, row) < byMm;
      labels[at] = inside ? labels[at] || CORD_LABEL : 0;
      left += inside ? 1 : 0;
    }
  if (left === 0) {
    throw new InputRefused(
      `nothing would be left in slice ${String(slice + 1)}`,
      'cord outline',
      'shrink it less, or erase it',
    );
  }
  return edited(mask, labels);
}

function edited(mask: CordMask, labels: Uint8Array): CordMask {
  const method = mask.method === 'manual' ? 'manual' : 'edited';
  return cordMask({ grid: mask.grid, labels, method });
}

function noCord(slice: number): InputRefused {
  return new InputRefused(
    `no cord is outlined in slice ${String(slice + 1)}`,
    'cord outline',
    'choose a slice with an outline',
  );
}
