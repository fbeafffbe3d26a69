export {
  checkedClinicalForm,
  clinicalFormSchema,
  EMPTY_CLINICAL_FORM,
  type ClinicalForm,
} from './clinical-form';
export {
  MJOA_SCALES,
  MJOA_VERSIONS,
  type MjoaItem,
  type MjoaLevel,
  type MjoaScale,
  type MjoaVersion,
} from './mjoa-scales';
export {
  mjoaFromItems,
  mjoaFromTotal,
  mjoaMinimalImportantChange,
  mjoaSeverity,
  type MjoaScore,
  type Severity,
} from './mjoa-score';
export { isNurickGrade, NURICK_GRADES, type NurickGrade } from './nurick';
export { BASELINE_MJOA_FINDING, ESTABLISHED_PREDICTORS, type EstablishedPredictor } from './predictors';
export { GOOD_RECOVERY_PERCENT, recoveryRate, type RecoveryBand, type RecoveryRate } from './recovery-rate';
