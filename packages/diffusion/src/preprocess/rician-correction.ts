import { checkNoise } from '../data/noise-level';
import type { DiffusionVolume } from '../data/diffusion-volume';

/**
 * Takes the bias of magnitude images off each signal: `sqrt(|S^2 - sigma^2|)`, which is right to first order above SNR 2.
 * Scatter stays, and signals deep in the noise keep some bias.
 *
 * Gudbjartsson & Patz, Magn Reson Med 1995;34:910-914.
 *
 * @param noise standard deviation of the noise of each slice, signal units; null or not positive: the slice is left as it is
 */
export function correctRicianBias(
  volume: DiffusionVolume,
  noise: readonly (number | null)[],
): DiffusionVolume {
  const { columns, rows, slices } = volume.grid;
  const known = noise.map((level) => level ?? 0);
  checkNoise(
    known.map((level) => (level > 0 ? level : 1)),
    slices,
    'Rician correction',
  );
  const size = columns * rows;
  const signal = volume.signal.map((value, at) => {
    const sigma = known[Math.floor(at / size) % slices] ?? 0;
    return sigma > 0 && value > 0 ? Math.sqrt(Math.abs(value * value - sigma * sigma)) : value;
  });
  return { ...volume, signal };
}
