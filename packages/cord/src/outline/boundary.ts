import { addRegion, addSizePrior, edgeCosts, smoothedOverRays } from './boundary-costs';
import { closedPath } from './closed-path';
import type { ContrastRules } from './contrast';
import {
  ellipseContour,
  indexOfRadius,
  polarImage,
  RADII,
  radiiAlong,
  radiusAt,
  RAYS,
  type Contour,
  type Ellipse,
  type PolarImage,
} from './polar';
import { bestAxes } from './matched-filter';
import { contourShape } from './shape';
import type { PlanePoint } from './slice-frame';
import type { SliceImage } from './slice-image';

const { abs, cos, hypot, max, min, round, sin } = Math;

/** Smallest semi-axes of the ellipse of the first pass: radii are sampled up to 1.8 times these. */
const LEAST_START_MM = { a: 5, b: 2.6 } as const;
/** How far a later pass may move the line, mm. */
const SEARCH_MM = 1.6;
const MOST_RECENTRE_MM = 1;
const MOST_DRIFT_MM = 3;
const SWEEPS = 2;
/** Squared difference to the neighbouring slices beyond which the pull grows no more, mm2. */
const MOST_PULL_MM2 = 4;

/** A slice on its way to an outline. */
export interface SliceSearch {
  readonly image: SliceImage;
  /** Point of the centreline. */
  readonly start: PlanePoint;
}

/**
 * First pass, in the ellipse of the matched filter that fits best: what is inside and outside is roughly known from
 * the start, also of a flattened cord.
 */
export function firstContour({ image, start }: SliceSearch, rules: ContrastRules): Contour {
  const [a, b] = bestAxes(image, start, rules);
  const polar = polarImage(image, {
    centre: start,
    a: max(a, LEAST_START_MM.a),
    b: max(b, LEAST_START_MM.b),
  });
  const costs = edgeCosts(polar, rules);
  addSizePrior(costs, polar, rules);
  if (rules.region > 0) {
    const filter = ellipseContour({ centre: start, a, b });
    const radiiMm = radiiAlong(filter, polar.ellipse);
    addRegion(costs, polar, { ellipse: polar.ellipse, radiiMm }, rules);
  }
  return cheapestContour(polar, costs, rules);
}

/**
 * One later pass over the whole stack: every slice is seen again from the middle of its own contour, with the region
 * term, and pulled weakly to its neighbours.
 * @param searches slices, null where there is no cord
 * @param contours what the pass before found
 */
export function refineContours(
  searches: readonly (SliceSearch | null)[],
  contours: readonly (Contour | null)[],
  rules: ContrastRules,
): (Contour | null)[] {
  const slices = searches.map((search, slice) => {
    const contour = contours[slice];
    return search && contour ? refinedCosts(search, contour, rules) : null;
  });
  let current = slices.map((slice) => slice?.seen ?? null);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    current = slices.map((slice, index) => {
      if (!slice) return null;
      const neighbours = [current[index - 1], current[index + 1]].filter((one) => one != null);
      const costs = withPull(slice.costs, slice.polar, neighbours, rules.betweenSlices);
      return cheapestContour(slice.polar, costs, rules);
    });
  }
  return current;
}

interface SliceCosts {
  readonly polar: PolarImage;
  readonly costs: Float64Array;
  /** The contour of the pass before, from the new centre. */
  readonly seen: Contour;
}

function refinedCosts(search: SliceSearch, contour: Contour, rules: ContrastRules): SliceCosts {
  const shape = contourShape(contour);
  const centre = towards(contour.ellipse.centre, shape.centre, MOST_RECENTRE_MM, search.start, MOST_DRIFT_MM);
  const ellipse: Ellipse = {
    centre,
    a: min(max(shape.halfWidth, 3), 9),
    b: min(max(shape.halfDepth, 1.2), 7),
  };
  const polar = polarImage(search.image, ellipse);
  const seen: Contour = { ellipse, radiiMm: radiiFrom(contour, ellipse) };
  const costs = edgeCosts(polar, rules);
  addSizePrior(costs, polar, rules);
  if (rules.region > 0) addRegion(costs, polar, seen, rules);
  for (let ray = 0; ray < RAYS; ray++) {
    const length = polar.rayMm[ray] ?? 1;
    const middle = seen.radiiMm[ray] ?? length;
    for (let index = 0; index < RADII; index++)
      if (abs(radiusAt(index) * length - middle) > SEARCH_MM) costs[ray * RADII + index] = Infinity;
  }
  keepOnePerRay(costs, seen, polar);
  return { polar, costs, seen };
}

/** A contour in the rays of an ellipse that may have another centre, mm. */
function radiiFrom(contour: Contour, ellipse: Ellipse): Float64Array {
  const moved = hypot(
    ellipse.centre.u - contour.ellipse.centre.u,
    ellipse.centre.v - contour.ellipse.centre.v,
  );
  const radii = radiiAlong(contour, ellipse);
  if (moved === 0) return radii;
  // The centre moves by a millimetre at most: first-order shift of the radius along each ray.
  return radii.map((radius, ray) => {
    const angle = (2 * Math.PI * ray) / RAYS;
    const [x, y] = [ellipse.a * cos(angle), ellipse.b * sin(angle)];
    const length = hypot(x, y);
    const along =
      ((ellipse.centre.u - contour.ellipse.centre.u) * x +
        (ellipse.centre.v - contour.ellipse.centre.v) * y) /
      length;
    return max(radius - along, 0.3);
  });
}

/** The search window may lie beyond the sampled radii: then the nearest radius stays allowed. */
function keepOnePerRay(costs: Float64Array, seen: Contour, polar: PolarImage): void {
  for (let ray = 0; ray < RAYS; ray++) {
    const row = costs.subarray(ray * RADII, (ray + 1) * RADII);
    if (row.some((cost) => cost !== Infinity)) continue;
    const index = round(indexOfRadius((seen.radiiMm[ray] ?? 0) / (polar.rayMm[ray] ?? 1)));
    row[min(max(index, 0), RADII - 1)] = 0;
  }
}

function withPull(
  costs: Float64Array,
  polar: PolarImage,
  neighbours: readonly Contour[],
  weight: number,
): Float64Array {
  if (neighbours.length === 0 || weight === 0) return costs;
  const radii = neighbours.map((neighbour) => radiiAlong(neighbour, polar.ellipse));
  const pulled = Float64Array.from(costs);
  for (let ray = 0; ray < RAYS; ray++) {
    const wanted = radii.reduce((sum, one) => sum + (one[ray] ?? 0), 0) / radii.length;
    const length = polar.rayMm[ray] ?? 1;
    for (let index = 0; index < RADII; index++) {
      const off = radiusAt(index) * length - wanted;
      const at = ray * RADII + index;
      pulled[at] = (pulled[at] ?? 0) + weight * min(off * off, MOST_PULL_MM2);
    }
  }
  return pulled;
}

function cheapestContour(polar: PolarImage, costs: Float64Array, rules: ContrastRules): Contour {
  const seen = rules.smoothRays ? smoothedOverRays(costs) : costs;
  return contourFrom(polar, closedPath(seen, RAYS, RADII, rules.betweenRays));
}

function contourFrom(polar: PolarImage, indices: Float64Array): Contour {
  return {
    ellipse: polar.ellipse,
    radiiMm: indices.map((index, ray) => radiusAt(index) * (polar.rayMm[ray] ?? 1)),
  };
}

/** A step from `from` towards `to` of at most `mostStep`, never further than `mostDrift` from `anchor`. */
function towards(
  from: PlanePoint,
  to: PlanePoint,
  mostStep: number,
  anchor: PlanePoint,
  mostDrift: number,
): PlanePoint {
  const limited = (origin: PlanePoint, target: PlanePoint, most: number): PlanePoint => {
    const distance = hypot(target.u - origin.u, target.v - origin.v);
    const share = distance > most ? most / distance : 1;
    return { u: origin.u + share * (target.u - origin.u), v: origin.v + share * (target.v - origin.v) };
  };
  return limited(anchor, limited(from, to, mostStep), mostDrift);
}
