import type { Vector3 } from '@myelon/diffusion';

/** Centres this far along the cord to either side decide its direction, mm; at least one neighbour always does. */
const REACH_MM = 12;

/** Where a slice lies along the cord, and which way the cord runs there. */
export interface CoursePoint {
  readonly slice: number;
  readonly centre: Vector3;
  /** Distance along the cord from its upper end, mm. */
  readonly positionMm: number;
  /** Unit vector along the cord, upwards; null when there is only one slice. */
  readonly tangent: Vector3 | null;
}

/**
 * The course of the cord through the centres of its slices, from the top down. The direction at a slice is that of the
 * straight line that fits its neighbours best, so that a centre that is off by a fraction of a voxel turns it little.
 */
export function cordCourse(
  centres: readonly { readonly slice: number; readonly centre: Vector3 }[],
): CoursePoint[] {
  const sorted = [...centres].sort((p, q) => q.centre[2] - p.centre[2]);
  let positionMm = 0;
  const placed = sorted.map(({ slice, centre }, at) => {
    const above = sorted[at - 1];
    if (above) positionMm += distance(above.centre, centre);
    return { slice, centre, positionMm };
  });
  return placed.map((point, at) => ({
    ...point,
    tangent: direction(
      placed.filter(
        (other, index) =>
          Math.abs(other.positionMm - point.positionMm) <= REACH_MM || Math.abs(index - at) <= 1,
      ),
    ),
  }));
}

/** Point on the course nearest to a given one. */
export function nearestOnCourse(
  course: readonly CoursePoint[],
  point: Vector3,
): { readonly positionMm: number; readonly distanceMm: number } | null {
  const [first] = course;
  if (!first) return null;
  let best = { positionMm: first.positionMm, distanceMm: distance(first.centre, point) };
  course.slice(1).forEach((next, at) => {
    const from = course[at] ?? first;
    const length = next.positionMm - from.positionMm;
    const share = Math.min(
      Math.max(dot(minus(point, from.centre), minus(next.centre, from.centre)) / length ** 2, 0),
      1,
    );
    const foot = mix(from.centre, next.centre, share);
    const distanceMm = distance(foot, point);
    if (distanceMm < best.distanceMm) best = { positionMm: from.positionMm + share * length, distanceMm };
  });
  return best;
}

/** LPS point at a position along the course; straight on beyond its ends. */
export function pointOnCourse(course: readonly CoursePoint[], positionMm: number): Vector3 | null {
  const [first] = course;
  const last = course.at(-1);
  if (!first || !last) return null;
  if (positionMm <= first.positionMm || course.length === 1)
    return beyond(first, first.positionMm - positionMm);
  if (positionMm >= last.positionMm) return beyond(last, last.positionMm - positionMm);
  const at = course.findIndex((point) => point.positionMm >= positionMm);
  const [from, to] = [course[at - 1] ?? first, course[at] ?? last];
  return mix(from.centre, to.centre, (positionMm - from.positionMm) / (to.positionMm - from.positionMm));
}

/** Unit vector along the course, upwards, at a position along it. */
export function tangentOnCourse(course: readonly CoursePoint[], positionMm: number): Vector3 {
  const nearest = course.reduce<CoursePoint | null>(
    (best, point) =>
      !best || Math.abs(point.positionMm - positionMm) < Math.abs(best.positionMm - positionMm)
        ? point
        : best,
    null,
  );
  return nearest?.tangent ?? [0, 0, 1];
}

function beyond({ centre, tangent }: CoursePoint, upMm: number): Vector3 {
  const [x, y, z] = tangent ?? [0, 0, 1];
  return [centre[0] + upMm * x, centre[1] + upMm * y, centre[2] + upMm * z];
}

/** Straight line through points against their position (least squares), upwards. */
function direction(points: readonly { centre: Vector3; positionMm: number }[]): Vector3 | null {
  const mean = points.reduce((sum, { positionMm }) => sum + positionMm, 0) / points.length;
  const slope = ([0, 1, 2] as const).map((axis) =>
    points.reduce((sum, { centre, positionMm }) => sum - (positionMm - mean) * centre[axis], 0),
  );
  const length = Math.hypot(...slope);
  if (length === 0) return null;
  const [x = 0, y = 0, z = 1] = slope.map((value) => value / length);
  return [x, y, z];
}

const minus = (p: Vector3, q: Vector3): Vector3 => [p[0] - q[0], p[1] - q[1], p[2] - q[2]];
const dot = (p: Vector3, q: Vector3) => p[0] * q[0] + p[1] * q[1] + p[2] * q[2];
const distance = (p: Vector3, q: Vector3) => Math.hypot(...minus(p, q));
const mix = (p: Vector3, q: Vector3, share: number): Vector3 => [
  p[0] + share * (q[0] - p[0]),
  p[1] + share * (q[1] - p[1]),
  p[2] + share * (q[2] - p[2]),
];
