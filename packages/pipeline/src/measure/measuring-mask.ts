import { resampleMask, type CordMask, type CordOutline } from '@myelon/cord';
import { patientToVoxel, sameGrid, voxelIndex, type Vector3, type VoxelGrid } from '@myelon/diffusion';

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
 */
export function measuringMask(mask: CordMask, outline: CordOutline | null): MeasuringMask {
  if (!outline) {
    return {
      voxels: Uint8Array.from(mask.labels, (label) => (label > 0 ? 1 : 0)),
      rule: MEASURING_RULES.all,
    };
  }
  const now = onPlanes(mask, outline);
  const { grid } = now;
  const touched = editedPlanes(mask, outline);
  const voxels = new Uint8Array(now.labels.length);
  const edited: number[] = [];
  for (let plane = 0; plane < grid.slices; plane++) {
    const cord = cordVoxelsOfSlice(now, plane);
    if (cord.length === 0) continue;
    const contour = touched.includes(plane) ? null : outline.contours[plane];
    if (!contour) edited.push(plane);
    const inside = contour
      ? whollyInside(grid, contour)
      : (column: number, row: number) => isInner(now, plane, column, row);
    for (const [column, row] of cord) {
      if (inside(column, row)) voxels[voxelIndex(grid, column, row, plane)] = 1;
    }
  }
  const measured = sameGrid(grid, mask.grid)
    ? voxels
    : resampleMask({ ...now, labels: voxels }, mask.grid).labels;
  return { voxels: measured, rule: ruleInWords(edited) };
}

/** The mask in the planes in which the contours lie: its own slices, except for stacks along the neck. */
function onPlanes(mask: CordMask, { planes }: CordOutline): CordMask {
  return sameGrid(mask.grid, planes) ? mask : resampleMask(mask, planes);
}

function ruleInWords(edited: readonly number[]): string {
  if (edited.length === 0) return MEASURING_RULES.inside;
  const slices = edited.map((slice) => String(slice + 1)).join(', ');
  return `${MEASURING_RULES.inside}; in edited slices (${slices}) ${MEASURING_RULES.inner}`;
}

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
function whollyInside(
  grid: VoxelGrid,
  contour: readonly Vector3[],
): (column: number, row: number) => boolean {
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
