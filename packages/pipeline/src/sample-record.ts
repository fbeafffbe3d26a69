import { ANALYSIS_RECORD_VERSION, type AnalysisRecord, type RegionRecord } from './analysis-record';

/** Statistics as a fit could have given them, in stored units. For tests. */
const faOfCord: RegionRecord['statistics'][number] = {
  quantity: 'fa',
  unit: '1',
  method: 'weighted least squares',
  n: 120,
  mean: 0.1 + 0.2,
  sd: 0.05,
  standardError: 0.0046,
  median: 0.31,
  p5: 0.2,
  p25: 0.27,
  p75: 0.34,
  p95: 0.4,
  min: 0.15,
  max: 0.45,
  excluded: [
    { reason: 'a signal was not positive', n: 2 },
    { reason: 'singular', n: 1 },
  ],
  atBound: 4,
};

const mdOfCord: RegionRecord['statistics'][number] = {
  ...faOfCord,
  quantity: 'md',
  unit: 'mm2/s',
  mean: 0.000912,
  sd: null,
  standardError: null,
  excluded: [],
};

/** A whole record with one region, a tensor and no IVIM. For tests. */
export function sampleRecord(changes: Partial<AnalysisRecord> = {}): AnalysisRecord {
  const missing = (quantity: 'ad' | 'rd' | 'adc' | 'ivim_d' | 'ivim_dstar' | 'ivim_f') => ({
    quantity,
    missing: 'no IVIM: 2 b-values, needs 4',
  });
  return {
    schema: 'myelon-analysis-record',
    version: ANALYSIS_RECORD_VERSION,
    id: '7d1f0a52-5b1e-4c62-9a57-0d4d9a1f7c11',
    createdAt: '2026-03-01T10:20:30+01:00',
    software: { name: 'Myelon', version: '0.1.0' },
    inputs: [],
    tensor: {
      method: 'weighted least squares',
      iterations: 2,
      volumes: [0, 1],
      fittedVoxels: 9,
      failedVoxels: 0,
    },
    ivim: null,
    cord: {
      method: 'automatic',
      measuringRule: 'all voxels of the outline',
      slices: [6, 7],
      slicesToCheck: [],
      voxels: 130,
      volumeMm3: 520.5,
    },
    compressionSlices: [],
    regions: [
      {
        id: 'whole-cord',
        name: 'Whole cord',
        kind: 'whole-cord',
        slices: [6, 7],
        voxels: 130,
        volumeMm3: 520.5,
        statistics: [
          faOfCord,
          mdOfCord,
          missing('ad'),
          missing('rd'),
          missing('adc'),
          missing('ivim_d'),
          missing('ivim_dstar'),
          missing('ivim_f'),
        ],
      },
    ],
    prognosis: {
      kind: 'abstained',
      modelId: 'fa-f-rule',
      modelVersion: '1',
      reasons: ['no slice has been named as the level of maximal compression'],
      statements: ['Research use only.'],
    },
    warnings: [],
    ...changes,
  };
}
