import type { ReportedQuantity } from '../codes/quantities';
import { SAMPLE_DEVICE, SAMPLE_SOURCE, sampleIdentity } from '../write/sample-study';
import { studyContextFrom } from '../write/study-context';
import type { MeasurementReportContent, QuantityStatistics, ReportRegion } from './content';

/** Made-up report for the tests of this room. */
export const SAMPLE_REPORT: MeasurementReportContent = {
  context: studyContextFrom(SAMPLE_SOURCE),
  device: SAMPLE_DEVICE,
  identity: sampleIdentity(9002, 'Myelon report'),
  createdAt: new Date('2026-01-31T16:00:00Z'),
  state: { kind: 'draft', complete: true },
  sources: [
    {
      seriesInstanceUID: '2.25.200001',
      sopClassUID: '1.2.840.10008.5.1.4.1.1.4',
      sopInstanceUIDs: ['2.25.300001', '2.25.300002', '2.25.300003'],
    },
    {
      seriesInstanceUID: '2.25.200002',
      sopClassUID: '1.2.840.10008.5.1.4.1.1.4.1',
      sopInstanceUIDs: ['2.25.400001'],
    },
  ],
  segmentedSeriesInstanceUID: '2.25.200001',
  frameOfReferenceUID: '2.25.100001',
  segmentation: { sopInstanceUID: '2.25.61', seriesInstanceUID: '2.25.62' },
  models: {
    tensor: {
      fitting: 'wls',
      bValues: [0, 800],
      algorithmName: 'Myelon tensor fit',
      algorithmVersion: '0.1.0',
      parameters: ['iterations: 2'],
    },
    'mono-exponential': {
      fitting: 'ols',
      bValues: [0, 200, 400, 800],
      algorithmName: 'Myelon IVIM fit',
      algorithmVersion: '0.1.0',
      parameters: [],
    },
    ivim: {
      fitting: 'segmented-unconstrained',
      bValues: [0, 1.25, 10, 200, 400, 800],
      algorithmName: 'Myelon IVIM fit',
      algorithmVersion: '0.1.0',
      parameters: ['split b-value: 200 s/mm2'],
    },
  },
  regions: [region('whole', 'Spinal cord', 1), region('compression', 'Compression', 2)],
  prognosis: {
    kind: 'statement',
    modelId: 'fa-f-rule',
    modelVersion: '1',
    regionId: 'compression',
    fa: { value: 0.3971, cutOff: 0.41, greyZone: 0.02, atOrAbove: false, inGreyZone: true },
    f: { value: 0.1012, cutOff: 0.095, greyZone: 0.03, atOrAbove: true, inGreyZone: true },
    likelihoodRatio: { value: 0.91, low: 0.42, high: 1.97 },
    sentence: 'FA below, f at or above its cut-off.',
    statements: [
      'Research use only. Not a medical device.',
      'Other studies found weaker or opposite associations.',
    ],
    warnings: ['FA lies within one repeatability of its cut-off'],
  },
  warnings: ['1 slice was left out'],
};

function region(id: string, name: string, segmentNumber: number): ReportRegion {
  return {
    id,
    name,
    trackingIdentifier: name,
    trackingUID: `2.25.5${String(segmentNumber)}`,
    segmentNumber,
    centroid: [1.25, -20.5, 33.123456789],
    volumeMm3: 1234.5,
    quantities: [
      statistics('fa', 0.6123456789012345),
      statistics('md', 0.000912345678901234),
      statistics('ad', 0.0017),
      statistics('rd', 0.0005),
      { quantity: 'adc', missing: 'no voxel could be fitted', kind: 'calculation-failure' },
      statistics('ivim_d', 0.0008),
      statistics('ivim_dstar', 0.0121),
      statistics('ivim_f', 0.1012),
    ],
  };
}

function statistics(quantity: ReportedQuantity, mean: number): QuantityStatistics {
  return {
    quantity,
    n: 345,
    excluded: [
      { reason: 'signal not positive', n: 2 },
      { reason: 'fit singular', n: 1 },
    ],
    atBound: 4,
    statistics: {
      mean,
      sd: mean / 10,
      median: mean * 0.99,
      p5: mean * 0.8,
      p25: mean * 0.9,
      p75: mean * 1.1,
      p95: mean * 1.2,
      min: mean * 0.5,
      max: mean * 1.5,
    },
  };
}
