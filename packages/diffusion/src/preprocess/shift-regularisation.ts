/** Measured shifts of the slices of one volume along one axis, mm, with their error variances, mm2. */
export interface MeasuredShifts {
  readonly shifts: Float64Array;
  readonly variances: Float64Array;
}

/** Smallest variance taken as motion, mm2: below (20 um) it is not worth an interpolation. */
const SMALLEST_VARIANCE = 4e-4;

/**
 * How much volumes move as a whole, and how much neighbouring slices differ, as variances in mm2: found from the measured
 * shifts of all volumes once the variance that noise alone makes is taken off. Still images give (almost) 0 for both; slices
 * that moved independently of each other give a large difference, and then nothing is smoothed.
 */
export function motionVariances(volumes: readonly MeasuredShifts[]): { level: number; step: number } {
  let level = 0;
  let levels = 0;
  let step = 0;
  let steps = 0;
  for (const { shifts, variances } of volumes)
    for (let z = 0; z < shifts.length; z++) {
      const variance = variances[z] ?? Infinity;
      if (!Number.isFinite(variance)) continue;
      level += (shifts[z] ?? 0) ** 2 - variance;
      levels++;
      const before = variances[z - 1] ?? Infinity;
      if (!Number.isFinite(before)) continue;
      step += ((shifts[z] ?? 0) - (shifts[z - 1] ?? 0)) ** 2 - variance - before;
      steps++;
    }
  return {
    level: Math.max(levels > 0 ? level / levels : 0, SMALLEST_VARIANCE),
    step: Math.max(steps > 0 ? step / steps : 0, SMALLEST_VARIANCE / 4),
  };
}

/**
 * Most probable shifts along z of one volume: measured shifts, drawn to 0 and to their neighbours as strongly as motion of
 * that size is unlikely (normal prior: level, and random walk from slice to slice).
 */
export function regulariseAlongZ(
  { shifts, variances }: MeasuredShifts,
  { level, step }: { readonly level: number; readonly step: number },
): Float64Array {
  const n = shifts.length;
  // Slices move by the level as a whole: its weight is shared among them.
  const diagonal = Float64Array.from(shifts, (_, z) => {
    const neighbours = (z > 0 ? 1 : 0) + (z < n - 1 ? 1 : 0);
    return precision(variances[z]) + 1 / (level * n) + neighbours / step;
  });
  const right = Float64Array.from(shifts, (shift, z) => shift * precision(variances[z]));
  // Thomas' algorithm for the tridiagonal system; off-diagonals are -1/step.
  const off = -1 / step;
  for (let z = 1; z < n; z++) {
    const factor = off / (diagonal[z - 1] ?? 1);
    diagonal[z] = (diagonal[z] ?? 0) - factor * off;
    right[z] = (right[z] ?? 0) - factor * (right[z - 1] ?? 0);
  }
  const result = new Float64Array(n);
  for (let z = n - 1; z >= 0; z--)
    result[z] = ((right[z] ?? 0) - (z < n - 1 ? off * (result[z + 1] ?? 0) : 0)) / (diagonal[z] ?? 1);
  return result;
}

function precision(variance: number | undefined): number {
  return variance !== undefined && variance > 0 && Number.isFinite(variance) ? 1 / variance : 0;
}
