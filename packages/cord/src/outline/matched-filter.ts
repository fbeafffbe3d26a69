import type { ContrastRules } from './contrast';
import type { PlanePoint } from './slice-frame';
import { sampleLinear, type SliceImage } from './slice-image';

const { ceil, floor, max, min, sqrt } = Math;

/** Semi-axes (left-right, front-back) of the cords that are looked for, mm: ordinary, small, flattened, round. */
const FILTER_AXES_MM: readonly (readonly [number, number])[] = [
  [6, 4],
  [7, 4.5],
  [5, 3.5],
  [6.5, 3],
  [4.5, 4.2],
  [5.5, 2.2],
  [6.8, 1.7],
  [7, 2.6],
];
const INSIDE_SHARE = 0.85;
const RING_MM = [0.5, 2.8] as const;
const SECTORS = 8;
/** Room round the image for the largest filter, points. */
const MARGIN = 10;
/** Contrast at which a sector counts fully, in units of the slice's bright end. */
const FULL_CONTRAST = 0.4;
const SECTOR_SPREAD_WEIGHT = 0.3;
/** Points whose coarse neighbours score this much less than the best are not looked at more closely. */
const FINE_WITHIN = 0.8;

/** How cord-like every point of a slice is, on a lattice of 1 mm in u and v. */
export interface ScoreMap {
  /** u and v of lattice point (0, 0), mm. */
  readonly u0: number;
  readonly v0: number;
  readonly width: number;
  readonly height: number;
  /** `[v][u]`, larger is more cord-like; -Infinity where no filter fits into the image. */
  readonly scores: Float32Array;
}

interface Filter {
  readonly inside: Int32Array;
  readonly sectors: readonly Int32Array[];
}

/** Lattice that holds the whole image, u and v in mm; the same for all slices of a stack. */
export function latticeOf(image: SliceImage): Omit<ScoreMap, 'scores'> {
  const { frame, columns, rows } = image;
  const corners = [0, columns - 1].flatMap((column) =>
    [0, rows - 1].map((row) => ({
      u: frame.uPerColumn * column + frame.uPerRow * row,
      v: frame.vPerColumn * column + frame.vPerRow * row,
    })),
  );
  const us = corners.map(({ u }) => u);
  const vs = corners.map(({ v }) => v);
  const u0 = min(...us);
  const v0 = min(...vs);
  return {
    u0,
    v0,
    width: floor(max(...us) - u0) + 1,
    height: floor(max(...vs) - v0) + 1,
  };
}

/**
 * Elliptical matched filters: bright (or dark) inside, the other way in every sector of a ring around, even inside.
 * @param image smoothed slice
 */
export function scoreMap(image: SliceImage, rules: ContrastRules): ScoreMap {
  const lattice = latticeOf(image);
  const margin = MARGIN;
  const width = lattice.width + 2 * margin;
  const height = lattice.height + 2 * margin;
  const padded = new Float32Array(width * height).fill(Number.NaN);
  for (let j = 0; j < lattice.height; j++)
    for (let i = 0; i < lattice.width; i++)
      padded[(j + margin) * width + i + margin] = sampleLinear(image, {
        u: lattice.u0 + i,
        v: lattice.v0 + j,
      });
  const filters = FILTER_AXES_MM.map((axes) => filterOffsets(axes, width));
  const scoreOf = (i: number, j: number) => {
    const at = (j + margin) * width + i + margin;
    return filters.reduce((best, filter) => max(best, filterScore(padded, at, filter, rules)), -Infinity);
  };
  return { ...lattice, scores: coarseToFine(lattice.width, lattice.height, scoreOf) };
}

/** Semi-axes of the filter that fits best round a point, mm. */
export function bestAxes(
  image: SliceImage,
  { u, v }: PlanePoint,
  rules: ContrastRules,
): readonly [number, number] {
  const size = 2 * MARGIN + 1;
  const patch = Float32Array.from({ length: size * size }, (_, at) =>
    sampleLinear(image, { u: u + (at % size) - MARGIN, v: v + floor(at / size) - MARGIN }),
  );
  const middle = MARGIN * size + MARGIN;
  let best: readonly [number, number] = FILTER_AXES_MM[0] ?? [6, 4];
  let most = -Infinity;
  for (const axes of FILTER_AXES_MM) {
    const score = filterScore(patch, middle, filterOffsets(axes, size), rules);
    if (score > most) [best, most] = [axes, score];
  }
  return best;
}

/** Every second point first; the others only where a neighbour comes near the best. */
function coarseToFine(
  width: number,
  height: number,
  scoreOf: (i: number, j: number) => number,
): Float32Array {
  const scores = new Float32Array(width * height).fill(-Infinity);
  let best = -Infinity;
  for (let j = 0; j < height; j += 2)
    for (let i = 0; i < width; i += 2) {
      const score = scoreOf(i, j);
      scores[j * width + i] = score;
      best = max(best, score);
    }
  for (let j = 0; j < height; j++)
    for (let i = 0; i < width; i++) {
      if (i % 2 === 0 && j % 2 === 0) continue;
      const near = bestCoarseNeighbour(scores, width, height, i, j);
      scores[j * width + i] = near > best - FINE_WITHIN ? scoreOf(i, j) : near;
    }
  return scores;
}

function bestCoarseNeighbour(
  scores: Float32Array,
  width: number,
  height: number,
  i: number,
  j: number,
): number {
  let best = -Infinity;
  for (let v = j - (j % 2); v <= min(j + (j % 2), height - 1); v += 2)
    for (let u = i - (i % 2); u <= min(i + (i % 2), width - 1); u += 2)
      best = max(best, scores[v * width + u] ?? -Infinity);
  return best;
}

function filterScore(values: Float32Array, at: number, filter: Filter, rules: ContrastRules): number {
  const { inside, sectors } = filter;
  let sum = 0;
  let squares = 0;
  for (const offset of inside) {
    const value = values[at + offset] ?? Number.NaN;
    sum += value;
    squares += value * value;
  }
  const mean = sum / inside.length;
  if (Number.isNaN(mean)) return -Infinity;
  const spread = sqrt(max(squares / inside.length - mean * mean, 0));
  let contrast = 0;
  let ringSum = 0;
  let ringSquares = 0;
  let ringCount = 0;
  for (const sector of sectors) {
    let sectorSum = 0;
    for (const offset of sector) sectorSum += values[at + offset] ?? Number.NaN;
    const sectorMean = sectorSum / sector.length;
    // A sector outside the image says nothing.
    if (Number.isNaN(sectorMean)) continue;
    const step = (rules.polarity * (mean - sectorMean)) / FULL_CONTRAST;
    contrast += min(max(step, -1), 1);
    ringSum += sectorMean;
    ringSquares += sectorMean * sectorMean;
    ringCount += 1;
  }
  const ringMean = ringCount === 0 ? 0 : ringSum / ringCount;
  const ringSpread = ringCount === 0 ? 0 : sqrt(max(ringSquares / ringCount - ringMean * ringMean, 0));
  return (
    contrast / SECTORS -
    (rules.insideSpread * spread + SECTOR_SPREAD_WEIGHT * ringSpread) / FULL_CONTRAST +
    rules.brightRing * min(ringMean, 1)
  );
}

function filterOffsets([a, b]: readonly [number, number], width: number): Filter {
  const inside: number[] = [];
  const sectors: number[][] = Array.from({ length: SECTORS }, () => []);
  const reach = ceil(max(a, b) + RING_MM[1]);
  const within = (u: number, v: number, p: number, q: number) => (u / p) ** 2 + (v / q) ** 2 <= 1;
  for (let v = -reach; v <= reach; v++)
    for (let u = -reach; u <= reach; u++) {
      const offset = v * width + u;
      if (within(u, v, a * INSIDE_SHARE, b * INSIDE_SHARE)) inside.push(offset);
      const inRing =
        !within(u, v, a + RING_MM[0], b + RING_MM[0]) && within(u, v, a + RING_MM[1], b + RING_MM[1]);
      if (!inRing) continue;
      const turn = (Math.atan2(v / b, u / a) / (2 * Math.PI) + 1 + 0.5 / SECTORS) % 1;
      sectors[floor(turn * SECTORS)]?.push(offset);
    }
  return { inside: Int32Array.from(inside), sectors: sectors.map((one) => Int32Array.from(one)) };
}
