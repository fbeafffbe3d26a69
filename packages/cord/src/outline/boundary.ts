import { closedPath } from './closed-path';
import type { ContrastRules } from './contrast';
import {
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
import { contourShape } from './shape';
import type { PlanePoint } from './slice-frame';
import type { SliceImage } from './slice-image';

const { abs, atan2, ceil, cos, floor, hypot, log, max, min, round, sin } = Math;

/** Semi-axes of an ordinary cord, mm: where the search starts and what the size prior pulls towards. */
const ORDINARY = { a: 6.2, b: 4.2 } as const;
/** How far a later pass may move the line, mm. */
const SEARCH_MM = 1.6;
const MOST_RECENTRE_MM = 1;
const MOST_DRIFT_MM = 3;
/** Edges stronger than this many ordinary edges count no more: a vertebra must not outshine the cord. */
const EDGE_CAP = 1.5;
const SWEEPS = 2;
/** Squared difference to the neighbouring slices beyond which the pull grows no more, mm2. */
const MOST_PULL_MM2 = 4;
/** The outside value is smoothed over this many rays to either side (about 20 degrees). */
const OUTSIDE_REACH_RAYS = 4;

/** A slice on its way to an outline. */
export interface SliceSearch {
  readonly image: SliceImage;
  /** Point of the centreline. */
  readonly start: PlanePoint;
}

/** First pass: edges and size prior, in an ellipse of ordinary size. */
export function firstContour({ image, start }: SliceSearch, rules: ContrastRules): Contour {
  const polar = polarImage(image, { centre: start, ...ORDINARY });
  const costs = edgeCosts(polar, rules);
  addSizePrior(costs, polar, rules);
  return contourFrom(polar, closedPath(costs, RAYS, RADII, rules.betweenRays));
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
      return contourFrom(slice.polar, closedPath(costs, RAYS, RADII, rules.betweenRays));
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

/** Minus the signed edge in units of the slice's ordinary edge. */
function edgeCosts(polar: PolarImage, rules: ContrastRules): Float64Array {
  const strongest = Array.from({ length: RAYS }, (_, ray) => {
    let most = 0;
    for (let index = 0; index < RADII; index++)
      most = max(most, -rules.polarity * (polar.slopes[ray * RADII + index] ?? 0));
    return most;
  });
  const ordinary = max(median(strongest), 1e-6);
  return Float64Array.from(
    polar.slopes,
    (slope) => -min(max((-rules.polarity * slope) / ordinary, -EDGE_CAP), EDGE_CAP),
  );
}

function addSizePrior(costs: Float64Array, polar: PolarImage, rules: ContrastRules): void {
  for (let ray = 0; ray < RAYS; ray++) {
    const length = polar.rayMm[ray] ?? 1;
    const angle = atan2(
      polar.ellipse.b * sin((2 * Math.PI * ray) / RAYS),
      polar.ellipse.a * cos((2 * Math.PI * ray) / RAYS),
    );
    const ordinary = 1 / hypot(cos(angle) / ORDINARY.a, sin(angle) / ORDINARY.b);
    for (let index = 0; index < RADII; index++) {
      const ratio = log((radiusAt(index) * length) / ordinary);
      const at = ray * RADII + index;
      costs[at] = (costs[at] ?? 0) + rules.sizePrior * ratio * ratio;
    }
  }
}

/**
 * Minus the integral of "more cord than not" along the ray (trapezoid, mm), with the half-way value taken from the
 * inside of the slice and the outside near this angle. After the line has left the cord nothing is gained any more.
 */
function addRegion(costs: Float64Array, polar: PolarImage, seen: Contour, rules: ContrastRules): void {
  const inside = insideLevel(polar, seen);
  const outside = outsideLevels(polar, seen);
  for (let ray = 0; ray < RAYS; ray++) {
    const length = polar.rayMm[ray] ?? 1;
    const out = outside[ray] ?? 0;
    const contrast = max(rules.polarity * (inside - out), 0.05);
    const middle = (inside + out) / 2;
    const excess = (index: number) => {
      const value = polar.values[ray * RADII + index] ?? 0;
      return min(max((rules.polarity * (value - middle)) / contrast, -0.5), 0.5);
    };
    let credit = 0;
    let left = false;
    const stepMm = (radiusAt(1) - radiusAt(0)) * length;
    for (let index = 0; index < RADII; index++) {
      if (index > 0) {
        const gain = (stepMm * (excess(index - 1) + excess(index))) / 2;
        left ||= gain < 0 && radiusAt(index) * length > 0.5 * (seen.radiiMm[ray] ?? 0);
        credit += left ? min(gain, 0) : gain;
      }
      const at = ray * RADII + index;
      costs[at] = (costs[at] ?? 0) - rules.region * credit;
    }
  }
}

/** Mean intensity of the inner part of the contour. */
function insideLevel(polar: PolarImage, seen: Contour): number {
  let sum = 0;
  let weight = 0;
  for (let ray = 0; ray < RAYS; ray++) {
    const radius = (seen.radiiMm[ray] ?? 0) / (polar.rayMm[ray] ?? 1);
    for (let index = 0; radiusAt(index) < 0.7 * radius; index++) {
      sum += radiusAt(index) * (polar.values[ray * RADII + index] ?? 0);
      weight += radiusAt(index);
    }
  }
  return weight === 0 ? (polar.values[0] ?? 0) : sum / weight;
}

/** Mean intensity 0.9 to 2 mm outside the contour, smoothed over neighbouring rays. */
function outsideLevels(polar: PolarImage, seen: Contour): Float64Array {
  const raw = Float64Array.from({ length: RAYS }, (_, ray) => {
    const length = polar.rayMm[ray] ?? 1;
    const from = indexOfRadius(((seen.radiiMm[ray] ?? 0) + 0.9) / length);
    const to = indexOfRadius(((seen.radiiMm[ray] ?? 0) + 2) / length);
    let sum = 0;
    let count = 0;
    for (let index = ceil(min(from, RADII - 1)); index <= min(to, RADII - 1); index++) {
      sum += polar.values[ray * RADII + index] ?? 0;
      count += 1;
    }
    return count === 0 ? (polar.values[ray * RADII + RADII - 1] ?? 0) : sum / count;
  });
  return raw.map((_, ray) => {
    let sum = 0;
    for (let step = -OUTSIDE_REACH_RAYS; step <= OUTSIDE_REACH_RAYS; step++)
      sum += raw[(ray + step + RAYS) % RAYS] ?? 0;
    return sum / (2 * OUTSIDE_REACH_RAYS + 1);
  });
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

function median(values: readonly number[]): number {
  const sorted = [...values].sort((p, q) => p - q);
  const middle = floor(sorted.length / 2);
  return sorted[middle] ?? 0;
}
