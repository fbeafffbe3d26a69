/** A numeric column of a cohort file. */
export interface NumberColumn {
  /** Name used in the files Myelon writes, then others it understands. */
  readonly names: readonly [string, ...string[]];
  /** What is wrong with a value, or null. */
  readonly problem: (value: number) => { readonly what: string; readonly whatToDo: string } | null;
}

const wrong = (what: string, whatToDo: string) => ({ what, whatToDo });

/** Diffusivities in 10^-3 mm2/s: anything else is another unit, and is not guessed. */
function diffusivity(name: string, low: number, high: number): NumberColumn['problem'] {
  return (value) => {
    if (value >= low && value <= high) return null;
    const unit = value > 0 && value < low ? 'mm2/s' : value > high ? '10^-6 mm2/s' : null;
    return wrong(
      `${name} ${String(value)} is not between ${String(low)} and ${String(high)} x 10^-3 mm2/s` +
        (unit ? `: is that ${unit}?` : ''),
      'give 10^-3 mm2/s in every row, or leave the cell empty',
    );
  };
}

export const FA: NumberColumn = {
  names: ['fa', 'fractional_anisotropy'],
  problem: (value) =>
    value > 0 && value <= 1
      ? null
      : wrong(
          `FA ${String(value)} is not between 0 and 1` +
            (value > 1 ? ': is that per cent, or has the decimal sign been lost?' : ''),
          'give FA as a fraction such as 0.41 in every row, or leave the cell empty',
        ),
};

export const ADC: NumberColumn = {
  names: ['adc_1e3_mm2_s', 'adc_1e3', 'md_1e3_mm2_s'],
  problem: diffusivity('ADC', 0.05, 5),
};
export const IVIM_D: NumberColumn = {
  names: ['ivim_d_1e3_mm2_s', 'd_1e3_mm2_s'],
  problem: diffusivity('D', 0.05, 5),
};
export const IVIM_DSTAR: NumberColumn = {
  names: ['ivim_dstar_1e3_mm2_s', 'dstar_1e3_mm2_s'],
  problem: diffusivity('D*', 0.1, 1000),
};

/** Below this a value in per cent is more likely a fraction. */
const LOOKS_LIKE_FRACTION = 0.5;

export type FUnit = 'percent' | 'fraction';

/** @param confirmed what the person says f is in; null: nothing said, so the values must speak for themselves */
export function perfusionFraction(confirmed: FUnit | null): NumberColumn {
  return {
    names: ['ivim_f_pct', 'f_pct'],
    problem: (value) => {
      const most = confirmed === 'fraction' ? 1 : 100;
      if (!(value >= 0 && value <= most))
        return wrong(
          `f ${String(value)} is not between 0 and ${String(most)}${confirmed === 'fraction' ? '' : ' %'}`,
          'correct the value, or leave the cell empty',
        );
      if (confirmed === null && value > 0 && value < LOOKS_LIKE_FRACTION)
        return wrong(
          `f ${String(value)} looks like a fraction, the column holds per cent`,
          'give per cent such as 9.5 in every row, or say which it is with --f-unit percent or --f-unit fraction',
        );
      return null;
    },
  };
}

/** f under a name that says it is a fraction. */
export const F_FRACTION: NumberColumn = {
  names: ['ivim_f_fraction', 'f_fraction'],
  problem: (value) =>
    value >= 0 && value <= 1
      ? null
      : wrong(
          `f ${String(value)} is not a fraction between 0 and 1: is that per cent?`,
          'give fractions in every row, or name the column ivim_f_pct',
        ),
};

export const RECOVERY_RATE: NumberColumn = {
  names: ['recovery_rate_pct', 'recovery_rate'],
  problem: (value) =>
    value <= 100
      ? null
      : wrong(`recovery rate ${String(value)} % is above 100 %`, 'check the totals it was computed from'),
};

export const GOOD_RECOVERY: NumberColumn = {
  names: ['good_recovery'],
  problem: (value) =>
    value === 0 || value === 1
      ? null
      : wrong(`good_recovery ${String(value)} is neither 1 nor 0`, 'give 1 for a good recovery, 0 for none'),
};

const anyNumber = () => null;
export const AGE: NumberColumn = { names: ['age_y', 'age'], problem: anyNumber };
export const DURATION: NumberColumn = { names: ['symptom_duration_mo'], problem: anyNumber };
export const SMOKER: NumberColumn = { names: ['smoker'], problem: anyNumber };

/** Items of mJOA in a cohort file, by the ids of the scale. */
export const MJOA_ITEMS = {
  'motor-upper': 'ue',
  'motor-lower': 'le',
  'sensation-upper': 'sensory',
  sphincter: 'sphincter',
} as const;
