import { FA_F_RULE, FIXED_STATEMENTS, judgeMarkers } from '@myelon/prognosis';
import { ivimVerdict, type GradientTable } from '@myelon/diffusion';
import type { PrognosisRecord, RegionRecord } from '../analysis-record';
import { statisticsOfQuantity, whyMissing } from './region-statistics';

/** Fewest measured voxels on which the statement may rest. */
export const MIN_VOXELS = 20;

/** Largest share of voxels at a bound of the IVIM fit, or without a value, on which the statement may rest. */
export const MAX_SHARE_UNRELIABLE = 0.05;

/**
 * The FA + f statement on the compression, or an abstention with every reason for it.
 *
 * @param compression the measured compression region; undefined when the reader has named no slices
 * @param ivimTable gradient table f came from; null when there is none
 * @param withheld why no statement may be made yet; null when it may be
 */
export function prognosisOfRegion(
  compression: RegionRecord | undefined,
  ivimTable: GradientTable | null,
  withheld: string | null = null,
): PrognosisRecord {
  if (withheld !== null) return abstain([withheld]);
  if (!compression) return abstain(['no slice has been named as the level of maximal compression']);
  const fa = statisticsOfQuantity(compression, 'fa');
  const f = statisticsOfQuantity(compression, 'ivim_f');
  if (!fa || !f) {
    const reasons = [
      { symbol: 'FA', why: whyMissing(compression, 'fa') },
      { symbol: 'f', why: whyMissing(compression, 'ivim_f') },
    ];
    return abstain(
      reasons.flatMap(({ symbol, why }) => (why === undefined ? [] : [`${symbol} is missing: ${why}`])),
    );
  }
  return judgeMarkers({
    fa: { mean: fa.mean },
    f: { mean: f.mean },
    regionId: compression.id,
    qualityProblems: [...voxelProblems(compression), ...(ivimTable ? ivimTableProblems(ivimTable) : [])],
  });
}

function abstain(reasons: string[]): PrognosisRecord {
  return {
    kind: 'abstained',
    modelId: FA_F_RULE.id,
    modelVersion: FA_F_RULE.version,
    reasons,
    statements: [...FIXED_STATEMENTS],
  };
}

function voxelProblems(region: RegionRecord): string[] {
  const markers = [
    { symbol: 'FA', statistics: statisticsOfQuantity(region, 'fa') },
    { symbol: 'f', statistics: statisticsOfQuantity(region, 'ivim_f') },
  ];
  return markers.flatMap(({ symbol, statistics }) => {
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
