import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** 2^32 over the golden ratio: the step of splitmix. */
const GOLDEN = 0x9e3779b9;

/**
 * State of the generator for a seed. Seeds are mostly small whole numbers; as they are, they make states that are almost all
 * zeros or ones, and the first numbers of neighbouring seeds alike. Steele, Lea, Flood, OOPSLA 2014 (splitmix), with the 32-bit
 * finaliser of MurmurHash3.
 */
function stateOf(seed: number): number[] {
  return [1, 2, 3, 4].map((step) => {
    let x = Math.imul(step, GOLDEN) + seed;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return x ^ (x >>> 16);
  });
}

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
  const generator = xoroshiro128plusFromState(stateOf(seed));
  // 53 random bits of two 32-bit draws.
  const uniform = (): number => ((generator.next() >>> 5) * 2 ** 26 + (generator.next() >>> 6)) / 2 ** 53;
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return {
    uniform,
    normal,
    rician: (signal, sigma) => Math.hypot(signal + sigma * normal(), sigma * normal()),
  };
}
