import { resampleMask, type CordMask, type CordOutline } from '@myelon/cord';
import {
  patientToVoxel,
  sameGrid,
  spacingMm,
  voxelIndex,
  type Vector3,
  type VoxelGrid,
} from '@myelon/diffusion';

/** Which voxels of the outline are measured, and the rule in words for the record. */
export interface MeasuringMask {
  /** `[slice][row][column]`, 1 where a voxel is measured. */
  readonly voxels: Uint8Array;
  readonly rule: string;
}

export const MEASURING_RULES = {
  inside: 'voxels wholly inside the contour',
  inner: 'voxels whose four neighbours in the slice are cord too',
  all: 'all voxels of the outline',
} as const;

/**
 * How voxels that are part CSF are kept out: only those wholly inside (partial volume), only those at least so far
 * inside, or none kept out.
 */
export type MeasuringChoice =
  { readonly kind: 'inside' } | { readonly kind: 'erosion'; readonly mm: number } | { readonly kind: 'none' };

/** Planes of the outline in which the mask no longer is what was drawn. */
export function editedPlanes(mask: CordMask, outline: CordOutline): number[] {
  const now = onPlanes(mask, outline);
  const drawn = onPlanes(outline.mask, outline);
  return Array.from({ length: outline.planes.slices }, (_, plane) => plane).filter(
    (plane) => !sliceEquals(now, drawn, plane),
  );
}

/**
 * Voxels at the edge of the cord are part CSF and pull FA down and MD up, so only voxels wholly inside are measured
 * where the sub-voxel contour is known. A slice of an automatic outline that the reader has edited has no contour
 * any more; there the inner voxels of the mask stand for it, so that edited slices stay comparable with the others.
 * A mask that came without any contour is measured as it is.
 *
 * @param mask the outline as it is now
 * @param outline the automatic outline it started from, on the same grid; null when there was none
 * @param choice absent: wholly inside for an outline with contours, everything for a mask without any
 */
export function measuringMask(
  mask: CordMask,
  outline: CordOutline | null,
  choice: MeasuringChoice = outline ? { kind: 'inside' } : { kind: 'none' },
): MeasuringMask {
  const now = outline ? onPlanes(mask, outline) : mask;
  const { grid } = now;
  const touched = outline ? editedPlanes(mask, outline) : [];
  const voxels = new Uint8Array(now.labels.length);
  const withoutContour: number[] = [];
  for (let plane = 0; plane < grid.slices; plane++) {
    const cord = cordVoxelsOfSlice(now, plane);
    if (cord.length === 0) continue;
    const contour = touched.includes(plane) ? null : (outline?.contours[plane] ?? null);
    if (!contour) withoutContour.push(plane);
    const kept = contour ? keptByContour(grid, contour, choice) : keptByVoxels(now, plane, choice);
    for (const [column, row] of cord) {
      if (kept(column, row)) voxels[voxelIndex(grid, column, row, plane)] = 1;
    }
  }
  const measured = sameGrid(grid, mask.grid)
    ? voxels
    : resampleMask({ ...now, labels: voxels }, mask.grid).labels;
  return { voxels: measured, rule: ruleInWords(choice, outline !== null, withoutContour) };
}

type IsKept = (column: number, row: number) => boolean;

function keptByContour(grid: VoxelGrid, contour: readonly Vector3[], choice: MeasuringChoice): IsKept {
  if (choice.kind === 'none') return () => true;
  return choice.kind === 'inside' ? whollyInside(grid, contour) : deepInside(grid, contour, choice.mm);
}

function keptByVoxels(mask: CordMask, plane: number, choice: MeasuringChoice): IsKept {
  if (choice.kind === 'none') return () => true;
  if (choice.kind === 'inside') return (column, row) => isInner(mask, plane, column, row);
  return (column, row) => isDeep(mask, plane, column, row, choice.mm);
}

/** The mask in the planes in which the contours lie: its own slices, except for stacks along the neck. */
function onPlanes(mask: CordMask, { planes }: CordOutline): CordMask {
  return sameGrid(mask.grid, planes) ? mask : resampleMask(mask, planes);
}

function ruleInWords(choice: MeasuringChoice, hasContours: boolean, without: readonly number[]): string {
  if (choice.kind === 'none') return MEASURING_RULES.all;
  const inside = choice.kind === 'inside';
  const ofVoxels = inside ? MEASURING_RULES.inner : deepRule(choice.mm, 'edge of the outline');
  if (!hasContours) return ofVoxels;
  const ofContour = inside ? MEASURING_RULES.inside : deepRule(choice.mm, 'contour');
  if (without.length === 0) return ofContour;
  const slices = without.map((slice) => String(slice + 1)).join(', ');
  return `${ofContour}; in edited slices (${slices}) ${ofVoxels}`;
}

const deepRule = (mm: number, line: string) =>
  `voxels whose centre lies ${String(mm)} mm or more inside the ${line}`;

function cordVoxelsOfSlice(mask: CordMask, slice: number): [number, number][] {
  const found: [number, number][] = [];
  for (let row = 0; row < mask.grid.rows; row++) {
    for (let column = 0; column < mask.grid.columns; column++) {
      if ((mask.labels[voxelIndex(mask.grid, column, row, slice)] ?? 0) > 0) found.push([column, row]);
    }
  }
  return found;
}

function sliceEquals(p: CordMask, q: CordMask, slice: number): boolean {
  const size = p.grid.columns * p.grid.rows;
  for (let at = slice * size; at < (slice + 1) * size; at++) {
    if ((p.labels[at] ?? 0) > 0 !== (q.labels[at] ?? 0) > 0) return false;
  }
  return true;
}

function isInner(mask: CordMask, slice: number, column: number, row: number): boolean {
  const { columns, rows } = mask.grid;
  const isCord = (c: number, r: number) =>
    c >= 0 && r >= 0 && c < columns && r < rows && (mask.labels[voxelIndex(mask.grid, c, r, slice)] ?? 0) > 0;
  return (
    isCord(column - 1, row) && isCord(column + 1, row) && isCord(column, row - 1) && isCord(column, row + 1)
  );
}

/** A voxel is wholly inside when its four corners are inside the contour and no edge of the contour enters it. */
function whollyInside(grid: VoxelGrid, contour: readonly Vector3[]): IsKept {
  const polygon = contour
    .map((point) => patientToVoxel(grid, point))
    .map(([column, row]) => [column, row] as const);
  return (column, row) =>
    [-0.5, 0.5].every((dr) => [-0.5, 0.5].every((dc) => isInPolygon(polygon, column + dc, row + dr))) &&
    !polygon.some(([x, y]) => Math.abs(x - column) < 0.5 && Math.abs(y - row) < 0.5);
}

/** Even-odd rule: counts crossings of a ray towards larger x. */
function isInPolygon(polygon: readonly (readonly [number, number])[], x: number, y: number): boolean {
  let inside = false;
  polygon.forEach(([x1, y1], index) => {
    const [x0, y0] = polygon[(index + polygon.length - 1) % polygon.length] ?? [x1, y1];
    if (y0 > y !== y1 > y && x < x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)) inside = !inside;
  });
  return inside;
}

/** Centre inside the contour, and at least so far from it. */
function deepInside(grid: VoxelGrid, contour: readonly Vector3[], mm: number): IsKept {
  const [columnMm, rowMm] = spacingMm(grid);
  const polygon = contour
    .map((point) => patientToVoxel(grid, point))
    .map(([column, row]) => [column * columnMm, row * rowMm] as const);
  return (column, row) => {
    const [x, y] = [column * columnMm, row * rowMm];
    return isInPolygon(polygon, x, y) && distanceToLine(polygon, x, y) >= mm;
  };
}

function distanceToLine(polygon: readonly (readonly [number, number])[], x: number, y: number): number {
  return polygon.reduce((least, [x1, y1], index) => {
    const [x0, y0] = polygon[(index + polygon.length - 1) % polygon.length] ?? [x1, y1];
    const [dx, dy] = [x1 - x0, y1 - y0];
    const length = dx * dx + dy * dy;
    const share = length === 0 ? 0 : Math.min(Math.max(((x - x0) * dx + (y - y0) * dy) / length, 0), 1);
    return Math.min(least, Math.hypot(x0 + share * dx - x, y0 + share * dy - y));
  }, Infinity);
}

/** No voxel that is not cord has a point nearer to the centre than that. */
function isDeep({ grid, labels }: CordMask, slice: number, column: number, row: number, mm: number): boolean {
  const [columnMm, rowMm] = spacingMm(grid);
  const gap = (steps: number, size: number) => Math.max(Math.abs(steps) - 0.5, 0) * size;
  const [across, along] = [Math.ceil(mm / columnMm + 0.5), Math.ceil(mm / rowMm + 0.5)];
  for (let dr = -along; dr <= along; dr++)
    for (let dc = -across; dc <= across; dc++) {
      if (Math.hypot(gap(dc, columnMm), gap(dr, rowMm)) >= mm) continue;
      const [c, r] = [column + dc, row + dr];
      const isCord =
        c >= 0 &&
        r >= 0 &&
        c < grid.columns &&
        r < grid.rows &&
        (labels[voxelIndex(grid, c, r, slice)] ?? 0) > 0;
      if (!isCord) return false;
    }
  return true;
}
