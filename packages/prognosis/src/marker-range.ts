import type { MarkerInput } from './judge-markers';
import { shownF, shownFa } from './pattern-sentence';

/** Ranges of FA and f a rule was built for, as fractions. */
export interface MarkerRanges {
  readonly fa: readonly [number, number];
  readonly f: readonly [number, number];
}

/** Why nothing can be said from these markers; empty when something can. */
export function reasonsAgainstMarkers(fa: MarkerInput, f: MarkerInput, ranges: MarkerRanges): string[] {
  return [...reasonsAgainst('FA', fa, ranges.fa, shownFa), ...reasonsAgainst('f', f, ranges.f, shownF)];
}

function reasonsAgainst(
  name: string,
  marker: MarkerInput,
  [low, high]: readonly [number, number],
  shown: (value: number) => string,
): string[] {
  if ('missing' in marker) return [`${name} is missing: ${marker.missing}`];
  const { mean } = marker;
  if (!Number.isFinite(mean)) return [`${name} is not a number`];
  if (mean > 1)
    return [`${name} is given as ${String(mean)}: is that per cent? A fraction from 0 to 1 is expected`];
  if (mean >= low && mean <= high) return [];
  return [
    `${name} ${shown(mean)} is outside the range the rule was built for (${shown(low)} to ${shown(high)})`,
  ];
}
