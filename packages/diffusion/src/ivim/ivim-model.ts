/** How IVIM parameters are defined here; goes into every output. */
export const IVIM_CONVENTION = 'S = S0 [f exp(-b D*) + (1 - f) exp(-b D)], D* > D';

/** Intravoxel incoherent motion: S0 in signal units, f as a fraction 0..1, D and D* in mm2/s. */
export interface IvimParameters {
  readonly s0: number;
  readonly f: number;
  readonly d: number;
  readonly dStar: number;
}

/**
 * Signals under {@link IVIM_CONVENTION}: the forward model that the fits invert. D* is the whole decay rate of the
 * perfused compartment (not added to D).
 *
 * Le Bihan et al., Radiology 1988;168:497-505.
 *
 * @param bValues s/mm2
 */
export function ivimSignal(bValues: ArrayLike<number>, { s0, f, d, dStar }: IvimParameters): Float64Array {
  return Float64Array.from(bValues, (b) => s0 * (f * Math.exp(-b * dStar) + (1 - f) * Math.exp(-b * d)));
}
