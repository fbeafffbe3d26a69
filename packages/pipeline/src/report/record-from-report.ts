import type {
  MarkerJudgement,
  MeasurementReport,
  ReadMissing,
  ReadPrognosis,
  ReadQuantity,
  ReadRegion,
  ReadSegmentation,
} from '@myelon/dicom';
import { QUANTITIES } from '@myelon/diffusion';
import type { MissingStatistics, PrognosisRecord, RegionRecord, RegionStatistics } from '../analysis-record';
import { REGION_IDS } from '../measure/regions';

/** What a stored report says of an analysis: less than the record it was made from. */
export interface ReportedAnalysis {
  readonly createdAt: string | null;
  readonly softwareVersion: string | null;
  readonly state: MeasurementReport['state'];
  readonly reader: string | null;
  /** Without single slices: of those a report holds mean and standard deviation only. */
  readonly regions: readonly RegionRecord[];
  readonly slices: readonly ReportedSlice[];
  /** Null when the report says nothing about recovery. */
  readonly prognosis: PrognosisRecord | null;
  readonly warnings: readonly string[];
}

/** The cord in one slice, as the report has it; values in the stored unit. */
export interface ReportedSlice {
  /** From 0. */
  readonly slice: number;
  readonly quantities: readonly {
    readonly quantity: RegionStatistics['quantity'];
    readonly mean: number;
    readonly sd: number | null;
    readonly n: number;
  }[];
}

/**
 * Reads an analysis back from its report.
 *
 * @param segmentation the SEG the report refers to, read onto the grid of the outlined series; without it slices and
 * voxel counts of the outline are unknown and stay empty
 */
export function recordFromReport(
  report: MeasurementReport,
  segmentation?: ReadSegmentation,
): ReportedAnalysis {
  const isSlice = ({ name }: ReadRegion) => sliceNamed(name) !== null;
  const regions = report.regions
    .filter((region) => !isSlice(region))
    .map((region) => regionOf(region, segmentation));
  const order = ['whole-cord', 'compression'];
  return {
    createdAt: report.createdAt,
    softwareVersion: report.device.softwareVersion ?? null,
    state: report.state,
    reader: report.reader ?? null,
    regions: regions.sort((p, q) => order.indexOf(p.kind) - order.indexOf(q.kind)),
    slices: report.regions.flatMap((region) => sliceOf(region) ?? []),
    prognosis: report.prognosis && prognosisOf(report.prognosis, regions),
    warnings: report.warnings,
  };
}

function regionOf(region: ReadRegion, segmentation: ReadSegmentation | undefined): RegionRecord {
  const segment = segmentation?.segments.find(({ trackingUID }) => trackingUID === region.trackingUID);
  const slices = segment && segmentation ? slicesOf(segment.voxels, segmentation.grid) : [];
  return {
    ...identityOf(region.name),
    name: region.name,
    slices,
    voxels: segment?.voxels.reduce((sum, voxel) => sum + (voxel > 0 ? 1 : 0), 0) ?? 0,
    volumeMm3: region.volumeMm3 ?? 0,
    statistics: region.quantities.map(statisticsOf),
  };
}

/** Index from 0 of "Slice 7"; null for another name. */
function sliceNamed(name: string): number | null {
  const number = /^slice (\d+)$/i.exec(name)?.[1];
  return number === undefined ? null : Number(number) - 1;
}

function sliceOf({ name, quantities }: ReadRegion): ReportedSlice | null {
  const slice = sliceNamed(name);
  if (slice === null) return null;
  return {
    slice,
    quantities: quantities.flatMap((read) => {
      if ('missing' in read || read.statistics.mean === undefined) return [];
      const { mean, sd = null } = read.statistics;
      return [{ quantity: read.quantity, mean, sd, n: read.n ?? 0 }];
    }),
  };
}

function identityOf(name: string): Pick<RegionRecord, 'id' | 'kind'> {
  return name.toLowerCase() === REGION_IDS.compression
    ? { id: REGION_IDS.compression, kind: 'compression' }
    : { id: REGION_IDS.wholeCord, kind: 'whole-cord' };
}

function slicesOf(voxels: Uint8Array, grid: ReadSegmentation['grid']): number[] {
  const perSlice = grid.columns * grid.rows;
  return Array.from({ length: grid.slices }, (_, slice) => slice).filter((slice) =>
    voxels.subarray(slice * perSlice, (slice + 1) * perSlice).some((voxel) => voxel > 0),
  );
}

function statisticsOf(read: ReadQuantity | ReadMissing): RegionStatistics | MissingStatistics {
  const { quantity } = read;
  if ('missing' in read) return { quantity, missing: read.missing };
  const { mean, median, p5, p25, p75, p95, min, max, sd = null } = read.statistics;
  const { n } = read;
  if (
    n === undefined ||
    mean === undefined ||
    median === undefined ||
    p5 === undefined ||
    p25 === undefined ||
    p75 === undefined ||
    p95 === undefined ||
    min === undefined ||
    max === undefined
  )
    // prettier-ignore
    return { quantity, missing: 'the report does not hold all of its statistics' };
  return {
    quantity,
    unit: QUANTITIES[quantity].unit,
    method: read.parameters[0] ?? read.fitting ?? read.model ?? 'unknown',
    n,
    mean,
    sd,
    standardError: sd === null ? null : sd / Math.sqrt(n),
    median,
    p5,
    p25,
    p75,
    p95,
    min,
    max,
    excluded: read.excluded.map((group) => ({ ...group })),
    atBound: read.atBound ?? 0,
  };
}

function prognosisOf(read: ReadPrognosis, regions: readonly RegionRecord[]): PrognosisRecord {
  const { modelId, modelVersion } = read;
  const statements = [...read.statements];
  if (read.kind === 'abstained')
    return { kind: 'abstained', modelId, modelVersion, reasons: [...read.reasons], statements };
  const fa = markerOf(read.fa);
  const f = markerOf(read.f);
  return {
    kind: 'statement',
    modelId,
    modelVersion,
    regionId: regions.find(({ name }) => name === read.region)?.id ?? REGION_IDS.compression,
    fa,
    f,
    pattern: patternOf(read.fa.atOrAbove, read.f.atOrAbove),
    likelihoodRatio: { ...read.likelihoodRatio },
    sentence: read.sentence,
    statements,
    warnings: [],
  };
}

function markerOf({ value, cutOff, greyZone, atOrAbove, inGreyZone }: MarkerJudgement) {
  return {
    value,
    cutOff,
    greyZone,
    position: atOrAbove ? ('at or above' as const) : ('below' as const),
    inGreyZone,
  };
}

function patternOf(fa: boolean, f: boolean): Extract<PrognosisRecord, { kind: 'statement' }>['pattern'] {
  if (fa) return f ? 'both' : 'fa-only';
  return f ? 'f-only' : 'neither';
}
