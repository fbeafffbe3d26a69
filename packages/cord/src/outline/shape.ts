import { contourPoints, type Contour } from './polar';
import type { PlanePoint } from './slice-frame';

const { abs, max, sqrt } = Math;

/** Size and place of a closed contour. */
export interface ContourShape {
  readonly areaMm2: number;
  /** Centre of area. */
  readonly centre: PlanePoint;
  /** Semi-axes along u and v of the ellipse with the same area and the same ratio of second moments, mm. */
  readonly halfWidth: number;
  readonly halfDepth: number;
}

/** Area, centre and size of a polygon by Green's theorem. */
export function polygonShape(points: readonly PlanePoint[]): ContourShape {
  let [area, cu, cv, uu, vv] = [0, 0, 0, 0, 0];
  // Coordinates relative to the first point keep the second moments accurate far from the origin.
  const origin = points[0] ?? { u: 0, v: 0 };
  points.forEach((point, index) => {
    const next = points[(index + 1) % points.length] ?? origin;
    const [u0, v0, u1, v1] = [point.u - origin.u, point.v - origin.v, next.u - origin.u, next.v - origin.v];
    const cross = u0 * v1 - u1 * v0;
    area += cross / 2;
    cu += ((u0 + u1) * cross) / 6;
    cv += ((v0 + v1) * cross) / 6;
    uu += ((u0 * u0 + u0 * u1 + u1 * u1) * cross) / 12;
    vv += ((v0 * v0 + v0 * v1 + v1 * v1) * cross) / 12;
  });
  const [mu, mv] = [cu / area, cv / area];
  const ratio = sqrt(max(uu / area - mu * mu, 1e-6) / max(vv / area - mv * mv, 1e-6));
  const size = abs(area) / Math.PI;
  return {
    areaMm2: abs(area),
    centre: { u: origin.u + mu, v: origin.v + mv },
    halfWidth: sqrt(size * ratio),
    halfDepth: sqrt(size / ratio),
  };
}

export function contourShape(contour: Contour): ContourShape {
  return polygonShape(contourPoints(contour));
}

/** True when a point lies inside a polygon (even-odd rule). */
export function insidePolygon(points: readonly PlanePoint[], u: number, v: number): boolean {
  let inside = false;
  for (let at = 0, before = points.length - 1; at < points.length; before = at++) {
    const p = points[at];
    const q = points[before];
    if (!p || !q) continue;
    if (p.v > v !== q.v > v && u < ((q.u - p.u) * (v - p.v)) / (q.v - p.v) + p.u) inside = !inside;
  }
  return inside;
}
