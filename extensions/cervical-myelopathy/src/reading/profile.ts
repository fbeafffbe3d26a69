import { formatQuantity, QUANTITIES, type QuantityId } from '@myelon/diffusion';
import type { AnalysisRecord } from '@myelon/pipeline';
import { statisticsOf } from './summaries';

/** One quantity along the cord, in the unit people read. */
export interface Profile {
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
  const { shownFactor } = QUANTITIES[quantity];
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
