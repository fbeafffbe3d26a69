import { ivimVerdict, type GradientTable } from '@myelon/diffusion';
import { FA_F_RULE, FIXED_STATEMENTS, judgeMarkers, type MarkerInput } from '@myelon/prognosis';
import type { PrognosisRecord, RegionRecord } from '../analysis-record';
import { statisticsOfQuantity, whyMissing } from './region-statistics';

/** Fewest measured voxels on which the statement may rest. */
export const MIN_VOXELS = 20;

/** Largest share of voxels at a bound of a fit, or without a value, on which the statement may rest. */
export const MAX_SHARE_UNRELIABLE = 0.05;

const MARKERS = [
  { symbol: 'FA', quantity: 'fa' },
  { symbol: 'f', quantity: 'ivim_f' },
] as const;

/**
 * The FA + f statement on the compression, or an abstention with every reason for it.
 *
 * @param compression the measured compression region; undefined when the reader has named no slices
 * @param ivimTable gradient table f came from; null when there is none
 * @param withheld why no statement may be made yet; null when it may be
 * @param imageProblems what makes the images unfit for a statement
 */
export function prognosisOfRegion(
  compression: RegionRecord | undefined,
  ivimTable: GradientTable | null,
  withheld: string | null = null,
  imageProblems: readonly string[] = [],
): PrognosisRecord {
  if (withheld !== null) return abstain(withheld);
  if (!compression) return abstain(NO_COMPRESSION);
  return judgeMarkers({
    fa: markerOf(compression, 'fa'),
    f: markerOf(compression, 'ivim_f'),
    regionId: compression.id,
    qualityProblems: [...imageProblems, ...qualityProblems(compression, ivimTable)],
  });
}

/** Why nothing is said of recovery before the reader has marked the compression. */
export const NO_COMPRESSION = 'no slice has been named as the level of maximal compression';

/** What is wrong with the measurement of the compression, in words; empty when nothing is. */
export function qualityProblems(compression: RegionRecord, ivimTable: GradientTable | null): string[] {
  return [...voxelProblems(compression), ...(ivimTable ? ivimTableProblems(ivimTable) : [])];
}

function abstain(reason: string): PrognosisRecord {
  const { id: modelId, version: modelVersion } = FA_F_RULE;
  return { kind: 'abstained', modelId, modelVersion, reasons: [reason], statements: [...FIXED_STATEMENTS] };
}

/** Mean of a marker over a region, or why there is none. */
export function markerOf(region: RegionRecord, quantity: 'fa' | 'ivim_f'): MarkerInput {
  const statistics = statisticsOfQuantity(region, quantity);
  return statistics ? { mean: statistics.mean } : { missing: whyMissing(region, quantity) ?? 'not computed' };
}

function voxelProblems(region: RegionRecord): string[] {
  return MARKERS.flatMap(({ symbol, quantity }) => {
    const statistics = statisticsOfQuantity(region, quantity);
    if (!statistics) return [];
    const { n, atBound, excluded } = statistics;
    const problems: string[] = [];
    if (n < MIN_VOXELS)
      problems.push(`${symbol} rests on ${String(n)} voxels, fewer than ${String(MIN_VOXELS)}`);
    if (atBound > MAX_SHARE_UNRELIABLE * n)
      problems.push(`${symbol}: ${String(atBound)} of ${String(n)} voxels lie at a bound of the fit`);
    const without = excluded.reduce((sum, { n: count }) => sum + count, 0);
    if (without > MAX_SHARE_UNRELIABLE * (n + without))
      problems.push(`${symbol}: ${String(without)} of ${String(n + without)} voxels have no value`);
    return problems;
  });
}

/** Whatever makes f of this table doubtful makes a statement on it doubtful. */
function ivimTableProblems(table: GradientTable): string[] {
  const verdict = ivimVerdict(table);
  return verdict.possible ? verdict.warnings.map((warning) => `f: ${warning}`) : [];
}
