// Local names: in a sandboxed context every look-up of the global Math costs more than the function itself.
const { exp, log, sqrt } = Math;

/**
 * Diffusion and perfusion of the cord: `S = S0 [f exp(-b D*) + (1 - f) exp(-b g'Tg)]`, T axially symmetric about
 * the cord's course.
 *
 * A tensor fitted to b 0 and b 800 does not see T: perfusion is gone at b 800, so every direction appears faster by
 * -ln(1 - f + f exp(-800 D*)) / 800 (to first order). `fa` and `md` here are those of that *apparent* tensor, because
 * that is what a DTI protocol measures and what a test compares with; T is derived from it.
 */
export interface CordMicrostructure {
  /** Fractional anisotropy of the apparent tensor (b 0 and 800). */
  readonly fa: number;
  /** Mean diffusivity of the apparent tensor, mm2/s. */
  readonly md: number;
  /** Perfusion fraction, 0 to 1. */
  readonly f: number;
  /** Pseudo-diffusion coefficient, mm2/s. */
  readonly dStar: number;
}

export const HEALTHY_CORD: CordMicrostructure = { fa: 0.6, md: 0.95e-3, f: 0.11, dStar: 15e-3 };
export const COMPRESSED_CORD: CordMicrostructure = { fa: 0.36, md: 1.2e-3, f: 0.07, dStar: 12e-3 };

/** b-value of the tensor protocol whose apparent tensor is the truth, s/mm2. */
export const TENSOR_B_VALUE = 800;

/** Cord diffusion at one place, ready for the signal equation. Diffusivities in mm2/s. */
export interface CordDiffusion {
  readonly s0: number;
  readonly f: number;
  readonly dStar: number;
  /** Along and across the cord, tissue only (T). */
  readonly axial: number;
  readonly radial: number;
  /** Along and across the cord as DTI at b 800 sees it (apparent tensor). */
  readonly apparentAxial: number;
  readonly apparentRadial: number;
}

/** Cord diffusion between healthy (weight 0) and compressed (weight 1). */
export function cordDiffusion(lesionWeight: number): CordDiffusion {
  const mix = (key: keyof CordMicrostructure) =>
    (1 - lesionWeight) * HEALTHY_CORD[key] + lesionWeight * COMPRESSED_CORD[key];
  const [f, dStar, md] = [mix('f'), mix('dStar'), mix('md')];
  const ratio = radialToAxialRatio(mix('fa'));
  const apparentAxial = (3 * md) / (1 + 2 * ratio);
  const apparentRadial = apparentAxial * ratio;
  return {
    s0: 1,
    f,
    dStar,
    apparentAxial,
    apparentRadial,
    axial: tissueDiffusivity(apparentAxial, f, dStar),
    radial: tissueDiffusivity(apparentRadial, f, dStar),
  };
}

/** Relative signal at b (s/mm2) for a direction at `cosine` to the cord's course. */
export function cordSignal(cord: CordDiffusion, bValue: number, cosine: number): number {
  const along = cosine * cosine;
  const d = along * cord.axial + (1 - along) * cord.radial;
  return cord.s0 * (cord.f * exp(-bValue * cord.dStar) + (1 - cord.f) * exp(-bValue * d));
}

/** Diffusivity of tissue whose signal with perfusion at {@link TENSOR_B_VALUE} appears as `apparent`. */
function tissueDiffusivity(apparent: number, f: number, dStar: number): number {
  const perfusion = f * exp(-TENSOR_B_VALUE * dStar);
  return -log((exp(-TENSOR_B_VALUE * apparent) - perfusion) / (1 - f)) / TENSOR_B_VALUE;
}

/** Ratio of radial to axial diffusivity of an axially symmetric prolate tensor with this FA (0 <= FA < 1). */
export function radialToAxialRatio(fa: number): number {
  const a = 1 - 2 * fa * fa;
  const c = 1 - fa * fa;
  // (1 - r)^2 = fa^2 (1 + 2 r^2); the smaller root is the prolate one.
  if (Math.abs(a) < 1e-12) return c / 2;
  return (1 - sqrt(1 - a * c)) / a;
}
