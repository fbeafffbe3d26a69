import type { noiseSource } from '@myelon/diffusion';
import type { MarkedOutcomes } from './roc-curve';

type Noise = ReturnType<typeof noiseSource>;

/** Patients counted by groups of neighbouring values, worst first; each distinct value may be a group of its own. */
export interface ValueGroups {
  /** Worst and best value of each group. */
  readonly first: Float64Array;
  readonly last: Float64Array;
  /** For each patient the group he is in. */
  readonly good: Uint32Array;
  readonly poor: Uint32Array;
  /** Patients of each group. */
  readonly counts: { readonly good: Uint32Array; readonly poor: Uint32Array };
}

/**
 * @param distinct values, worst first
 * @param most groups at most; of about equal numbers of distinct values
 */
export function valueGroups(
  { values, good }: MarkedOutcomes,
  distinct: readonly number[],
  most: number,
): ValueGroups {
  const size = Math.max(1, Math.ceil(distinct.length / most));
  const groups = Math.ceil(distinct.length / size);
  const position = new Map(distinct.map((value, i) => [value, Math.floor(i / size)]));
  const of = (outcome: 0 | 1) => {
    const found: number[] = [];
    for (let i = 0; i < values.length; i++)
      if (good[i] === outcome) found.push(position.get((values[i] ?? 0) + 0) ?? 0);
    return Uint32Array.from(found);
  };
  const counted = (patients: Uint32Array) => {
    const sums = new Uint32Array(groups);
    for (const group of patients) sums[group] = (sums[group] ?? 0) + 1;
    return sums;
  };
  const patients = { good: of(1), poor: of(0) };
  return {
    ...patients,
    counts: { good: counted(patients.good), poor: counted(patients.poor) },
    first: Float64Array.from({ length: groups }, (_, group) => distinct[group * size] ?? NaN),
    last: Float64Array.from(
      { length: groups },
      (_, group) => distinct[Math.min((group + 1) * size, distinct.length) - 1] ?? NaN,
    ),
  };
}

/** As many patients of each outcome as there are, drawn with replacement, counted by group. */
export function redrawnCounts(
  { first, good, poor }: ValueGroups,
  noise: Noise,
): { good: Uint32Array; poor: Uint32Array } {
  const redrawn = (from: Uint32Array) => {
    const counts = new Uint32Array(first.length);
    for (let left = from.length; left > 0; left--) {
      const group = from[Math.floor(noise.uniform() * from.length)] ?? 0;
      counts[group] = (counts[group] ?? 0) + 1;
    }
    return counts;
  };
  return { good: redrawn(good), poor: redrawn(poor) };
}

/** The count of each group drawn from a Poisson distribution around the count there is. */
export function poissonCounts(
  { counts }: ValueGroups,
  noise: Noise,
): { good: Uint32Array; poor: Uint32Array } {
  const drawn = (of: Uint32Array) => of.map((count) => poisson(count, noise));
  return { good: drawn(counts.good), poor: drawn(counts.poor) };
}

/** Up to here one by one; beyond, the normal approximation is within the resolution of a bootstrap. */
const EXACT_UP_TO = 30;

function poisson(expected: number, noise: Noise): number {
  if (expected > EXACT_UP_TO) return Math.max(0, Math.round(expected + Math.sqrt(expected) * noise.normal()));
  const limit = Math.exp(-expected);
  let drawn = 0;
  for (let product = noise.uniform(); product > limit; product *= noise.uniform()) drawn++;
  return drawn;
}
