import { formatQuantity, QUANTITIES, type QuantityId } from '@myelon/diffusion';
import type { AnalysisRecord, PrognosisRecord, RegionRecord } from '../analysis-record';
import { REGION_IDS } from '../measure/regions';
import type { ReportedAnalysis } from './record-from-report';

/** Numbers closer than this, relative to their size, are the same: reports hold nine digits and more. */
const SAME_WITHIN = 1e-6;

const STATISTICS = ['n', 'mean', 'sd', 'median', 'p5', 'p25', 'p75', 'p95', 'min', 'max'] as const;
type StatisticName = (typeof STATISTICS)[number];

/** A number a report says and its inputs do not give, in the stored unit; null where there is none. */
export interface MovedNumber {
  readonly region: string;
  readonly quantity: QuantityId;
  readonly statistic: StatisticName;
  readonly reported: number | null;
  readonly recomputed: number | null;
}

export interface AnalysisComparison {
  /** Numbers that were looked at. */
  readonly compared: number;
  readonly moved: readonly MovedNumber[];
  /** What else differs, in words (the statement, a region that is gone). */
  readonly other: readonly string[];
}

/** What a report says, from its record or from the report itself. */
export type Reported = Pick<ReportedAnalysis, 'regions' | 'prognosis'> &
  Partial<Pick<ReportedAnalysis, 'slices'>>;

/** Holds a report against an analysis of the same inputs. Slices of a report count with the numbers it has of them. */
export function compareAnalyses(reported: Reported, recomputed: AnalysisRecord): AnalysisComparison {
  const moved: MovedNumber[] = [];
  const other: string[] = [];
  let compared = 0;
  const regions = [...reported.regions.map(comparedRegion), ...(reported.slices ?? []).map(comparedSlice)];
  for (const region of regions) {
    const again = recomputed.regions.find(({ id }) => id === region.id);
    if (!again) {
      other.push(`${region.name} is in the report and not in the analysis`);
      continue;
    }
    for (const { quantity, numbers } of region.statistics) {
      const now = numbersOf(again, quantity);
      for (const statistic of STATISTICS) {
        const before = numbers[statistic];
        if (before === undefined) continue;
        compared++;
        const after = now[statistic] ?? null;
        if (!isSame(before, after))
          moved.push({ region: region.name, quantity, statistic, reported: before, recomputed: after });
      }
    }
  }
  return {
    compared,
    moved,
    other: [...other, ...statementDifference(reported.prognosis, recomputed.prognosis)],
  };
}

type Numbers = Partial<Record<StatisticName, number | null>>;

interface ComparedRegion {
  readonly id: string;
  readonly name: string;
  readonly statistics: readonly { readonly quantity: QuantityId; readonly numbers: Numbers }[];
}

function comparedRegion({ id, name, statistics }: RegionRecord): ComparedRegion {
  return {
    id,
    name,
    statistics: statistics.flatMap((entry) =>
      'missing' in entry ? [] : [{ quantity: entry.quantity, numbers: entry }],
    ),
  };
}

function comparedSlice({ slice, quantities }: ReportedAnalysis['slices'][number]): ComparedRegion {
  return {
    id: REGION_IDS.slice(slice),
    name: `Slice ${String(slice + 1)}`,
    statistics: quantities.map(({ quantity, mean, sd, n }) => ({ quantity, numbers: { mean, sd, n } })),
  };
}

function numbersOf(region: RegionRecord, quantity: QuantityId): Numbers {
  const entry = region.statistics.find((one) => one.quantity === quantity);
  return entry && !('missing' in entry) ? entry : {};
}

function isSame(before: number | null, after: number | null): boolean {
  if (before === null || after === null) return before === after;
  return Math.abs(before - after) <= SAME_WITHIN * Math.max(Math.abs(before), Math.abs(after));
}

function statementDifference(before: PrognosisRecord | null, after: PrognosisRecord): string[] {
  if (before === null) return [];
  const words = (statement: PrognosisRecord) =>
    statement.kind === 'statement' ? statement.sentence : `none (${statement.reasons.join('; ')})`;
  return words(before) === words(after)
    ? []
    : [`the statement was "${words(before)}" and is now "${words(after)}"`];
}

/** "Compression, FA mean: 0.52 reported, 0.51 recomputed (-1.9 %)". */
export function movedInWords({ region, quantity, statistic, reported, recomputed }: MovedNumber): string {
  const { symbol, shownUnit } = QUANTITIES[quantity];
  const shown = (value: number | null) => {
    if (value === null) return 'none';
    return statistic === 'n' ? String(value) : `${formatQuantity(quantity, value)} ${shownUnit}`.trim();
  };
  const change =
    reported === null || recomputed === null || reported === 0
      ? ''
      : ` (${(100 * (recomputed / reported - 1)).toPrecision(2)} %)`;
  return `${region}, ${symbol} ${statistic}: ${shown(reported)} reported, ${shown(recomputed)} recomputed${change}`;
}
