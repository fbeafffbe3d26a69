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
  Partial<Pick<ReportedAnalysis, 'slices' | 'levelMeans'>>;

/** Holds a report against an analysis of the same inputs. Slices of a report count with the numbers it has of them. */
export function compareAnalyses(
  reported: Reported,
  recomputed: Pick<AnalysisRecord, 'regions' | 'prognosis' | 'levelRegions'>,
): AnalysisComparison {
  const now = [...recomputed.regions, ...(recomputed.levelRegions ?? [])].map(comparedRegion);
  return compared(
    reported,
    now,
    statementDifference(reported.prognosis, recomputed.prognosis),
    'the analysis',
  );
}

/**
 * What an amended report says otherwise than the one before it: numbers that moved, regions that came or went, the
 * statement.
 */
export function compareVersions(before: Reported, after: Reported): AnalysisComparison {
  const statement = statementDifference(before.prognosis, after.prognosis);
  const { moved, other, compared: count } = compared(before, everyRegion(after), statement, 'the new report');
  const known = new Set(everyRegion(before).map(({ id }) => id));
  const added = everyRegion(after).filter(({ id }) => !known.has(id));
  return { compared: count, moved, other: [...other, ...added.map(({ name }) => `${name} is new`)] };
}

function compared(
  reported: Reported,
  now: readonly ComparedRegion[],
  statement: readonly string[],
  place: string,
): AnalysisComparison {
  const moved: MovedNumber[] = [];
  const other: string[] = [];
  let count = 0;
  for (const region of everyRegion(reported)) {
    const again = now.find(({ id }) => id === region.id);
    if (!again) {
      other.push(`${region.name} is in the report and not in ${place}`);
      continue;
    }
    for (const { quantity, numbers } of region.statistics) {
      const found = again.statistics.find((one) => one.quantity === quantity)?.numbers;
      for (const statistic of STATISTICS) {
        const before = numbers[statistic];
        if (before === undefined) continue;
        count++;
        const after = found?.[statistic] ?? null;
        if (!isSame(before, after))
          moved.push({ region: region.name, quantity, statistic, reported: before, recomputed: after });
      }
    }
  }
  return { compared: count, moved, other: [...other, ...statement] };
}

function everyRegion({ regions, slices = [], levelMeans = [] }: Reported): ComparedRegion[] {
  return [...regions.map(comparedRegion), ...slices.map(comparedSlice), ...levelMeans.map(comparedLevel)];
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
  return comparedLevel({ id: REGION_IDS.slice(slice), name: `Slice ${String(slice + 1)}`, quantities });
}

function comparedLevel({
  id,
  name,
  quantities,
}: Pick<ReportedAnalysis['levelMeans'][number], 'id' | 'name' | 'quantities'>): ComparedRegion {
  const means = quantities.map(({ quantity, mean, sd, n }) => ({ quantity, numbers: { mean, sd, n } }));
  return { id, name, statistics: means };
}

function isSame(before: number | null, after: number | null): boolean {
  if (before === null || after === null) return before === after;
  return Math.abs(before - after) <= SAME_WITHIN * Math.max(Math.abs(before), Math.abs(after));
}

function statementDifference(before: PrognosisRecord | null, after: PrognosisRecord | null): string[] {
  if (before === null || after === null) return [];
  const words = (statement: PrognosisRecord) =>
    statement.kind === 'statement' ? statement.sentence : `none (${statement.reasons.join('; ')})`;
  return words(before) === words(after)
    ? []
    : [`the statement was "${words(before)}" and is now "${words(after)}"`];
}

/** "Compression, FA mean: 0.52 reported, 0.51 recomputed (-1.9 %)", or in other words for two versions. */
export function movedInWords(
  { region, quantity, statistic, reported, recomputed }: MovedNumber,
  [before, after]: readonly [string, string] = ['reported', 'recomputed'],
): string {
  const { symbol, shownUnit } = QUANTITIES[quantity];
  const shown = (value: number | null) => {
    if (value === null) return 'none';
    return statistic === 'n' ? String(value) : `${formatQuantity(quantity, value)} ${shownUnit}`.trim();
  };
  const change =
    reported === null || recomputed === null || reported === 0
      ? ''
      : ` (${(100 * (recomputed / reported - 1)).toPrecision(2)} %)`;
  return `${region}, ${symbol} ${statistic}: ${shown(reported)} ${before}, ${shown(recomputed)} ${after}${change}`;
}
