import { DERIVED_SCORE } from '../score/derived-score';
import { DERIVED_BEFORE } from './installed-model';
import type { ModelContent } from './model-file';
import type { Recalibration } from './recalibrate';

/** A model file's content around a recalibration, as an invented site would give it. For tests. */
export function sampleModel(found: Recalibration, changes: Partial<ModelContent> = {}): ModelContent {
  const { good, poor, ...model } = found;
  return {
    schema: 'myelon-score-model',
    schemaVersion: '1.0',
    id: 'fa-f-score',
    version: '1.0-example',
    createdAt: '2026-05-01T10:00:00+02:00',
    software: { name: 'Myelon', version: '0.1.0' },
    site: 'Example',
    basedOn: { id: DERIVED_SCORE.id, version: DERIVED_SCORE.version, hash: null },
    validRange: { fa: [0.15, 0.75], f: [0.02, 0.18] },
    measurement: {
      tensorMethods: ['weighted least squares'],
      ivimMethods: ['segmented'],
      tensorBValues: null,
      ivimBValues: null,
      measuringRule: null,
    },
    cohort: {
      patients: good + poor,
      good,
      poor,
      from: '2024-01-01',
      to: '2026-03-31',
      outcome: 'recovery rate of at least 50 % at 12 months',
      mjoaVersion: 'mjoa-18',
      source: 'invented',
    },
    remarks: [],
    ...model,
    ...changes,
  };
}

/** A recalibration that kept the derived score. For tests. */
export function keptModel(): Recalibration {
  const test = { chisq: 0.4, df: 3, p: 0.9 };
  return {
    update: 'original',
    because: 'the closed test chose "original"',
    coefficients: DERIVED_BEFORE.coefficients,
    shareRecovered: DERIVED_BEFORE.shareRecovered,
    covariance: [
      [4, -6, -0.2],
      [-6, 16, -0.05],
      [-0.2, -0.05, 0.03],
    ],
    withoutF: DERIVED_BEFORE.withoutF,
    closedTest: {
      refitAgainst: { original: test, intercept: test, intercept_slope: test },
      selected: 'original',
    },
    performance: {
      auc: 0.9,
      aucInterval: [0.84, 0.96],
      aucCorrected: null,
      slopeCorrected: null,
      aucLeaveOneOut: null,
      brier: 0.11,
      calibrationBefore: { intercept: 0.1, interceptSe: 0.3, slope: 1, slopeSe: 0.2 },
    },
    good: 76,
    poor: 29,
  };
}
