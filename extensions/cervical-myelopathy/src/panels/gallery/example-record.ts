import type { QuantityId } from '@myelon/diffusion';
import { QUANTITIES } from '@myelon/diffusion';
import type { AnalysisRecord, RegionRecord, RegionStatistics, ScoreRecord } from '@myelon/pipeline';
import { judgeMarkers, recoveryProbability, scoreMarkers } from '@myelon/prognosis';

/** An invented analysis to look at the panel with; no patient's. */
const SLICES = 15;
const COMPRESSED = [8, 9];

const TENSOR = 'diffusion tensor, weighted least squares, 2 iterations';
const IVIM = 'IVIM segmented, split at b 200';

const HEALTHY: Record<Exclude<QuantityId, 's0' | 'ivim_s0'>, readonly [mean: number, sd: number]> = {
  fa: [0.61, 0.06],
  ivim_f: [0.112, 0.03],
  md: [0.00092, 0.0001],
  ad: [0.00158, 0.0002],
  rd: [0.00059, 0.0001],
  adc: [0.00094, 0.0001],
  ivim_d: [0.00088, 0.0001],
  ivim_dstar: [0.0121, 0.006],
};

const COMPRESSION_FACTOR: Partial<Record<QuantityId, number>> = { fa: 0.6, ivim_f: 0.65, md: 1.25, rd: 1.6 };

function statistics(
  quantity: keyof typeof HEALTHY,
  n: number,
  factor: number,
  wobble: number,
): RegionStatistics {
  const [healthy, sd] = HEALTHY[quantity];
  const mean = healthy * factor * (1 + wobble);
  return {
    quantity,
    unit: QUANTITIES[quantity].unit,
    method: quantity.startsWith('ivim') || quantity === 'adc' ? IVIM : TENSOR,
    n,
    mean,
    sd,
    standardError: sd / Math.sqrt(n),
    median: mean,
    p5: mean - 1.6 * sd,
    p25: mean - 0.7 * sd,
    p75: mean + 0.7 * sd,
    p95: mean + 1.6 * sd,
    min: mean - 2 * sd,
    max: mean + 2 * sd,
    excluded: quantity === 'ivim_dstar' ? [{ reason: 'signal not positive', n: 2 }] : [],
    atBound: quantity === 'ivim_dstar' ? 3 : 0,
  };
}

function region(
  id: string,
  name: string,
  kind: RegionRecord['kind'],
  slices: number[],
  compressed: boolean,
): RegionRecord {
  const voxels = 62 * slices.length;
  const wobble = kind === 'slice' ? 0.04 * Math.sin(2.3 * (slices[0] ?? 0)) : 0;
  return {
    id,
    name,
    kind,
    slices,
    voxels,
    volumeMm3: voxels * 4.05,
    statistics: (Object.keys(HEALTHY) as (keyof typeof HEALTHY)[]).map((quantity) =>
      statistics(quantity, voxels, compressed ? (COMPRESSION_FACTOR[quantity] ?? 1) : 1, wobble),
    ),
  };
}

const EXAMPLE_QUALITY: NonNullable<AnalysisRecord['quality']>[number] = {
  input: 'series 5 "DTI 30 directions"',
  signalToNoise: { noise: [52, 55], ratio: [18.4, 16.1], method: 'scatter over 5 volumes at b 0 s/mm2' },
  preparation: [
    { step: 'denoise', done: false, why: 'not asked for', method: null, findings: {} },
    { step: 'motion', done: true, why: 'asked for', method: 'in-plane shifts slice by slice', findings: {} },
    { step: 'outliers', done: true, why: 'asked for', method: 'prediction from the others', findings: {} },
  ],
  shiftsMm: {
    columns: [
      [0.2, 0.9],
      [-0.3, -0.4],
    ],
    rows: [
      [0.1, -0.6],
      [0, 0.3],
    ],
  },
  outlierSlices: [{ volume: 11, slice: 1, gain: 0.42 }],
};

/** @param options what the example lacks: no IVIM, no compression named, statement withheld */
export function exampleRecord(options: {
  ivim: boolean;
  compression: boolean;
  withheld?: string;
}): AnalysisRecord {
  const all = [...Array(SLICES).keys()];
  const regions = [
    region('whole-cord', 'Whole cord', 'whole-cord', all, false),
    ...(options.compression ? [region('compression', 'Compression', 'compression', COMPRESSED, true)] : []),
    ...all.map((slice) =>
      region(
        `slice-${String(slice)}`,
        `Slice ${String(slice + 1)}`,
        'slice',
        [slice],
        COMPRESSED.includes(slice),
      ),
    ),
  ].map((one) => (options.ivim ? one : withoutIvim(one)));
  return {
    schema: 'myelon-analysis-record',
    version: '1.0',
    id: 'example',
    createdAt: '2026-01-05T10:20:00+00:00',
    software: { name: 'Myelon', version: '0.0.0' },
    inputs: [],
    quality: [EXAMPLE_QUALITY],
    tensor: {
      method: TENSOR,
      iterations: 2,
      volumes: [],
      fittedVoxels: 20_000,
      failedVoxels: 12,
      noise: [38.2, 41.5],
      noiseMethod: 'median fit residual of the slice',
    },
    ivim: null,
    cord: {
      method: 'automatic',
      measuringRule: 'voxels wholly inside the contour',
      slices: all,
      slicesToCheck: [],
      voxels: 930,
      volumeMm3: 3766,
    },
    compressionSlices: options.compression ? COMPRESSED : [],
    regions,
    prognosis: judgeMarkers({
      fa: { mean: 0.37 },
      f: { mean: 0.073 },
      regionId: 'compression',
      ...(options.withheld === undefined ? {} : { qualityProblems: [options.withheld] }),
    }),
    score: exampleScore(),
    warnings: [],
  };
}

function exampleScore(): ScoreRecord {
  const [fa, f] = [{ mean: 0.37 }, { mean: 0.073 }];
  const found = scoreMarkers({
    fa,
    f,
    measurement: {
      tensorMethod: null,
      ivimMethod: null,
      tensorBValues: [],
      ivimBValues: [],
      measuringRule: '',
    },
    alternatives: [
      { id: 'eroded', what: 'with the measured voxels eroded by one in the slice', fa: { mean: 0.39 }, f },
    ],
  });
  if (found.kind === 'abstained') throw new Error(found.reasons.join('; '));
  const probability = recoveryProbability(found, { operated: 80, recovered: 52 });
  return JSON.parse(JSON.stringify({ ...found, probability })) as ScoreRecord;
}

function withoutIvim(one: RegionRecord): RegionRecord {
  return {
    ...one,
    statistics: one.statistics.map((entry) =>
      entry.quantity.startsWith('ivim') || entry.quantity === 'adc'
        ? { quantity: entry.quantity, missing: 'no IVIM: no series with 8 or more b-values' }
        : entry,
    ),
  };
}
