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

/** What can be seen of the edge in one slice. */
export interface EdgeSeen {
  /**
   * Share of the rays on which there is an edge to see, 0 to 1. In phantoms every slice whose outline was wrong stayed
   * below 0.6, every good one was above.
   */
  readonly support: number;
  /** Longest stretch without any edge, as a share of the way round, and where its middle lies. */
  readonly gap: number;
  readonly gapRay: number;
}

/** Rays to either side over which a step is averaged in looking for gaps: noise makes no gap, and fills none. */
const GAP_REACH = 3;

export function edgesSeen(steps: readonly (Float64Array | null)[]): (EdgeSeen | null)[] {
  const all = steps.flatMap((slice) => (slice ? [...slice] : [])).sort((p, q) => p - q);
  const enough = max(ENOUGH * (all[floor(all.length / 2)] ?? 0), Number.MIN_VALUE);
  return steps.map((slice) => {
    if (!slice) return null;
    const support = slice.filter((step) => step >= enough).length / slice.length;
    return { support, ...longestGap(averaged(slice), enough) };
  });
}

function averaged(steps: Float64Array): Float64Array {
  return steps.map((_, ray) => {
    let sum = 0;
    for (let off = -GAP_REACH; off <= GAP_REACH; off++)
      sum += steps[(ray + off + steps.length) % steps.length] ?? 0;
    return sum / (2 * GAP_REACH + 1);
  });
}

/** Two laps, so that a gap across ray 0 is one gap. */
function longestGap(steps: Float64Array, enough: number): Pick<EdgeSeen, 'gap' | 'gapRay'> {
  let [longest, end, length] = [0, 0, 0];
  for (let at = 0; at < 2 * steps.length; at++) {
    length = (steps[at % steps.length] ?? 0) < enough ? length + 1 : 0;
    if (length > longest) [longest, end] = [length, at];
  }
  return {
    gap: Math.min(longest, steps.length) / steps.length,
    gapRay: (end - floor(longest / 2) + 2 * steps.length) % steps.length,
  };
}
