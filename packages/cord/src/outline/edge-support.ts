import type { ContrastRules } from './contrast';
import { rayDirection, RAYS, type Contour } from './polar';
import { sampleCubic, type SliceImage } from './slice-image';

const { floor, hypot, max } = Math;

const INSIDE_MM = 0.75;
const OUTSIDE_MM = 0.9;
/** Share of the stack's ordinary edge that still counts as an edge. */
const ENOUGH = 0.3;

/** Signed step of intensity across the contour on each ray: positive when the cord stands out as it should. */
export function edgeSteps(
  image: SliceImage,
  { ellipse, radiiMm }: Contour,
  rules: ContrastRules,
): Float64Array {
  return Float64Array.from({ length: RAYS }, (_, ray) => {
    const [cos, sin] = rayDirection(ray);
    const length = hypot(ellipse.a * cos, ellipse.b * sin);
    const sample = (radius: number) =>
      sampleCubic(
        image,
        ellipse.centre.u + (radius * ellipse.a * cos) / length,
        ellipse.centre.v + (radius * ellipse.b * sin) / length,
      );
    const radius = radiiMm[ray] ?? 0;
    return rules.polarity * (sample(max(radius - INSIDE_MM, 0)) - sample(radius + OUTSIDE_MM));
  });
}

/**
 * Share of the rays of each slice on which there is an edge to see, 0 to 1. In phantoms every slice whose outline was
 * wrong stayed below 0.6, every good one was above.
 */
export function edgeSupport(steps: readonly (Float64Array | null)[]): (number | null)[] {
  const all = steps.flatMap((slice) => (slice ? [...slice] : [])).sort((p, q) => p - q);
  const ordinary = all[floor(all.length / 2)] ?? 0;
  return steps.map((slice) => {
    if (!slice) return null;
    const enough = slice.filter((step) => step > ENOUGH * ordinary && step > 0).length;
    return enough / slice.length;
  });
}
