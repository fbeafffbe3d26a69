import type { ClinicalForm, MjoaVersion, Severity } from '@myelon/prognosis';
import { CONCEPTS, UNITS, VALUES } from '../codes/concepts';
import type { Code } from '../codes/code';
import { MYELON_CODES } from '../codes/myelon-scheme';

/** The version is coded with every score: totals of different versions do not compare. */
export const VERSION_CODES: Readonly<Record<MjoaVersion, Code>> = {
  'mjoa-18': MYELON_CODES.mjoa18,
  'mjoa-17': MYELON_CODES.mjoa17,
  'joa-17': MYELON_CODES.joa17,
};

/** Items of all versions by their ids. */
export const ITEM_CODES: Readonly<Record<string, Code>> = {
  'motor-upper': MYELON_CODES.mjoaMotorUpper,
  'motor-lower': MYELON_CODES.mjoaMotorLower,
  'sensation-upper': MYELON_CODES.mjoaSensationUpper,
  'sensation-lower': MYELON_CODES.mjoaSensationLower,
  'sensation-trunk': MYELON_CODES.mjoaSensationTrunk,
  sphincter: MYELON_CODES.mjoaSphincter,
};

export const SEVERITY_CODES: Readonly<Record<Severity, Code>> = {
  none: VALUES.none,
  mild: VALUES.mild,
  moderate: VALUES.moderate,
  severe: VALUES.severe,
};

export type PredictorId = keyof ClinicalForm['predictors'];

/** Predictors as a number with a unit, or as yes or no. */
export const PREDICTOR_CODES: Readonly<Record<PredictorId, { concept: Code; unit: Code | 'yes or no' }>> = {
  age: { concept: CONCEPTS.subjectAge, unit: UNITS.year },
  duration: { concept: MYELON_CODES.symptomDuration, unit: UNITS.month },
  smoking: { concept: MYELON_CODES.smoker, unit: 'yes or no' },
  gait: { concept: MYELON_CODES.impairedGait, unit: 'yes or no' },
  comorbidity: { concept: MYELON_CODES.comorbidity, unit: 'yes or no' },
  psychological: { concept: MYELON_CODES.psychologicalIllness, unit: 'yes or no' },
};
