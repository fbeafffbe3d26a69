import { QUANTITIES, type QuantityId } from '@myelon/diffusion';
import { mjoaSeverity, recoveryRate } from '@myelon/prognosis';
import type { AnalysisRecord, MissingStatistics, RegionRecord, RegionStatistics } from './analysis-record';
import { shapeOfRegion } from './measure/region-shape';
import { REPORTED_QUANTITIES } from './measure/region-statistics';

/** ASCII units, so that the table opens the same everywhere. */
const UNITS: Readonly<Record<'1' | 'mm2/s' | 'signal' | '%', string>> = {
  '1': '1',
  'mm2/s': '10^-6 mm2/s',
  signal: 'signal',
  '%': '%',
};

const VALUE_COLUMNS = [
  'mean', 'sd', 'standardError', 'median', 'p5', 'p25', 'p75', 'p95', 'min', 'max',
] as const; // prettier-ignore

/** By the noise of the images; empty when the fit was not asked for it. */
const UNCERTAINTY_COLUMNS = [
  'noise standardError',
  'noise bias',
  'noise interval95 lower',
  'noise interval95 upper',
] as const;

const REGION_HEADER = [
  'record_id',
  'region_id',
  'region',
  'kind',
  'slices (from 1)',
  'voxels',
  'volume (mm3)',
];

/**
 * The metrics of a record as CSV (RFC 4180): one row per region, and for each quantity its voxel count, statistics
 * with the unit in the header, voxels left out and at a bound, and the reason when it is missing.
 */
export function metricsCsv(record: AnalysisRecord): string {
  const header = [
    ...REGION_HEADER,
    ...REPORTED_QUANTITIES.flatMap(({ quantity }) => quantityHeader(quantity)),
    ...METHOD_HEADER,
    ...SHAPE_HEADER,
    ...CLINICAL_HEADER,
  ];
  const rows = [...record.regions, ...(record.levelRegions ?? [])].map((region) => [
    ...regionCells(record, region),
    ...REPORTED_QUANTITIES.flatMap(({ quantity }) => quantityCells(region, quantity)),
    ...methodCells(record),
    ...shapeCells(record, region),
    ...clinicalCells(record),
  ]);
  return [header, ...rows].map((cells) => cells.map(cell).join(',')).join('\r\n') + '\r\n';
}

/** f and D* mean nothing without how they were fitted. */
const METHOD_HEADER = ['tensor method', 'ivim method', 'ivim convention', 'ivim directions'];

function methodCells({ tensor, ivim }: AnalysisRecord): Cell[] {
  return [tensor?.method ?? '', ivim?.method ?? '', ivim?.convention ?? '', ivim?.directions ?? ''];
}

/** Means over the slices of a region, from the contour, corrected for the angle between cord and slice. */
const SHAPE_HEADER = [
  'level',
  'area (mm2)',
  'ap diameter (mm)',
  'transverse diameter (mm)',
  'compression ratio (1)',
  'mscc (1)',
  'contour offset (mm)',
  'voxels dropped against CSF',
  'measured in',
];

function shapeCells(record: AnalysisRecord, region: RegionRecord): Cell[] {
  const { slices, kind, name: regionName } = region;
  const level = record.levels?.slices.find(({ slice }) => slices.length === 1 && slice === slices[0]);
  const name = kind === 'level' ? regionName : level ? (level.disc ?? level.vertebra) : '';
  const shape = shapeOfRegion(record, region);
  const measured: Cell[] = [region.droppedVoxels ?? '', record.cord.measuringRule];
  if (!shape) return [name, '', '', '', '', '', '', ...measured];
  const { areaMm2, apDiameterMm, transverseDiameterMm, compressionRatio, mscc } = shape;
  return [
    name,
    ...[areaMm2, apDiameterMm, transverseDiameterMm, compressionRatio].map(significant),
    mscc === undefined ? '' : significant(mscc),
    record.morphometry?.offsetMm ?? '',
    ...measured,
  ];
}

/** What was entered of the patient and what the score says, the same in every row: rows are often read alone. */
const CLINICAL_HEADER = [
  'mjoa version',
  'mjoa before',
  'mjoa after',
  'mjoa severity',
  'mjoa recovery rate (%)',
  'nurick before',
  'nurick after',
  'score (ln likelihood ratio)',
  'score lower limit other studies',
  'score upper limit other studies',
  'score lower limit second scan',
  'score upper limit second scan',
  'score missing because',
  'limits of use',
];

function clinicalCells({ clinical, score, prognosis }: AnalysisRecord): Cell[] {
  const [pre, post] = [clinical?.pre?.score, clinical?.post?.score];
  const rate = pre && post ? recoveryRate(pre, post) : null;
  const bands =
    score?.kind === 'score'
      ? [score.score, score.modelBand.low, score.modelBand.high, score.rescanBand.low, score.rescanBand.high]
      : null;
  return [
    (pre ?? post)?.version ?? '',
    pre?.total ?? '',
    post?.total ?? '',
    (pre && mjoaSeverity(pre)) ?? '',
    rate?.kind === 'rate' ? significant(rate.percent) : '',
    clinical?.nurickPre ?? '',
    clinical?.nurickPost ?? '',
    ...(bands ? bands.map(significant) : ['', '', '', '', '']),
    score?.kind === 'abstained' ? score.reasons.join('; ') : '',
    [...new Set([...prognosis.statements, ...(score?.statements ?? [])])].join(' '),
  ];
}

/** Six significant digits: more than any scan carries. */
const significant = (value: number): number => Number(value.toPrecision(6));

function quantityHeader(quantity: QuantityId): string[] {
  const { unit, shownUnit } = QUANTITIES[quantity];
  const shown = UNITS[shownUnit === '%' ? '%' : unit];
  return [
    `${quantity} n`,
    ...VALUE_COLUMNS.map((column) => `${quantity} ${column} (${shown})`),
    `${quantity} voxels left out`,
    `${quantity} voxels at bound`,
    `${quantity} missing because`,
    ...UNCERTAINTY_COLUMNS.map((column) => `${quantity} ${column} (${shown})`),
    `${quantity} noise method`,
  ];
}

function regionCells(record: AnalysisRecord, region: RegionRecord): Cell[] {
  const slices = region.slices.map((slice) => String(slice + 1)).join(' ');
  return [record.id, region.id, region.name, region.kind, slices, region.voxels, region.volumeMm3];
}

function quantityCells(region: RegionRecord, quantity: QuantityId): Cell[] {
  const entry = region.statistics.find((candidate) => candidate.quantity === quantity);
  if (!entry || 'missing' in entry) return missingCells(entry);
  const { shownFactor } = QUANTITIES[quantity];
  const leftOut = entry.excluded.reduce((sum, { n }) => sum + n, 0);
  return [
    entry.n,
    ...VALUE_COLUMNS.map((column) => shown(entry, column, shownFactor)),
    leftOut,
    entry.atBound,
    '',
    ...uncertaintyCells(entry, shownFactor),
  ];
}

function uncertaintyCells({ uncertainty }: RegionStatistics, factor: number): Cell[] {
  if (!uncertainty) return [...UNCERTAINTY_COLUMNS.map(() => ''), ''];
  const { standardError, bias, interval, method } = uncertainty;
  return [...[standardError, bias, ...interval].map((value) => inShownUnit(value, factor)), method];
}

function missingCells(entry: MissingStatistics | undefined): Cell[] {
  const nothing = ['', ...VALUE_COLUMNS.map(() => ''), '', ''];
  return [...nothing, entry?.missing ?? 'not computed', ...UNCERTAINTY_COLUMNS.map(() => ''), ''];
}

function shown(entry: RegionStatistics, column: (typeof VALUE_COLUMNS)[number], factor: number): Cell {
  const value = entry[column];
  return value === null ? '' : inShownUnit(value, factor);
}

/** Six significant digits: more than any scan carries, and no binary tails such as 0.30000000000000004. */
function inShownUnit(value: number, factor: number): Cell {
  return Number((value * factor).toPrecision(6));
}

type Cell = string | number;

/**
 * One cell. Text that a spreadsheet would run as a formula gets an apostrophe in front; text with a separator, quote
 * or line break is quoted.
 */
function cell(content: Cell): string {
  if (typeof content === 'number') return String(content);
  const text = /^[=+\-@\t\r]/.test(content) ? `'${content}` : content;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
