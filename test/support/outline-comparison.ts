import type { VoxelGrid } from '@myelon/diffusion';

/** Dice coefficient of two labellings of the same voxels; 1 when both are empty. */
export function dice(p: Uint8Array, q: Uint8Array): number {
  let both = 0;
  let total = 0;
  p.forEach((label, at) => {
    const other = q[at] ?? 0;
    both += label > 0 && other > 0 ? 1 : 0;
    total += (label > 0 ? 1 : 0) + (other > 0 ? 1 : 0);
  });
  return total === 0 ? 1 : (2 * both) / total;
}

/**
 * Compares an outline with a mask within the mask's extent along the neck (masks often cover fewer slices).
 * @returns Dice of all these slices together, and of the worst one
 */
export function weighted(
  found: Uint8Array,
  mask: Uint8Array,
  grid: VoxelGrid,
): { whole: number; worstSlice: number } {
  const upwards = [8, 9, 10].map((at) => Math.abs(grid.affine[at] ?? 0));
  const axis = upwards.indexOf(Math.max(...upwards));
  const stride = [1, grid.columns, grid.columns * grid.rows][axis] ?? 1;
  const planes = [grid.columns, grid.rows, grid.slices][axis] ?? 1;
  const planeOf = (at: number) => Math.floor(at / stride) % planes;
  const members: number[][] = Array.from({ length: planes }, () => []);
  mask.forEach((_, at) => members[planeOf(at)]?.push(at));
  const drawn = members.filter((plane) => plane.filter((at) => (mask[at] ?? 0) > 0).length >= 10);
  const pick = (labels: Uint8Array, at: readonly number[]) =>
    Uint8Array.from(at, (index) => labels[index] ?? 0);
  const all = drawn.flat();
  return {
    whole: dice(pick(found, all), pick(mask, all)),
    worstSlice: Math.min(...drawn.map((plane) => dice(pick(found, plane), pick(mask, plane)))),
  };
}

/** Standard normal numbers, always the same for a seed (linear congruential, Box-Muller). */
export function normalStream(seed: number): () => number {
  let state = Math.imul(seed, 2654435761) >>> 0;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
