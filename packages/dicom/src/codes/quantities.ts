import type { QuantityId } from '@myelon/diffusion';
import { dcm, sct, type Code } from './code';
import { UNITS } from './concepts';
import { MYELON_CODES } from './myelon-scheme';

/** Quantities that go into reports and maps; signal without diffusion weighting has no unit and stays out. */
export type ReportedQuantity = Exclude<QuantityId, 's0' | 'ivim_s0'>;

export interface QuantityCoding {
  readonly concept: Code;
  readonly unit: Code;
  /** Stored value x factor = value in `unit`. */
  readonly factor: number;
  /** Name of the map, at most 16 characters (LUT Label). */
  readonly label: string;
}

const diffusivity = { unit: UNITS.micrometre2PerSecond, factor: 1e6 };

/** Codes of PS3.16 CID 7263, 7271 and 7272; diffusivities in 10^-6 mm2/s and f in percent, as people read them. */
export const QUANTITY_CODING: Readonly<Record<ReportedQuantity, QuantityCoding>> = {
  fa: { concept: dcm('110808', 'Fractional Anisotropy'), unit: UNITS.none, factor: 1, label: 'FA' },
  md: { concept: dcm('113202', 'Mean Diffusivity'), ...diffusivity, label: 'MD' },
  ad: { concept: dcm('113204', 'Axial Diffusivity'), ...diffusivity, label: 'AD' },
  rd: { concept: dcm('113203', 'Radial Diffusivity'), ...diffusivity, label: 'RD' },
  adc: { concept: dcm('113041', 'Apparent Diffusion Coefficient'), ...diffusivity, label: 'ADC' },
  ivim_d: { concept: dcm('113291', 'Slow Diffusion Coefficient'), ...diffusivity, label: 'IVIM D' },
  ivim_dstar: { concept: dcm('113292', 'Fast Diffusion Coefficient'), ...diffusivity, label: 'IVIM D*' },
  ivim_f: {
    concept: dcm('113293', 'Fast Diffusion Coefficient Fraction'),
    unit: UNITS.percent,
    factor: 100,
    label: 'IVIM f',
  },
};

export const REPORTED_QUANTITIES = Object.keys(QUANTITY_CODING) as readonly ReportedQuantity[];

/** The model behind a value (PS3.16 CID 7273; the tensor has no public code). */
export const MODEL_CODES = {
  tensor: MYELON_CODES.singleTensorModel,
  'mono-exponential': dcm('113250', 'Mono-exponential diffusion model'),
  ivim: dcm('113251', 'Bi-exponential (IVIM) diffusion model'),
} as const;
export type DiffusionModel = keyof typeof MODEL_CODES;

/** How a model was fitted (PS3.16 CID 7274, and our own for the weighted fit). */
export const FITTING_CODES = {
  ols: dcm('113261', 'Least squares fit of multiple samples'),
  wls: MYELON_CODES.weightedLeastSquares,
  'segmented-unconstrained': dcm('113268', 'Segmented-Unconstrained'),
  'segmented-constrained': dcm('113269', 'Segmented-Constrained'),
  'levenberg-marquardt': dcm('113265', 'Levenberg-Marquardt'),
  bayesian: dcm('113270', 'Bayesian-Probability'),
} as const;
export type FittingMethod = keyof typeof FITTING_CODES;

/** Values of (121401, DCM, "Derivation"), in the order every report lists them. */
export const STATISTIC_CODES = {
  mean: sct('373098007', 'Mean'),
  sd: sct('386136009', 'Standard Deviation'),
  median: sct('373099004', 'Median'),
  p5: sct('371888009', 'Fifth percentile'),
  p25: MYELON_CODES.percentile25,
  p75: MYELON_CODES.percentile75,
  p95: sct('371889001', 'Ninety fifth percentile'),
  min: sct('255605001', 'Minimum'),
  max: sct('56851009', 'Maximum'),
} as const;
export type Statistic = keyof typeof STATISTIC_CODES;
export const STATISTICS = Object.keys(STATISTIC_CODES) as readonly Statistic[];
