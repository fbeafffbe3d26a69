/** What a point of the body can be. The order is that of {@link TISSUES}. */
export const Tissue = {
  air: 0,
  cord: 1,
  csf: 2,
  root: 3,
  disc: 4,
  bone: 5,
  ligament: 6,
  muscle: 7,
  fat: 8,
} as const;
export type Tissue = (typeof Tissue)[keyof typeof Tissue];

export interface TissueProperties {
  /** Signal on fat-suppressed, T2-weighted echo planar images without diffusion weighting; cord = 1. */
  readonly epi: number;
  /** Isotropic diffusivity in mm2/s (the cord's own diffusion is a tensor with perfusion: see CordMicrostructure). */
  readonly diffusivity: number;
  /** Signal on T2-weighted turbo spin echo images; CSF = 1. */
  readonly t2: number;
}

/** Plausible contrasts at 3 T, chosen for realism of edges, not measured on anybody. */
export const TISSUES: readonly TissueProperties[] = [
  { epi: 0, diffusivity: 0, t2: 0 },
  { epi: 1, diffusivity: 0.8e-3, t2: 0.42 },
  { epi: 2, diffusivity: 3.0e-3, t2: 1 },
  { epi: 0.8, diffusivity: 1.0e-3, t2: 0.45 },
  { epi: 0.35, diffusivity: 1.6e-3, t2: 0.35 },
  { epi: 0.25, diffusivity: 0.5e-3, t2: 0.38 },
  { epi: 0.08, diffusivity: 1.0e-3, t2: 0.06 },
  { epi: 0.3, diffusivity: 1.7e-3, t2: 0.15 },
  { epi: 0.08, diffusivity: 0.05e-3, t2: 0.8 },
];

/** T2 signal a fully diseased cord gains (hyperintensity at a compression). */
export const LESION_T2_GAIN = 0.14;
