import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

// Local names: in a sandboxed context every look-up of the global Math costs more than the function itself.
const { sqrt, log, sin, cos, PI } = Math;

/** A reproducible stream of random numbers. */
export interface RandomStream {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** Standard normal. */
  normal(): number;
}

/**
 * A stream that depends on the seed and on what it is for, so that adding noise to one series never changes
 * another.
 * @param seed any whole number
 * @param purpose name of the stream ("dti noise")
 */
export function randomStream(seed: number, purpose: string): RandomStream {
  const generator = xoroshiro128plus(mixSeed(seed, purpose));
  // The first numbers of xoroshiro still resemble a small seed.
  for (let warmUp = 0; warmUp < 64; warmUp++) generator.next();
  let spare: number | null = null;
  const uniform = () => uniformFloat64(generator);
  return {
    uniform,
    between: (low, high) => low + (high - low) * uniform(),
    normal: () => {
      if (spare !== null) {
        const value = spare;
        spare = null;
        return value;
      }
      // Box-Muller; 1 - u keeps the logarithm finite.
      const radius = sqrt(-2 * log(1 - uniform()));
      const angle = 2 * PI * uniform();
      spare = radius * sin(angle);
      return radius * cos(angle);
    },
  };
}

/** 32-bit FNV-1a over the seed and the purpose. */
function mixSeed(seed: number, purpose: string): number {
  let hash = 0x811c9dc5;
  for (const character of `${String(seed)}/${purpose}`) {
    hash ^= character.codePointAt(0) ?? 0;
    hash = Math.imul(hash, 0x01000193);
  }
  return hash | 0;
}
