import { B0_LIMIT_S_PER_MM2, type GradientTable } from '@myelon/diffusion';

const NO_B0 = `no volume with b up to ${String(B0_LIMIT_S_PER_MM2)} s/mm²`;
const NO_DIRECTIONS = 'no diffusion directions: a tensor cannot be fitted';

/** What a person should know of a gradient table as a whole. */
export function tableWarnings(table: GradientTable): string[] {
  const directed = [...Array(table.count).keys()].some((volume) => table.hasDirection(volume));
  return [...(table.b0Volumes().length === 0 ? [NO_B0] : []), ...(directed ? [] : [NO_DIRECTIONS])];
}

/** False for the warnings that {@link tableWarnings} gives: they go with their table. */
export function outlivesTable(warning: string): boolean {
  return warning !== NO_B0 && warning !== NO_DIRECTIONS;
}
