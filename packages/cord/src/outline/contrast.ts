/** Kinds of image the outline knows. */
export type OutlineContrast = 'dwi' | 't2' | 't2s' | 't1';

/** How the cord shows in a kind of image, and how far to trust which term. */
export interface ContrastRules {
  /** +1 cord brighter than what surrounds it, -1 darker. */
  readonly polarity: 1 | -1;
  /** Weight of the spread inside the cord, in finding it. */
  readonly insideSpread: number;
  /** Weight of a bright ring, in finding it. */
  readonly brightRing: number;
  /** Weight of the region term beside the edge term. */
  readonly region: number;
  /** Pull towards a cord of ordinary size. */
  readonly sizePrior: number;
  /** Average the costs of neighbouring rays: for noisy images; in clean ones it rounds what is really there. */
  readonly smoothRays: boolean;
  /** Pull between slices, per mm2. */
  readonly betweenSlices: number;
  /** Pull between neighbouring rays, per step squared. */
  readonly betweenRays: number;
}

/**
 * Priors and coupling are weak on diffusion images on purpose: strong ones hide a compression, which is a clinical
 * error (a flattened slice came out 20 to 40 % too large).
 */
export const CONTRAST_RULES: Readonly<Record<OutlineContrast, ContrastRules>> = {
  dwi: {
    polarity: 1,
    insideSpread: 1,
    brightRing: 0,
    region: 1,
    sizePrior: 0.2,
    smoothRays: true,
    betweenSlices: 0.03,
    betweenRays: 0.03,
  },
  t2: {
    polarity: -1,
    insideSpread: 0.5,
    brightRing: 1,
    region: 0,
    sizePrior: 0.6,
    smoothRays: false,
    betweenSlices: 0.1,
    betweenRays: 0.03,
  },
  t2s: {
    polarity: -1,
    insideSpread: 0.5,
    brightRing: 1,
    region: 0,
    sizePrior: 0.6,
    smoothRays: false,
    betweenSlices: 0.1,
    betweenRays: 0.03,
  },
  t1: {
    polarity: 1,
    insideSpread: 1,
    brightRing: 0,
    region: 0.4,
    sizePrior: 1.5,
    smoothRays: true,
    betweenSlices: 0.5,
    betweenRays: 0.1,
  },
};
