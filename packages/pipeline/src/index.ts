export * from './cohort';
export * from './analysis-record';
export * from './colour-scales';
export * from './inputs/choose-inputs';
export { dicomMask, type MaskedSeries } from './inputs/dicom-mask';
export * from './measure/measuring-mask';
export { levelsOf, type KnownDisc, type LevelsRequest } from './measure/levels';
export { morphometryOf, sectionsOf } from './measure/morphometry';
export { shapeOfRegion } from './measure/region-shape';
export * from './measure/region-statistics';
export * from './measure/regions';
export * from './metrics-csv';
export * from './outbox';
export type { LevelsRecord, MorphometryRecord } from './morphometry-record';
export { studyFacts, type StudyFacts } from './pdf/study-facts';
export * from './record-json';
export * from './session/analysis-session';
export type { NamedDetailMap } from './session/fit-details';
export type { PreparationChoices, PreparationStep, Switch } from './session/prepare-series';
export type {
  IvimChoices,
  IvimMethod,
  IvimReport,
  ProgressListener,
  TensorChoices,
  TensorMethod,
  TensorReport,
} from './session/fit-models';
export type { CarriedFrom, OutlineChoices, OutlineOfOtherImage } from './session/outline-series';
export type { FitExtent } from './session/fit-extent';
export * from './version';
export * from './worker/analysis-client';
export { createAnalysisService, type AnalysisService } from './worker/analysis-service';
export * from './report/build-documents';
export * from './report/build-parametric-maps';
export * from './report/build-report';
export * from './report/compare-analyses';
export type { OutgoingObject } from './report/outgoing';
export * from './report/record-from-report';
export * from './report/report-options';
export { outlinedSource, type ReportSource } from './report/report-source';
export type { ScoreRecord } from './score-record';
