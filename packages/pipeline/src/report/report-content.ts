import type {
  DiffusionModel,
  FittingMethod,
  MissingQuantity,
  ModelUse,
  QuantityStatistics,
  ReportPrognosis,
  ReportRegion,
} from '@myelon/dicom';
import { voxelToPatient, type QuantityId, type Vector3, type VoxelGrid } from '@myelon/diffusion';
import type { AnalysisRecord, RegionRecord } from '../analysis-record';
import { shapeOfRegion } from '../measure/region-shape';
import type { ReportedSegment } from './segments';

/** Regions as the report shows them. */
export function reportRegions(
  record: AnalysisRecord,
  segments: readonly ReportedSegment[],
  grid: VoxelGrid,
): ReportRegion[] {
  return segments.map(({ region, voxels, level, ...segment }) => {
    const shape = shapeOfRegion(record, region);
    return {
      id: region.id,
      name: region.name,
      trackingIdentifier: segment.trackingIdentifier,
      trackingUID: segment.trackingUID,
      segmentNumber: segment.segmentNumber,
      centroid: centroidOf(voxels, grid),
      volumeMm3: region.volumeMm3,
      ...(level ? { level } : {}),
      ...(shape ? { shape } : {}),
      quantities: region.statistics.flatMap((entry) => quantityOf(entry, record)),
    };
  });
}

function quantityOf(
  entry: RegionRecord['statistics'][number],
  record: AnalysisRecord,
): (QuantityStatistics | MissingQuantity)[] {
  const { quantity } = entry;
  if (quantity === 's0' || quantity === 'ivim_s0') return [];
  if ('missing' in entry) {
    const kind = modelWasFitted(quantity, record) ? 'calculation-failure' : 'not-attempted';
    return [{ quantity, missing: entry.missing, kind }];
  }
  const { n, excluded, atBound, mean, sd, median, p5, p25, p75, p95, min, max } = entry;
  return [{ quantity, n, excluded, atBound, statistics: { mean, sd, median, p5, p25, p75, p95, min, max } }];
}

function modelWasFitted(quantity: QuantityId, record: AnalysisRecord): boolean {
  const isTensor = ['fa', 'md', 'ad', 'rd'].includes(quantity);
  return (isTensor ? record.tensor : record.ivim) !== null;
}

/** Mean position of the voxels, LPS mm. */
function centroidOf(voxels: Uint8Array, grid: VoxelGrid): Vector3 {
  const perSlice = grid.columns * grid.rows;
  const sum: [number, number, number] = [0, 0, 0];
  let count = 0;
  voxels.forEach((inside, index) => {
    if (inside === 0) return;
    count++;
    sum[0] += index % grid.columns;
    sum[1] += Math.floor(index / grid.columns) % grid.rows;
    sum[2] += Math.floor(index / perSlice);
  });
  return voxelToPatient(grid, [sum[0] / count, sum[1] / count, sum[2] / count]);
}

/** How each model was used. A model that was not fitted is named too, for the values that are missing without it. */
export function modelUses(record: AnalysisRecord): Record<DiffusionModel, ModelUse> {
  const { version } = record.software;
  const { tensor, ivim } = record;
  const measured = `measured in: ${record.cord.measuringRule}`;
  const ivimParameters = ivim
    ? [
        ivim.method,
        `split b-value: ${String(ivim.splitBValue)} s/mm2`,
        `directions: ${ivim.directions}`,
        `convention: ${ivim.convention}`,
        measured,
      ]
    : ['not fitted'];
  const ivimUse = {
    bValues: bValuesOf(record, 'ivim', ivim?.volumes),
    algorithmName: 'Myelon IVIM fit',
    algorithmVersion: version,
  };
  return {
    tensor: {
      fitting: tensor ? tensorFitting(tensor.method) : 'wls',
      bValues: bValuesOf(record, 'tensor', tensor?.volumes),
      algorithmName: 'Myelon tensor fit',
      algorithmVersion: version,
      parameters: tensor
        ? [tensor.method, `iterations: ${String(tensor.iterations)}`, measured]
        : ['not fitted'],
    },
    ivim: {
      fitting: ivim ? ivimFitting(ivim.method) : 'segmented-unconstrained',
      ...ivimUse,
      parameters: ivimParameters,
    },
    'mono-exponential': {
      fitting: 'wls',
      ...ivimUse,
      parameters: ivim ? ['all b-values', measured] : ['not fitted'],
    },
  };
}

/** Coded fitting method of a tensor method as the fit words it; the words themselves stand beside it. */
function tensorFitting(method: string): FittingMethod {
  if (method.startsWith('weighted')) return 'wls';
  return method.startsWith('non-linear') ? 'levenberg-marquardt' : 'ols';
}

/** As {@link tensorFitting}, of IVIM. */
function ivimFitting(method: string): FittingMethod {
  if (method.startsWith('Bayesian')) return 'bayesian';
  return method.startsWith('segmented') ? 'segmented-unconstrained' : 'levenberg-marquardt';
}

/** b-values that entered a fit, each once, ascending. */
function bValuesOf(
  record: AnalysisRecord,
  role: 'tensor' | 'ivim',
  volumes: readonly number[] | undefined,
): number[] {
  const input = record.inputs.find(
    (candidate) => candidate.role === role || candidate.role === 'tensor+ivim',
  );
  const used = (volumes ?? []).flatMap((volume) => input?.bValues[volume] ?? []);
  return [...new Set(used)].sort((p, q) => p - q);
}

/** The statement without what only the record keeps. */
export function reportPrognosis({ prognosis }: AnalysisRecord): ReportPrognosis {
  if (prognosis.kind === 'abstained') return prognosis;
  const { fa, f, modelId, modelVersion, regionId, likelihoodRatio, sentence, statements, warnings } =
    prognosis;
  const judged = ({ value, cutOff, greyZone, position, inGreyZone }: typeof fa) => ({
    value,
    cutOff,
    greyZone,
    atOrAbove: position === 'at or above',
    inGreyZone,
  });
  return {
    kind: 'statement',
    modelId,
    modelVersion,
    regionId,
    fa: judged(fa),
    f: judged(f),
    likelihoodRatio,
    sentence,
    statements,
    warnings,
  };
}

/** What a reader of the report should know besides the values. */
export function reportWarnings(record: AnalysisRecord): string[] {
  return [
    ...record.warnings,
    ...record.inputs.flatMap(({ name, warnings, leftOut }) => [
      ...warnings.map((warning) => `${name}: ${warning}`),
      ...leftOut.map(({ what, why }) => `${name}: left out ${what} (${why})`),
    ]),
    ...record.cord.slicesToCheck.map(({ slice, why }) => `outline of slice ${String(slice + 1)}: ${why}`),
  ];
}
