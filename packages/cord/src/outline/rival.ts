import type { ScoreMap } from './matched-filter';
import type { PlanePoint } from './slice-frame';

const { floor, hypot, max } = Math;

/** Nearer than this a place belongs to the cord itself, mm. */
const OWN_REACH_MM = 10;
/** A place that scores this much less than the cord is still as good as it. */
const AS_GOOD_WITHIN = 0.03;
/** Share of the slices in which there must be one. */
const LEAST_SHARE = 0.75;

/** True when most slices hold another place that looks as much like a cord: then only a person can tell which it is. */
export function hasRival(maps: readonly (ScoreMap | null)[], path: readonly PlanePoint[]): boolean {
  let looked = 0;
  let rivalled = 0;
  maps.forEach((map, slice) => {
    const point = path[slice];
    if (!map || !point) return;
    looked += 1;
    if (bestFarFrom(map, point) >= scoreNear(map, point) - AS_GOOD_WITHIN) rivalled += 1;
  });
  return looked > 0 && rivalled >= LEAST_SHARE * looked;
}

function bestFarFrom(map: ScoreMap, { u, v }: PlanePoint): number {
  return map.scores.reduce(
    (best, score, at) =>
      score > best && hypot(map.u0 + (at % map.width) - u, map.v0 + floor(at / map.width) - v) >= OWN_REACH_MM
        ? score
        : best,
    -Infinity,
  );
}

/** The path moves little from slice to slice and may miss the best point of a slice by a millimetre. */
function scoreNear(map: ScoreMap, { u, v }: PlanePoint): number {
  let best = -Infinity;
  for (let dv = -1; dv <= 1; dv++)
    for (let du = -1; du <= 1; du++) {
      const [i, j] = [Math.round(u - map.u0) + du, Math.round(v - map.v0) + dv];
      if (i < 0 || j < 0 || i >= map.width || j >= map.height) continue;
      best = max(best, map.scores[j * map.width + i] ?? -Infinity);
    }
  return best;
}
