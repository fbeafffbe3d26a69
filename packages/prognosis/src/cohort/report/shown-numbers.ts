/** Shown where there is no number. */
export const NONE = '-';

/** Fixed decimals, or a dash. */
export function fixed(value: number | null | undefined, decimals: number): string {
  return value === null || value === undefined ? NONE : value.toFixed(decimals);
}

/** "0.86 (0.78 to 0.93)". */
export function withInterval(
  value: number | null | undefined,
  interval: readonly [number | null, number | null] | null | undefined,
  decimals: number,
): string {
  if (value === null || value === undefined) return NONE;
  const [low, high] = interval ?? [null, null];
  if (low === null && high === null) return `${value.toFixed(decimals)} (interval not estimable)`;
  return `${value.toFixed(decimals)} (${fixed(low, decimals)} to ${fixed(high, decimals)})`;
}

/** p with two digits, never 0. */
export function shownP(p: number | null | undefined): string {
  if (p === null || p === undefined) return NONE;
  return p < 0.001 ? '< 0.001' : p.toPrecision(2);
}
