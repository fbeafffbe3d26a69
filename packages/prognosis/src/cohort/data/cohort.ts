import type { MjoaVersion } from '../../mjoa';

/** One patient. Null: not known. Units are those in which cohorts are tabulated. */
export interface CohortPatient {
  readonly id: string;
  readonly preMjoa: number | null;
  readonly postMjoa: number | null;
  /** Share of the lost mJOA points regained, per cent; negative after deterioration; null when not defined. */
  readonly recoveryRatePercent: number | null;
  /** Recovery rate of at least 50 %, or as the file says where it holds no mJOA. */
  readonly good: boolean | null;
  /** Fraction, 0 to 1. */
  readonly fa: number | null;
  /** ADC, IVIM D and D*: 10^-3 mm2/s. */
  readonly adc: number | null;
  readonly ivimD: number | null;
  readonly ivimDstar: number | null;
  /** IVIM perfusion fraction, per cent. */
  readonly ivimFPercent: number | null;
  readonly ageYears?: number | null;
  readonly symptomMonths?: number | null;
  /** 1: smokes, 0: does not. */
  readonly smoker?: number | null;
  readonly scanner?: string | null;
}

export interface Cohort {
  readonly patients: readonly CohortPatient[];
  /** One scale for all: totals and recovery rates of different versions do not compare. */
  readonly mjoaVersion: MjoaVersion;
  /** What a reader should know about how the rows were understood. */
  readonly remarks: readonly string[];
}
