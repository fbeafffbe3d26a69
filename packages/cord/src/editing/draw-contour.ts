import { InputRefused, patientToVoxel, type Vector3, type VoxelGrid } from '@myelon/diffusion';
import { insidePolygon } from '../outline/shape';

/** Label of voxels inside a drawn contour. */
const CORD_LABEL = 1;
/** A contour leans out of its slice when a point lies further from it, in slices. */
const WITHIN_SLICE = 0.5;
/** Points drawn between two points of a spline. */
const STEPS_PER_SPAN = 12;

/**
 * The outline of one slice as somebody drew it, in place of what was there: voxels whose centre lies inside.
 *
 * @param labels `[slice][row][column]` on `grid`; not changed
 * @param contour closed line round the cord, LPS mm
 * @returns the labels with the slice drawn anew, and the slice (from 0)
 * @throws InputRefused when the line has fewer than three points, leans out of its slice, lies outside the images or
 * encloses no voxel
 */
export function drawContour(
  grid: VoxelGrid,
  labels: Uint8Array,
  contour: readonly Vector3[],
): { labels: Uint8Array; slice: number } {
  const points = contour.map((point) => patientToVoxel(grid, point));
  const slice = Math.round(points.reduce((sum, point) => sum + point[2], 0) / points.length);
  const leans = points.some((point) => Math.abs(point[2] - slice) > WITHIN_SLICE);
  if (points.length < 3 || leans || slice < 0 || slice >= grid.slices) {
    throw refused('the line encloses no part of a slice', 'draw it round the cord, in one slice');
  }
  const polygon = points.map(([u, v]) => ({ u, v }));
  const drawn = labels.slice();
  const start = slice * grid.columns * grid.rows;
  drawn.fill(0, start, start + grid.columns * grid.rows);
  const ends = (values: readonly number[], size: number) => [
    Math.max(Math.ceil(Math.min(...values)), 0),
    Math.min(Math.floor(Math.max(...values)), size - 1),
  ];
  const [left = 0, right = -1] = ends(polygon.map(({ u }) => u), grid.columns); // prettier-ignore
  const [top = 0, bottom = -1] = ends(polygon.map(({ v }) => v), grid.rows); // prettier-ignore
  let inside = 0;
  for (let row = top; row <= bottom; row++)
    for (let column = left; column <= right; column++) {
      if (!insidePolygon(polygon, column, row)) continue;
      drawn[start + row * grid.columns + column] = CORD_LABEL;
      inside += 1;
    }
  if (inside === 0) throw refused('the line encloses no voxel', 'draw a wider line, or use the eraser');
  return { labels: drawn, slice };
}

/** A closed line of short straight pieces through every point (Catmull and Rom 1974), with even parameter steps. */
export function closedSpline(points: readonly Vector3[]): Vector3[] {
  if (points.length < 3) return [...points];
  const at = (index: number): Vector3 => points[(index + points.length) % points.length] ?? [0, 0, 0];
  return points.flatMap((_, index) => {
    const [before, from, to, after] = [at(index - 1), at(index), at(index + 1), at(index + 2)];
    return Array.from({ length: STEPS_PER_SPAN }, (_unused, step): Vector3 => {
      const t = step / STEPS_PER_SPAN;
      const mix = (axis: 0 | 1 | 2) =>
        0.5 *
        (2 * from[axis] +
          (to[axis] - before[axis]) * t +
          (2 * before[axis] - 5 * from[axis] + 4 * to[axis] - after[axis]) * t * t +
          (3 * from[axis] - before[axis] - 3 * to[axis] + after[axis]) * t ** 3);
      return [mix(0), mix(1), mix(2)];
    });
  });
}

/** Centre of the cord in one slice of labels, [column, row, slice]; null when it holds none. */
export function sliceCentre(grid: VoxelGrid, labels: Uint8Array, slice: number): Vector3 | null {
  const perSlice = grid.columns * grid.rows;
  let [columns, rows, count] = [0, 0, 0];
  for (let at = 0; at < perSlice; at++) {
    if ((labels[slice * perSlice + at] ?? 0) === 0) continue;
    columns += at % grid.columns;
    rows += Math.floor(at / grid.columns);
    count += 1;
  }
  return count === 0 ? null : [columns / count, rows / count, slice];
}

/**
 * Where the cord should be in a slice by what its neighbours show: on the line between the nearest slices with cord
 * above and below, else below or above the nearest.
 * @returns [column, row, slice], whole numbers; null when no other slice holds cord
 */
export function expectedCentre(grid: VoxelGrid, labels: Uint8Array, slice: number): Vector3 | null {
  const nearest = (step: 1 | -1) => {
    for (let at = slice + step; at >= 0 && at < grid.slices; at += step) {
      const centre = sliceCentre(grid, labels, at);
      if (centre) return centre;
    }
    return null;
  };
  const [before, after] = [nearest(-1), nearest(1)];
  const only = before ?? after;
  if (!only) return null;
  if (!before || !after) return [Math.round(only[0]), Math.round(only[1]), slice];
  const share = (slice - before[2]) / (after[2] - before[2]);
  const mix = (axis: 0 | 1) => before[axis] + share * (after[axis] - before[axis]);
  return [Math.round(mix(0)), Math.round(mix(1)), slice];
}

function refused(what: string, whatToDo: string): InputRefused {
  return new InputRefused(what, 'cord outline', whatToDo);
}
