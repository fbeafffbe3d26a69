/**
 * A signal that is not positive has no logarithm: it is taken as this fraction of the largest signal of its voxel, as
 * MRtrix3 `dwi2tensor` does (dipy takes 1e-4 signal units, which depends on the scale of the images). The voxel is
 * flagged.
 */
const SMALLEST_RELATIVE_SIGNAL = 1e-6;

/** What {@link logSignals} found in a voxel. */
export const SignalQuality = { good: 0, nonPositive: 1, unusable: 2 } as const;

/**
 * Takes logarithms of the signals of one voxel in place.
 *
 * @param signals `[measurement]` at `at`
 * @returns `good`; `nonPositive` when a signal was <= 0 and replaced; `unusable` when no signal is positive or one is
 * not a number (then ln signal is 0 throughout)
 */
export function logSignals(signals: Float64Array, at: number, count: number): 0 | 1 | 2 {
  let largest = 0;
  let smallest = Infinity;
  let finite = true;
  for (let i = at; i < at + count; i++) {
    const s = signals[i] ?? 0;
    if (s > largest) largest = s;
    if (s < smallest) smallest = s;
    if (!Number.isFinite(s)) finite = false;
  }
  if (!finite || largest <= 0) {
    signals.fill(0, at, at + count);
    return SignalQuality.unusable;
  }
  const floor = SMALLEST_RELATIVE_SIGNAL * largest;
  for (let i = at; i < at + count; i++) {
    const s = signals[i] ?? 0;
    signals[i] = Math.log(s > 0 ? s : floor);
  }
  return smallest > 0 ? SignalQuality.good : SignalQuality.nonPositive;
}
