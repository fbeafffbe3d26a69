import { contourPoints, rayDirection, type Contour } from './polar';
import { contourShape } from './shape';
import type { SliceFrame } from './slice-frame';
import { SMOOTHING_VARIANCE_VOXELS } from './slice-image';

const { hypot, max, min, sqrt } = Math;

/** Nearest the line may come to its centre, mm. */
const LEAST_RADIUS_MM = 0.3;
/** Where line and ray run almost alongside, the way along the ray is bounded. */
const LEAST_COSINE = 0.35;
/** Curves narrower than this are not resolved, mm. */
const LEAST_CURVE_MM = 1.5;
/** Variance of a voxel's own width, in squared voxels. */
const VOXEL_VARIANCE = 1 / 12;

/** The line moved towards its inside by a distance at right angles to it, mm; outwards when negative. */
export function movedInward(contour: Contour, distanceMm: number): Contour {
  return distanceMm === 0 ? contour : moved(contour, () => -distanceMm);
}

/**
 * The line where the edge was before the image was blurred: blurring a curved edge moves its steepest place to the
 * inside of the curve by half the variance of the blur times the curvature (Bouma et al. 2005, IEEE TPAMI 27:1501).
 * Counted are the width of the voxels and our own smoothing; the curvature is that of the ellipse of the same moments.
 */
export function withoutBlur(contour: Contour, { columnMm, rowMm }: SliceFrame): Contour {
  const variance = (SMOOTHING_VARIANCE_VOXELS + VOXEL_VARIANCE) * columnMm * rowMm;
  const { halfWidth: a, halfDepth: b } = contourShape(contour);
  const { ellipse } = contour;
  return moved(contour, (ray) => {
    const [cos, sin] = rayDirection(ray);
    // The place on the ellipse of the same moments in the direction of the ray.
    const [x, y] = [(cos * ellipse.a) / a, (sin * ellipse.b) / b];
    const [c, s] = [x / hypot(x, y), y / hypot(x, y)];
    const curveMm = ((a * s) ** 2 + (b * c) ** 2) ** 1.5 / (a * b);
    return variance / (2 * max(curveMm, LEAST_CURVE_MM));
  });
}

function moved(contour: Contour, outwardMm: (ray: number) => number): Contour {
  const { ellipse, radiiMm } = contour;
  const points = contourPoints(contour);
  const radii = radiiMm.map((radius, ray) => {
    const before = points[(ray + points.length - 1) % points.length];
    const after = points[(ray + 1) % points.length];
    if (!before || !after) return radius;
    const [cos, sin] = rayDirection(ray);
    const [x, y] = [ellipse.a * cos, ellipse.b * sin];
    const [du, dv] = [after.u - before.u, after.v - before.v];
    const alongLine = (x * du + y * dv) / max(hypot(x, y) * hypot(du, dv), 1e-9);
    const acrossLine = sqrt(max(1 - min(alongLine * alongLine, 1), 0));
    return max(radius + outwardMm(ray) / max(acrossLine, LEAST_COSINE), LEAST_RADIUS_MM);
  });
  return { ellipse, radiiMm: radii };
}
