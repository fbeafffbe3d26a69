import type {
  CordShape,
  MarkerJudgement,
  MeasurementReport,
  ReadMissing,
  ReadPrognosis,
  ReadQuantity,
  ReadRegion,
  ReadSegmentation,
  ReportScore,
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
  /** Named levels and the patient's own reference: mean, spread and shape. */
  readonly levelMeans: readonly ReportedLevel[];
  /** Size and shape by region id, where the report holds them. */
  readonly shapes: Readonly<Record<string, CordShape>>;
  /** Null when the report says nothing about recovery. */
  readonly prognosis: PrognosisRecord | null;
  /** The continuous score; null when the report holds none. */
  readonly score: ReportScore | null;
  readonly warnings: readonly string[];
}

/** Mean and spread as the report has them; values in the stored unit. */
export interface ReportedMeans {
  readonly quantities: readonly {
    readonly quantity: RegionStatistics['quantity'];
    readonly mean: number;
    readonly sd: number | null;
    readonly n: number;
  }[];
}

/** The cord in one slice. */
export interface ReportedSlice extends ReportedMeans {
  /** From 0. */
  readonly slice: number;
}

/** The cord at one level. */
export interface ReportedLevel extends ReportedMeans {
  /** As in the record: "level-C4", "reference". */
  readonly id: string;
  /** "C4", "Reference above the compression". */
  readonly name: string;
  readonly volumeMm3: number | null;
  readonly shape: CordShape | null;
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
  const main = report.regions.filter(({ name }) => sliceNamed(name) === null && levelNamed(name) === null);
  const regions = main.map((region) => regionOf(region, segmentation));
  const order = ['whole-cord', 'compression'];
  return {
    createdAt: report.createdAt,
    softwareVersion: report.device.softwareVersion ?? null,
    state: report.state,
    reader: report.reader ?? null,
    regions: regions.sort((p, q) => order.indexOf(p.kind) - order.indexOf(q.kind)),
    slices: report.regions.flatMap((region) => sliceOf(region) ?? []),
    levelMeans: report.regions.flatMap((region) => reportedLevel(region) ?? []),
    shapes: Object.fromEntries(
      main.flatMap(({ name, shape }) => (shape ? [[identityOf(name).id, shape] as const] : [])),
    ),
    prognosis: report.prognosis && prognosisOf(report.prognosis, regions),
    score: report.score,
    warnings: report.warnings,
  };
}

/**
 * One analysis from the reports it was written into: that of the regions, with those of levels and slices that refer to
 * the same segmentation.
 */
export function recordFromReports(
  main: MeasurementReport,
  others: readonly MeasurementReport[],
  segmentation?: ReadSegmentation,
): ReportedAnalysis {
  const outline = main.segmentation?.sopInstanceUID;
  const parts = others
    .filter((other) => outline !== undefined && other.segmentation?.sopInstanceUID === outline)
    .filter((other) => other.sopInstanceUID !== main.sopInstanceUID)
    .map((other) => recordFromReport(other));
  const whole = recordFromReport(main, segmentation);
  return {
    ...whole,
    slices: [...whole.slices, ...parts.flatMap(({ slices }) => slices)].sort((p, q) => p.slice - q.slice),
    levelMeans: [...whole.levelMeans, ...parts.flatMap(({ levelMeans }) => levelMeans)],
  };
}

/** True for the report of the regions; false for a part of it (levels, slices) that is shown with it. */
export function isMainReport(report: MeasurementReport): boolean {
  return recordFromReport(report).regions.length > 0;
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

/** Id of "C4" or "Reference above the compression"; null for another name. */
function levelNamed(name: string): string | null {
  if (/^[CT]\d$/.test(name)) return `level-${name}`;
  return name.startsWith('Reference ') ? 'reference' : null;
}

function sliceOf(region: ReadRegion): ReportedSlice | null {
  const slice = sliceNamed(region.name);
  return slice === null ? null : { slice, ...meansOf(region) };
}

function reportedLevel(region: ReadRegion): ReportedLevel | null {
  const { name, volumeMm3 = null, shape = null } = region;
  const id = levelNamed(name);
  return id === null ? null : { id, name, volumeMm3, shape, ...meansOf(region) };
}

function meansOf({ quantities }: ReadRegion): ReportedMeans {
  return {
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
