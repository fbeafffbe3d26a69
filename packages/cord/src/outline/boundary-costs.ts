import type { ContrastRules } from './contrast';
import { indexOfRadius, RADII, radiusAt, RAYS, type Contour, type PolarImage } from './polar';

const { abs, atan2, ceil, cos, floor, hypot, log, max, min, sin } = Math;

/** Semi-axes of an ordinary cord, mm: what the size prior pulls towards. */
const ORDINARY = { a: 6.2, b: 4.2 } as const;
/** Edges stronger than this many ordinary edges count no more: a vertebra must not outshine the cord. */
const EDGE_CAP = 1.2;
/** An edge counts as left behind when it lies this far inside the line ... */
const PASSED_MM = 1;
/** ... and exceeds this share of an ordinary edge, and this many times the ordinary slope inside the cord (noise). */
const PASSED_FREE = 0.5;
const PASSED_NOISE = 2.5;
const PASSED_WEIGHT = 1;
/** Median of the absolute value of a standard normal. */
const MEDIAN_OF_NORMAL = 0.6745;
/** The outside of a ray differs from the inside by at least this share of the slice's ordinary contrast. */
const LEAST_CONTRAST = 0.75;
/** The outside value is smoothed over this many rays to either side (about 20 degrees). */
const OUTSIDE_REACH_RAYS = 4;

/**
 * Minus the signed edge in units of the slice's ordinary edge, plus what a line costs that leaves a clear edge behind:
 * the cord ends at the first one, whatever the edge of the canal beyond it looks like.
 */
export function edgeCosts(polar: PolarImage, rules: ContrastRules): Float64Array {
  const strongest = Array.from({ length: RAYS }, (_, ray) => {
    let most = 0;
    for (let index = 0; index < RADII; index++)
      most = max(most, -rules.polarity * (polar.slopes[ray * RADII + index] ?? 0));
    return most;
  });
  const ordinary = max(median(strongest), 1e-6);
  const unrest = innerUnrest(polar) / ordinary;
  const costs = new Float64Array(RAYS * RADII);
  for (let ray = 0; ray < RAYS; ray++) {
    const gapSteps = ceil(PASSED_MM / ((radiusAt(1) - radiusAt(0)) * (polar.rayMm[ray] ?? 1)));
    let passed = 0;
    for (let index = 0; index < RADII; index++) {
      const at = ray * RADII + index;
      const edge = (-rules.polarity * (polar.slopes[at] ?? 0)) / ordinary;
      if (index >= gapSteps)
        passed = max(passed, (-rules.polarity * (polar.slopes[at - gapSteps] ?? 0)) / ordinary);
      costs[at] =
        -min(max(edge, -EDGE_CAP), EDGE_CAP) +
        PASSED_WEIGHT * max(passed - max(PASSED_FREE, PASSED_NOISE * unrest), 0);
    }
  }
  return costs;
}

/**
 * Ordinary slope in the inner part of the ellipse, as the standard deviation it would have as noise: noise, and
 * structure of the cord itself. A median, since a flattened cord has its edges there on some rays.
 */
function innerUnrest(polar: PolarImage): number {
  const inner = ceil(indexOfRadius(0.5));
  const slopes: number[] = [];
  for (let ray = 0; ray < RAYS; ray++)
    for (let index = 0; index < inner; index++) slopes.push(abs(polar.slopes[ray * RADII + index] ?? 0));
  return median(slopes) / MEDIAN_OF_NORMAL;
}

export function addSizePrior(costs: Float64Array, polar: PolarImage, rules: ContrastRules): void {
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
export function addRegion(costs: Float64Array, polar: PolarImage, seen: Contour, rules: ContrastRules): void {
  const inside = insideLevel(polar, seen);
  const outside = distinctFrom(inside, outsideLevels(polar, seen), rules);
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

/**
 * Where the earlier line ran through the cord, what lies outside it is cord too: taken at its word, the line could
 * never come out again.
 */
function distinctFrom(inside: number, levels: Float64Array, { polarity }: ContrastRules): Float64Array {
  const least = LEAST_CONTRAST * polarity * (inside - median([...levels]));
  return levels.map((level) => (polarity * (inside - level) < least ? inside - polarity * least : level));
}

/** Weights of a ray and of its neighbour in {@link smoothedOverRays}. */
const OWN_WEIGHT = 0.5;
const NEIGHBOUR_WEIGHT = 0.25;

/** Costs averaged with those of the neighbouring rays at the same radius: less noise, edges as sharp as they were. */
export function smoothedOverRays(costs: Float64Array): Float64Array {
  return costs.map((own, at) => {
    if (own === Infinity) return own;
    const before = costs[(at - RADII + costs.length) % costs.length] ?? own;
    const after = costs[(at + RADII) % costs.length] ?? own;
    // A forbidden neighbour says nothing.
    const side = (near: number) => NEIGHBOUR_WEIGHT * (near === Infinity ? own : near);
    return OWN_WEIGHT * own + side(before) + side(after);
  });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((p, q) => p - q);
  const middle = floor(sorted.length / 2);
  return sorted[middle] ?? 0;
}
