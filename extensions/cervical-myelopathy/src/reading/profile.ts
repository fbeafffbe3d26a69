import { formatQuantity, QUANTITIES, type QuantityId } from '@myelon/diffusion';
import type { AnalysisRecord, LevelsRecord, MorphometryRecord } from '@myelon/pipeline';
import { statisticsOf } from './summaries';

/** One quantity along the cord, in the unit people read. */
export interface Profile {
  /** What the axis is called, with its unit. */
  readonly label: string;
  /** Names of discs, by slice (from 0). */
  readonly levels: readonly { readonly slice: number; readonly name: string }[];
  /** Slices (from 0) that have a value, ascending. */
  readonly slices: readonly number[];
  readonly mean: readonly number[];
  /** Mean minus and plus one standard error; the mean itself where there is none. */
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly cutOff: { readonly value: number; readonly greyZone: number } | null;
  readonly compression: readonly number[];
  /** Lower and upper end of the axis. */
  readonly range: readonly [number, number];
  /** The profile for someone who cannot see it. */
  readonly inWords: string;
}

/** Means per slice of a record's quantity, with cut-off when the record's statement has one for it. */
export function profileOf(record: AnalysisRecord, quantity: QuantityId): Profile {
  const { shownFactor, symbol, shownUnit } = QUANTITIES[quantity];
  const points = record.regions
    .filter(({ kind }) => kind === 'slice')
    .flatMap((region) => {
      const statistics = statisticsOf(region, quantity);
      const [slice] = region.slices;
      return statistics && slice !== undefined ? [{ slice, statistics }] : [];
    })
    .sort((p, q) => p.slice - q.slice);
  const mean = points.map(({ statistics }) => statistics.mean * shownFactor);
  const error = points.map(({ statistics }) => (statistics.standardError ?? 0) * shownFactor);
  const low = mean.map((value, index) => value - (error[index] ?? 0));
  const high = mean.map((value, index) => value + (error[index] ?? 0));
  const cutOff = cutOffOf(record, quantity);
  const marks = cutOff ? [cutOff.value + cutOff.greyZone, cutOff.value - cutOff.greyZone] : [];
  return {
    label: shownUnit === '' ? symbol : `${symbol} (${shownUnit})`,
    levels: levelTicks(record.levels ?? null),
    slices: points.map(({ slice }) => slice),
    mean,
    low,
    high,
    cutOff,
    compression: record.compressionSlices,
    range: [Math.min(0, ...low, ...marks), 1.05 * Math.max(...high, ...marks)],
    inWords: points
      .map(
        ({ slice, statistics }) => `slice ${String(slice + 1)} ${formatQuantity(quantity, statistics.mean)}`,
      )
      .join(', '),
  };
}

function cutOffOf({ prognosis }: AnalysisRecord, quantity: QuantityId): Profile['cutOff'] {
  if (prognosis.kind !== 'statement' || (quantity !== 'fa' && quantity !== 'ivim_f')) return null;
  const { cutOff, greyZone } = quantity === 'fa' ? prognosis.fa : prognosis.f;
  const { shownFactor } = QUANTITIES[quantity];
  return { value: cutOff * shownFactor, greyZone: greyZone * shownFactor };
}

/** Measures of size and shape that have a profile. */
export const SHAPE_MEASURES = [
  'areaMm2',
  'apDiameterMm',
  'transverseDiameterMm',
  'compressionRatio',
] as const;
export type ShapeMeasure = (typeof SHAPE_MEASURES)[number];

/** One measure of size or shape per slice, perpendicular to the cord. */
export function shapeProfile(
  { sections }: MorphometryRecord,
  measure: ShapeMeasure,
  label: string,
  { levels, compression }: { levels: LevelsRecord | null; compression: readonly number[] },
): Profile {
  const points = [...sections].sort((p, q) => p.slice - q.slice);
  const mean = points.map((section) => section[measure]);
  const decimals = measure === 'compressionRatio' ? 2 : 1;
  return {
    label,
    levels: levelTicks(levels),
    slices: points.map(({ slice }) => slice),
    mean,
    low: mean,
    high: mean,
    cutOff: null,
    compression,
    range: [0, 1.1 * Math.max(...mean, 0.001)],
    inWords: points
      .map((section) => `slice ${String(section.slice + 1)} ${section[measure].toFixed(decimals)}`)
      .join(', '),
  };
}

/** Each disc at the slice nearest to it. */
function levelTicks(levels: LevelsRecord | null): Profile['levels'] {
  return (levels?.slices ?? []).flatMap(({ slice, disc }) => (disc === null ? [] : [{ slice, name: disc }]));
}
