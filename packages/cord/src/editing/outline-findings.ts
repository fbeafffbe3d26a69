import { spacingMm } from '@myelon/diffusion';
import { cordSlices, type CordMask } from '../cord-mask';
import { voxelsOfSlice } from './slice-shape';

/** What is odd about an outline in one slice. */
export interface OutlineFinding {
  /** From 0. */
  readonly slice: number;
  readonly kind: 'vanishes' | 'jumps' | 'leaks' | 'in pieces';
  /** For people. */
  readonly why: string;
}

/** Change of area against the neighbours, per 5 mm, from which it is pointed out. */
const AREA_STEP = 0.35;
/** Sideways step of the centre against the line through its neighbours, per 5 mm. */
const CENTRE_STEP_MM = 2.5;
/** No cervical cord is larger, mm2. */
const LARGEST_MM2 = 140;

/** Slices of an outline, drawn or edited, where the area jumps, leaks or vanishes, or the outline falls in pieces. */
export function outlineFindings(mask: CordMask): OutlineFinding[] {
  const { grid } = mask;
  const [columnMm, rowMm, sliceMm] = spacingMm(grid);
  const near = Math.min(5 / sliceMm, 1);
  const outlined = cordSlices(mask);
  const [first = 0, last = -1] = [outlined[0], outlined.at(-1)];
  const slices = Array.from({ length: grid.slices }, (_, slice) => {
    const voxels = voxelsOfSlice(mask, slice);
    const mean = (axis: 0 | 1) => voxels.reduce((sum, voxel) => sum + voxel[axis], 0) / voxels.length;
    return {
      voxels,
      areaMm2: voxels.length * columnMm * rowMm,
      centre: [mean(0) * columnMm, mean(1) * rowMm] as const,
    };
  });
  return slices.flatMap(({ voxels, areaMm2, centre }, slice): OutlineFinding[] => {
    if (slice < first || slice > last) return [];
    if (voxels.length === 0)
      return [{ slice, kind: 'vanishes', why: 'the outline is missing between two slices' }];
    const found: OutlineFinding[] = [];
    const pieces = piecesOf(voxels);
    if (pieces > 1)
      found.push({ slice, kind: 'in pieces', why: `the outline is in ${String(pieces)} pieces` });
    const beside = [slices[slice - 1], slices[slice + 1]].filter((one) => one && one.voxels.length > 0);
    const mean = (of: (one: { areaMm2: number; centre: readonly [number, number] }) => number) =>
      beside.reduce((sum, one) => sum + (one ? of(one) : 0), 0) / beside.length;
    const step = beside.length === 0 ? 0 : areaMm2 / mean((one) => one.areaMm2) - 1;
    const moved =
      beside.length < 2
        ? 0
        : Math.hypot(centre[0] - mean((one) => one.centre[0]), centre[1] - mean((one) => one.centre[1]));
    if (areaMm2 > LARGEST_MM2 || step * near > AREA_STEP)
      found.push({
        slice,
        kind: 'leaks',
        why: `area ${areaMm2.toFixed(0)} mm², ${percent(step)} its neighbours`,
      });
    else if (-step * near > AREA_STEP || moved * near > CENTRE_STEP_MM) {
      const why =
        moved * near > CENTRE_STEP_MM
          ? `the centre lies ${moved.toFixed(1)} mm beside its neighbours`
          : `area ${areaMm2.toFixed(0)} mm², ${percent(step)} its neighbours`;
      found.push({ slice, kind: 'jumps', why });
    }
    return found;
  });
}

function percent(step: number): string {
  return `${(100 * Math.abs(step)).toFixed(0)} % ${step < 0 ? 'below' : 'above'}`;
}

/** Number of parts connected by sides or corners. */
function piecesOf(voxels: readonly (readonly [number, number])[]): number {
  const left = new Set(voxels.map(([column, row]) => `${String(column)},${String(row)}`));
  let pieces = 0;
  for (const start of voxels) {
    if (!left.delete(`${String(start[0])},${String(start[1])}`)) continue;
    pieces += 1;
    const open = [start];
    for (let next = open.pop(); next; next = open.pop())
      for (let dc = -1; dc <= 1; dc++)
        for (let dr = -1; dr <= 1; dr++) {
          const [column, row] = [next[0] + dc, next[1] + dr];
          if (left.delete(`${String(column)},${String(row)}`)) open.push([column, row]);
        }
  }
  return pieces;
}
