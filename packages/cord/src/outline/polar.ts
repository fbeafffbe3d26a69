import { sampleCubic, type SliceImage } from './slice-image';
import type { PlanePoint } from './slice-frame';

const { atan2, floor, hypot, max, min } = Math;

/** Number of rays round the cord. */
export const RAYS = 64;
/** Radii sampled along a ray, as a fraction of the ellipse's. */
const FIRST_RADIUS = 0.2;
const RADIUS_STEP = 0.04;
export const RADII = 41;
/** Radii sampled beyond the last, so that the slope is known there. */
const BEYOND = 10;
/** Half the distance over which the edge is measured, mm. */
const EDGE_REACH_MM = 0.45;

/** An ellipse with its axes along u and v, mm. */
export interface Ellipse {
  readonly centre: PlanePoint;
  readonly a: number;
  readonly b: number;
}

/** A slice seen from the centre of an ellipse: rays at equal steps of the elliptical angle. */
export interface PolarImage {
  readonly ellipse: Ellipse;
  /** Length of each ray at radius 1, mm. */
  readonly rayMm: Float64Array;
  /** Intensity, `[ray][radius]`. */
  readonly values: Float32Array;
  /** Change of intensity per mm outwards, `[ray][radius]`. */
  readonly slopes: Float32Array;
}

/** Radius (fraction of the ellipse's) at a possibly fractional index. */
export function radiusAt(index: number): number {
  return FIRST_RADIUS + RADIUS_STEP * index;
}

/** Fractional index of a radius. */
export function indexOfRadius(radius: number): number {
  return (radius - FIRST_RADIUS) / RADIUS_STEP;
}

const RAY_DIRECTIONS = Array.from({ length: RAYS }, (_, ray): readonly [number, number] => {
  const angle = (2 * Math.PI * ray) / RAYS;
  return [Math.cos(angle), Math.sin(angle)];
});

/** Unit step along u and v of a ray at radius 1, in units of the semi-axes. */
export function rayDirection(ray: number): readonly [number, number] {
  return RAY_DIRECTIONS[ray % RAYS] ?? [1, 0];
}

export function polarImage(image: SliceImage, ellipse: Ellipse): PolarImage {
  const values = new Float32Array(RAYS * RADII);
  const slopes = new Float32Array(RAYS * RADII);
  const rayMm = new Float64Array(RAYS);
  const line = new Float64Array(RADII + BEYOND);
  const { centre, a, b } = ellipse;
  for (let ray = 0; ray < RAYS; ray++) {
    const [cos, sin] = rayDirection(ray);
    const length = hypot(a * cos, b * sin);
    rayMm[ray] = length;
    for (let index = 0; index < line.length; index++) {
      const radius = radiusAt(index);
      line[index] = sampleCubic(image, centre.u + radius * a * cos, centre.v + radius * b * sin);
    }
    values.set(line.subarray(0, RADII), ray * RADII);
    slopes.set(slopesAlong(line, EDGE_REACH_MM / (RADIUS_STEP * length)), ray * RADII);
  }
  for (let ray = 0; ray < RAYS; ray++) {
    const perMm = 1 / (RADIUS_STEP * (rayMm[ray] ?? 1));
    for (let at = ray * RADII; at < (ray + 1) * RADII; at++) slopes[at] = (slopes[at] ?? 0) * perMm;
  }
  return { ellipse, rayMm, values, slopes };
}

/** Central differences over `reach` steps to either side, per step. */
function slopesAlong(line: Float64Array, reach: number): Float32Array {
  const at = (index: number) => {
    const inside = min(max(index, 0), line.length - 1.001);
    const low = floor(inside);
    return (line[low] ?? 0) + (inside - low) * ((line[low + 1] ?? 0) - (line[low] ?? 0));
  };
  return Float32Array.from({ length: RADII }, (_, index) => {
    const outer = min(index + reach, line.length - 1.001);
    const inner = max(index - reach, 0);
    return (at(outer) - at(inner)) / (outer - inner);
  });
}

/** A closed contour as radii from a centre. */
export interface Contour {
  readonly ellipse: Ellipse;
  /** Radius along each ray, mm. */
  readonly radiiMm: Float64Array;
}

/** An ellipse as a contour. */
export function ellipseContour(ellipse: Ellipse): Contour {
  const radiiMm = Float64Array.from(RAY_DIRECTIONS, ([cos, sin]) => hypot(ellipse.a * cos, ellipse.b * sin));
  return { ellipse, radiiMm };
}

/** Points of a contour in the plane of the slice, in order round the cord. */
export function contourPoints({ ellipse, radiiMm }: Contour): PlanePoint[] {
  return Array.from(radiiMm, (radius, ray) => {
    const [cos, sin] = rayDirection(ray);
    const length = hypot(ellipse.a * cos, ellipse.b * sin);
    return {
      u: ellipse.centre.u + (radius * ellipse.a * cos) / length,
      v: ellipse.centre.v + (radius * ellipse.b * sin) / length,
    };
  });
}

/** Distance from the centre of a contour to its line, in the direction of each ray of another ellipse, mm. */
export function radiiAlong(contour: Contour, ellipse: Ellipse): Float64Array {
  const own = rayAngles(contour.ellipse);
  const radii = contour.radiiMm;
  let from = 0;
  // Both sets of angles grow from 0 to a full turn, so one walk round serves all rays.
  return rayAngles(ellipse).map((wanted) => {
    while (from < RAYS - 1 && (own[from + 1] ?? 0) <= wanted) from += 1;
    const start = own[from] ?? 0;
    const end = own[from + 1] ?? 2 * Math.PI;
    const [p, q] = [radii[from] ?? 0, radii[(from + 1) % RAYS] ?? 0];
    return p + ((wanted - start) / (end - start)) * (q - p);
  });
}

/** True angle of each ray of an ellipse, 0 to 2 pi, growing. */
function rayAngles({ a, b }: Ellipse): Float64Array {
  return Float64Array.from(RAY_DIRECTIONS, ([cos, sin]) => {
    const angle = atan2(b * sin, a * cos);
    return angle < 0 ? angle + 2 * Math.PI : angle;
  });
}
