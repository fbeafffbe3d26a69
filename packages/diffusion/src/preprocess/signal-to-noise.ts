import type { DiffusionVolume } from '../data/diffusion-volume';
import { B0_LIMIT_S_PER_MM2 } from '../data/gradient-table';
import { voxelsToFit } from '../fitting/fit-loop';
import { medianInPlace } from '../fitting/median';
import { noiseOfResiduals } from '../fitting/noise-of-residuals';

/** Noise and signal-to-noise ratio of unweighted images, slice by slice. */
export interface SignalToNoise {
  /** Standard deviation of the noise of each slice, signal units; null for a slice without signal in the mask. */
  readonly noise: readonly (number | null)[];
  /** Median over the slice of the mean unweighted signal, over the noise; null where there is none. */
  readonly ratio: readonly (number | null)[];
  /** For people: what was compared with what. */
  readonly method: string;
}

/**
 * Noise from repeated unweighted volumes (the lowest b-value, if at most 50 s/mm2): scatter of each voxel over the repeats, once
 * every repeat is brought to the same level in the slice, and the median of it over voxels, so that a vessel or a shift
 * at an edge does not count. Voxels without positive signal in every repeat are left out.
 *
 * @param mask one number per voxel, non-zero = use; all without it. Use the cord: elsewhere noise differs (coil
 * sensitivities) and pulsates.
 * @returns the estimate, or why there is none
 * @throws InputRefused when the mask is of another grid, or empty
 */
export function signalToNoiseOfRepeats(
  volume: DiffusionVolume,
  mask?: Uint8Array,
): SignalToNoise | { readonly missing: string } {
  const lowest = volume.gradients.shells()[0];
  if (!lowest || lowest.bValue > B0_LIMIT_S_PER_MM2) return { missing: 'no volume with b below 50 s/mm2' };
  const repeats = lowest.volumes;
  if (repeats.length < 2) return { missing: 'one unweighted volume: noise needs a repeat' };
  const { slices, rows, columns } = volume.grid;
  const bySlice: number[][] = Array.from({ length: slices }, () => []);
  for (const voxel of voxelsToFit(volume, mask)) bySlice[Math.floor(voxel / (rows * columns))]?.push(voxel);
  const found = bySlice.map((voxels) => ofSlice(volume, repeats, voxels));
  return {
    noise: found.map((slice) => slice?.noise ?? null),
    ratio: found.map((slice) => (slice && slice.noise > 0 ? slice.signal / slice.noise : null)),
    method: `scatter over ${String(repeats.length)} volumes at b ${lowest.bValue.toFixed(0)} s/mm2`,
  };
}

function ofSlice(
  volume: DiffusionVolume,
  repeats: readonly number[],
  voxels: readonly number[],
): { noise: number; signal: number } | null {
  const size = volume.signal.length / volume.gradients.count;
  const at = (repeat: number, voxel: number): number =>
    volume.signal[(repeats[repeat] ?? 0) * size + voxel] ?? Number.NaN;
  const usable = voxels.filter((voxel) => repeats.every((_, repeat) => at(repeat, voxel) > 0));
  if (usable.length === 0) return null;
  const meanOf = (voxel: number): number =>
    repeats.reduce((sum, _, repeat) => sum + at(repeat, voxel), 0) / repeats.length;
  // Median, for a vessel that pulsates must not shift the level of everything else.
  const levels = repeats.map((_, repeat) =>
    medianInPlace(
      Float64Array.from(usable, (voxel) => at(repeat, voxel) / meanOf(voxel)),
      usable.length,
    ),
  );
  const means = new Float64Array(usable.length);
  const squares = new Float64Array(usable.length);
  usable.forEach((voxel, i) => {
    const values = levels.map((own, repeat) => at(repeat, voxel) / own);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    means[i] = mean;
    squares[i] = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  });
  return {
    noise: noiseOfResiduals(squares, repeats.length - 1),
    signal: medianInPlace(means, means.length),
  };
}
