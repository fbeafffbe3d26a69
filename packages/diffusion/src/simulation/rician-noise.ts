import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A seeded stream of noise: the same seed gives the same numbers everywhere. */
export interface NoiseSource {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Magnitude of a complex signal with normal noise of standard deviation `sigma` in both channels. */
  rician(signal: number, sigma: number): number;
}

/**
 * Noise of magnitude images. Rician magnitude: Gudbjartsson & Patz, Magn Reson Med 1995;34:910-914. Normal numbers by
 * Box and Muller, Ann Math Stat 1958;29:610-611.
 */
export function noiseSource(seed: number): NoiseSource {
  const generator = xoroshiro128plus(seed);
  // 53 random bits of two 32-bit draws.
  const uniform = (): number => ((generator.next() >>> 5) * 2 ** 26 + (generator.next() >>> 6)) / 2 ** 53;
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return {
    uniform,
    normal,
    rician: (signal, sigma) => Math.hypot(signal + sigma * normal(), sigma * normal()),
  };
}
