export { deriveWeights, type DerivedWeights, type MarkerAucs } from './derive-weights';
export { DERIVED_SCORE, DERIVED_WEIGHTS } from './derived-score';
export { EVIDENCE, type EvidenceItem } from './evidence';
export { drawParameters, linearScore, type ScoreParameters } from './parameter-draws';
export { ASSUMPTIONS, PUBLISHED_STUDY, type Constant, type Provenance } from './published-study';
export {
  checkSiteSuccessRate,
  MIN_OPERATED,
  ofHundred,
  recoveryProbability,
  type RecoveryProbability,
  type SiteSuccessRate,
} from './recovery-probability';
export {
  scoreAt,
  type Calibration,
  type LinearScore,
  type ScoreMeasurement,
  type ScoreModel,
} from './score-model';
export {
  assumedRepeatability,
  scoreMarkers,
  type AlternativeMeasurement,
  type FaFScore,
  type MarkersToScore,
  type MeasurementUsed,
  type Repeatability,
  type ScoreAbstained,
  type ScoreBand,
  type ScoreSensitivity,
} from './score-markers';
