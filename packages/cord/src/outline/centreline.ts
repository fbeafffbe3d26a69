import type { ScoreMap } from './matched-filter';
import type { PlanePoint } from './slice-frame';

const { floor, hypot, max, min } = Math;

/** A click that says where the cord is in one slice. */
export interface PlaneSeed extends PlanePoint {
  readonly slice: number;
}

const SCORE_RANGE = 2;
/** Cost per mm2 of sideways movement, for slices 2 mm apart. */
const MOVE_COST = 0.1;
const MOST_MOVE_MM = 8;
/** A click costs nothing within this distance: the path snaps to the best place near it. */
const SEED_FREE_MM = 4;

/**
 * The path through all slices that is most cord-like, moving least: a global optimum (Viterbi), not slice by slice.
 * @param maps one score map per slice, all on the same lattice; null for slices without any image
 * @param sliceMm distance between slices
 * @returns a point per slice, mm in u and v
 */
export function centreline(
  maps: readonly (ScoreMap | null)[],
  sliceMm: number,
  seeds: readonly PlaneSeed[],
): PlanePoint[] {
  const lattice = maps.find((map) => map !== null);
  if (!lattice) return [];
  const { width, height } = lattice;
  const costs = maps.map((map, slice) =>
    sliceCosts(
      map,
      lattice,
      seeds.filter((seed) => seed.slice === slice),
    ),
  );
  const moves = allowedMoves(sliceMm);
  const cameFrom: Int32Array[] = [];
  let total = costs[0] ?? new Float32Array(width * height);
  for (const cost of costs.slice(1)) {
    const step = advance(total, cost, width, height, moves);
    cameFrom.push(step.cameFrom);
    total = step.total;
  }
  let at = total.reduce((best, value, index) => (value < (total[best] ?? Infinity) ? index : best), 0);
  const path = [at];
  for (const from of cameFrom.reverse()) {
    at = from[at] ?? at;
    path.push(at);
  }
  return path
    .reverse()
    .map((index) => ({ u: lattice.u0 + (index % width), v: lattice.v0 + floor(index / width) }));
}

function sliceCosts(
  map: ScoreMap | null,
  lattice: Omit<ScoreMap, 'scores'>,
  seeds: readonly PlaneSeed[],
): Float32Array {
  const { width, height, u0, v0 } = lattice;
  const costs = new Float32Array(width * height).fill(1);
  if (map) {
    const best = map.scores.reduce((most, score) => max(most, score), -Infinity);
    map.scores.forEach((score, at) => {
      costs[at] = score === -Infinity ? Infinity : min((best - score) / SCORE_RANGE, 1);
    });
    if (best === -Infinity) costs.fill(1);
  }
  for (const seed of seeds)
    for (let at = 0; at < costs.length; at++) {
      const distance = hypot(u0 + (at % width) - seed.u, v0 + floor(at / width) - seed.v);
      costs[at] = (costs[at] ?? 0) + max(distance - SEED_FREE_MM, 0);
    }
  return costs;
}

interface Move {
  readonly du: number;
  readonly dv: number;
  readonly cost: number;
}

function allowedMoves(sliceMm: number): Move[] {
  const moves: Move[] = [];
  for (let dv = -MOST_MOVE_MM; dv <= MOST_MOVE_MM; dv++)
    for (let du = -MOST_MOVE_MM; du <= MOST_MOVE_MM; du++) {
      const squared = du * du + dv * dv;
      if (squared > MOST_MOVE_MM ** 2) continue;
      moves.push({ du, dv, cost: (MOVE_COST * squared) / max(sliceMm / 2, 0.1) });
    }
  return moves.sort((p, q) => p.cost - q.cost);
}

function advance(
  before: Float32Array,
  cost: Float32Array,
  width: number,
  height: number,
  moves: readonly Move[],
): { total: Float32Array; cameFrom: Int32Array } {
  const total = new Float32Array(width * height).fill(Infinity);
  const cameFrom = new Int32Array(width * height);
  const least = before.reduce((low, value) => min(low, value), Infinity);
  for (let v = 0; v < height; v++)
    for (let u = 0; u < width; u++) {
      const at = v * width + u;
      const here = cost[at] ?? Infinity;
      if (here === Infinity) continue;
      let best = Infinity;
      let from = at;
      for (const move of moves) {
        // Moves come in order of cost: no later one can be better.
        if (least + move.cost >= best) break;
        const [pu, pv] = [u + move.du, v + move.dv];
        if (pu < 0 || pv < 0 || pu >= width || pv >= height) continue;
        const sum = (before[pv * width + pu] ?? Infinity) + move.cost;
        if (sum < best) {
          best = sum;
          from = pv * width + pu;
        }
      }
      total[at] = best + here;
      cameFrom[at] = from;
    }
  return { total, cameFrom };
}
