import {
  recoveryProbability,
  scoreMarkers,
  scoreModelOf,
  type AlternativeMeasurement,
  type FaFScore,
  type MarkerInput,
  type MeasurementUsed,
  type ModelFile,
  type ScoreAbstained,
  type SiteSuccessRate,
} from '@myelon/prognosis';
import type { AnalysisRecord, PrognosisRecord, RegionRecord } from '../analysis-record';
import type { ScoreRecord } from '../score-record';
import { markerOf, MIN_VOXELS, NO_COMPRESSION } from './prognosis-of-region';
import { statisticsOfQuantity } from './region-statistics';

/** The compression measured another way. */
export interface MeasuredOtherwise {
  readonly id: AlternativeMeasurement['id'];
  readonly what: string;
  readonly region: RegionRecord;
}

export interface RegionToScore {
  /** Undefined when the reader has named no slices. */
  readonly compression: RegionRecord | undefined;
  readonly alternatives: readonly MeasuredOtherwise[];
  /** The 2 x 2 statement on the same region: where it abstains, so does the score, for the same reasons. */
  readonly prognosis: PrognosisRecord;
  /** Fits and rule the values were measured with. */
  readonly record: Pick<AnalysisRecord, 'inputs' | 'tensor' | 'ivim'>;
  readonly measuringRule: string;
  /** The site's own share of good recoveries; null: none entered, so no probability. */
  readonly siteSuccessRate: SiteSuccessRate | null;
  /** The site's own score; null: the one that comes with the software. */
  readonly scoreModel: ModelFile | null;
}

/**
 * The continuous score of the compression, or an abstention with every reason for it.
 * @throws InputRefused when the site's success rate is none
 */
export function scoreOfRegion(input: RegionToScore): ScoreRecord {
  const { compression, prognosis, siteSuccessRate } = input;
  const model = input.scoreModel ? scoreModelOf(input.scoreModel) : undefined;
  const markers = {
    fa: compression ? markerOf(compression, 'fa') : { missing: NO_COMPRESSION },
    f: compression ? markerOf(compression, 'ivim_f') : { missing: NO_COMPRESSION },
    measurement: measurementOf(input),
    alternatives: input.alternatives.map(alternative),
  };
  const found = scoreMarkers(markers, model);
  if (prognosis.kind === 'abstained') return abstained(found, prognosis.reasons);
  return found.kind === 'abstained' ? abstained(found, found.reasons) : scored(found, siteSuccessRate);
}

function abstained(found: FaFScore | ScoreAbstained, reasons: readonly string[]): ScoreRecord {
  const { modelId, modelVersion, modelHash, statements } = found;
  return {
    kind: 'abstained',
    modelId,
    modelVersion,
    modelHash,
    reasons: [...reasons],
    statements: [...statements],
  };
}

function scored(found: FaFScore, rate: SiteSuccessRate | null): ScoreRecord {
  return {
    ...found,
    modelBand: { ...found.modelBand },
    rescanBand: { ...found.rescanBand },
    repeatability: { ...found.repeatability },
    sensitivity: found.sensitivity.map((entry) => ({ ...entry })),
    remarks: [...found.remarks],
    statements: [...found.statements],
    probability: rate
      ? structuredClone(recoveryProbability(found, rate))
      : { missing: "it needs the site's own success rate, and none was entered" },
  };
}

function alternative({ id, what, region }: MeasuredOtherwise): AlternativeMeasurement {
  return { id, what, fa: enough(region, 'fa'), f: enough(region, 'ivim_f') };
}

function enough(region: RegionRecord, quantity: 'fa' | 'ivim_f'): MarkerInput {
  const n = statisticsOfQuantity(region, quantity)?.n;
  return n !== undefined && n < MIN_VOXELS
    ? { missing: `only ${String(n)} voxels are left` }
    : markerOf(region, quantity);
}

function measurementOf({ record, measuringRule }: RegionToScore): MeasurementUsed {
  const { tensor, ivim, inputs } = record;
  const bValues = (role: 'tensor' | 'ivim', volumes: readonly number[]) => {
    const input = inputs.find((candidate) => candidate.role === role || candidate.role === 'tensor+ivim');
    return [...new Set(volumes.flatMap((volume) => input?.bValues[volume] ?? []))].sort((p, q) => p - q);
  };
  return {
    tensorMethod: tensor?.method ?? null,
    ivimMethod: ivim?.method ?? null,
    tensorBValues: bValues('tensor', tensor?.volumes ?? []),
    ivimBValues: bValues('ivim', ivim?.volumes ?? []),
    measuringRule,
  };
}
