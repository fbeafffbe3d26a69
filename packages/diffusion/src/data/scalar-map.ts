import type { VoxelGrid } from './voxel-grid';

/** Every quantity Myelon computes. `file` names are those of `myelon fit` (fa.nii.gz, ivim_d.nii.gz ...). */
export type QuantityId =
  'fa' | 'md' | 'ad' | 'rd' | 's0' | 'adc' | 'ivim_d' | 'ivim_dstar' | 'ivim_f' | 'ivim_s0';

/** Unit of the stored numbers: diffusivities mm2/s, FA and f as fractions, S0 in signal units. */
export type QuantityUnit = '1' | 'mm2/s' | 'signal';

/** Why a voxel has no value. 0 is a valid voxel. */
export const VoxelStatus = {
  valid: 0,
  outsideMask: 1,
  nonPositiveSignal: 2,
  singular: 3,
  atBound: 4,
} as const;
export type VoxelStatus = (typeof VoxelStatus)[keyof typeof VoxelStatus];

/** One number per voxel. Values are 0, never NaN, where `status` says there is none. */
export interface ScalarMap {
  readonly grid: VoxelGrid;
  readonly quantity: QuantityId;
  readonly unit: QuantityUnit;
  /** How it was computed, for people ("weighted least squares, 2 iterations"). */
  readonly method: string;
  readonly values: Float32Array;
  /** {@link VoxelStatus} per voxel. `atBound` voxels carry a value. */
  readonly status: Uint8Array;
}

export interface QuantityDescription {
  readonly id: QuantityId;
  /** As in tables and on colour bars. */
  readonly symbol: string;
  readonly name: string;
  readonly unit: QuantityUnit;
  /** Factor and unit for people: stored value x factor, shown with `shownUnit` and `decimals`. */
  readonly shownFactor: number;
  readonly shownUnit: string;
  readonly decimals: number;
}

const diffusivity = { unit: 'mm2/s', shownFactor: 1e6, shownUnit: '10⁻⁶ mm²/s', decimals: 0 } as const;
const fraction = { unit: '1', shownFactor: 1, shownUnit: '', decimals: 2 } as const;
const percent = { unit: '1', shownFactor: 100, shownUnit: '%', decimals: 1 } as const;
const signal = { unit: 'signal', shownFactor: 1, shownUnit: 'signal units', decimals: 0 } as const;

/** The field's names, units and number formats, in one place. */
export const QUANTITIES: Readonly<Record<QuantityId, QuantityDescription>> = {
  fa: { id: 'fa', symbol: 'FA', name: 'Fractional anisotropy', ...fraction },
  md: { id: 'md', symbol: 'MD', name: 'Mean diffusivity', ...diffusivity },
  ad: { id: 'ad', symbol: 'AD', name: 'Axial diffusivity', ...diffusivity },
  rd: { id: 'rd', symbol: 'RD', name: 'Radial diffusivity', ...diffusivity },
  s0: { id: 's0', symbol: 'S0', name: 'Signal without diffusion weighting, tensor fit', ...signal },
  adc: { id: 'adc', symbol: 'ADC', name: 'Apparent diffusion coefficient', ...diffusivity },
  ivim_d: { id: 'ivim_d', symbol: 'D', name: 'Diffusion coefficient (IVIM)', ...diffusivity },
  ivim_dstar: { id: 'ivim_dstar', symbol: 'D*', name: 'Pseudo-diffusion coefficient (IVIM)', ...diffusivity },
  ivim_f: { id: 'ivim_f', symbol: 'f', name: 'Perfusion fraction (IVIM)', ...percent },
  ivim_s0: { id: 'ivim_s0', symbol: 'S0', name: 'Signal without diffusion weighting, IVIM fit', ...signal },
};

/** A stored value as people read it, without unit: 0.000812 -> "812". */
export function formatQuantity(quantity: QuantityId, value: number): string {
  const { shownFactor, decimals } = QUANTITIES[quantity];
  return (value * shownFactor).toFixed(decimals);
}

/** A standard error as people read it, one digit finer than its value, so that a small one does not read as 0. */
export function formatUncertainty(quantity: QuantityId, standardError: number): string {
  const { shownFactor, decimals } = QUANTITIES[quantity];
  return (standardError * shownFactor).toFixed(decimals + 1);
}
