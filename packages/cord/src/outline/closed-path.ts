const { floor, max, min } = Math;
/**
 * The cheapest closed line round a polar image: one radius per ray, smooth from ray to ray (Viterbi over two laps, of
 * which the middle is kept, so that the line closes).
 * @param costs `[ray][radius]`; Infinity forbids
 * @param smoothness cost per squared radius step between neighbouring rays
 * @returns fractional radius index per ray (parabola through the three costs round the optimum)
 */
export function closedPath(
  costs: Float64Array,
  rays: number,
  radii: number,
  smoothness: number,
  mostStep = 6,
): Float64Array {
  const laps = 2 * rays;
  const cameFrom = new Int16Array(laps * radii);
  let before = Float64Array.from(costs.subarray(0, radii));
  for (let lap = 1; lap < laps; lap++) {
    const base = (lap % rays) * radii;
    const now = new Float64Array(radii).fill(Infinity);
    for (let radius = 0; radius < radii; radius++) {
      const here = costs[base + radius] ?? Infinity;
      if (here === Infinity) continue;
      let best = Infinity;
      let from = radius;
      const last = min(radius + mostStep, radii - 1);
      for (let other = max(radius - mostStep, 0); other <= last; other++) {
        const sum = (before[other] ?? Infinity) + smoothness * (other - radius) * (other - radius);
        if (sum < best) {
          best = sum;
          from = other;
        }
      }
      now[radius] = best + here;
      cameFrom[lap * radii + radius] = from;
    }
    before = now;
  }
  const path = trackBack(before, cameFrom, laps, radii);
  const middle = floor(rays / 2);
  const indices = new Float64Array(rays);
  for (let step = middle; step < middle + rays; step++) {
    const ray = step % rays;
    indices[ray] = refined(costs, ray * radii, path[step] ?? 0, radii);
  }
  return indices;
}

function trackBack(last: Float64Array, cameFrom: Int16Array, laps: number, radii: number): Int16Array {
  const path = new Int16Array(laps);
  let at = last.reduce((best, value, radius) => (value < (last[best] ?? Infinity) ? radius : best), 0);
  for (let lap = laps - 1; lap >= 0; lap--) {
    path[lap] = at;
    at = cameFrom[lap * radii + at] ?? at;
  }
  return path;
}

/** Minimum of the parabola through the cost at an index and its neighbours, within half a step. */
function refined(costs: Float64Array, base: number, index: number, radii: number): number {
  if (index <= 0 || index >= radii - 1) return index;
  const [p, q, r] = [costs[base + index - 1], costs[base + index], costs[base + index + 1]];
  if (p === undefined || q === undefined || r === undefined) return index;
  const bend = p - 2 * q + r;
  if (!Number.isFinite(bend) || bend <= 0) return index;
  return index + min(max((p - r) / (2 * bend), -0.5), 0.5);
}
