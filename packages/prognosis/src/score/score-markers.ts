import type { MarkerInput } from '../judge-markers';
import { reasonsAgainstMarkers } from '../marker-range';
import { fixedStatements } from '../fixed-statements';
import { DERIVED_SCORE } from './derived-score';
import { ASSUMPTIONS } from './published-study';
import { scoreAt, type ScoreModel } from './score-model';

/** A likelihood ratio with an interval, and its natural logarithm, the score. */
export interface ScoreBand {
  readonly low: number;
  readonly high: number;
}

/** How far scan and rescan of one patient differ: within-subject standard deviations, as fractions. */
export interface Repeatability {
  readonly sdFa: number;
  readonly sdF: number;
  /** Where the two come from, in words. */
  readonly source: string;
}

/** The markers measured another way, to see what the score hangs on. */
export interface AlternativeMeasurement {
  readonly id: 'other-fit' | 'eroded';
  /** What was done otherwise ("outline eroded by one voxel"). */
  readonly what: string;
  readonly fa: MarkerInput;
  readonly f: MarkerInput;
}

/** What the score would have been. */
export type ScoreSensitivity =
  | { readonly id: 'without-f' | AlternativeMeasurement['id']; readonly what: string; readonly score: number }
  | {
      readonly id: 'without-f' | AlternativeMeasurement['id'];
      readonly what: string;
      readonly missing: string;
    };

/** The methods FA and f were measured with, as the record names them. */
export interface MeasurementUsed {
  readonly tensorMethod: string | null;
  readonly ivimMethod: string | null;
  /** s/mm2, ascending, each once. */
  readonly tensorBValues: readonly number[];
  readonly ivimBValues: readonly number[];
  readonly measuringRule: string;
}

export interface MarkersToScore {
  readonly fa: MarkerInput;
  /** As a fraction: 0.095, not 9.5. */
  readonly f: MarkerInput;
  /** What is wrong with the measurement, in words; anything here makes the score abstain. */
  readonly qualityProblems?: readonly string[] | undefined;
  readonly measurement: MeasurementUsed;
  /** The site's own; without it {@link assumedRepeatability}. */
  readonly repeatability?: Repeatability | undefined;
  readonly alternatives?: readonly AlternativeMeasurement[] | undefined;
}

/** The score, with its two bands apart. Scores are natural logarithms of likelihood ratios. */
export interface FaFScore {
  readonly kind: 'score';
  readonly modelId: string;
  readonly modelVersion: string;
  readonly modelHash: string | null;
  readonly score: number;
  /** How sure the formula is: 95 % of studies like the published one would have put the score here. */
  readonly modelBand: ScoreBand;
  /** Where a second scan of the same patient would put it, 95 %. */
  readonly rescanBand: ScoreBand;
  readonly repeatability: Repeatability;
  readonly sensitivity: readonly ScoreSensitivity[];
  readonly remarks: readonly string[];
  readonly statements: readonly string[];
}

export interface ScoreAbstained {
  readonly kind: 'abstained';
  readonly modelId: string;
  readonly modelVersion: string;
  readonly modelHash: string | null;
  readonly reasons: readonly string[];
  readonly statements: readonly string[];
}

/**
 * The continuous FA + f score, or why there is none: quality problems, a marker missing, in another unit or out of
 * range, fits or protocol that are not the model's. It is no probability: that needs the site's own share of good
 * recoveries ({@link recoveryProbability}).
 */
export function scoreMarkers(
  input: MarkersToScore,
  model: ScoreModel = DERIVED_SCORE,
): FaFScore | ScoreAbstained {
  const named = {
    modelId: model.id,
    modelVersion: model.version,
    modelHash: model.hash,
    statements: fixedStatements(model.calibration),
  };
  const { fa, f } = input;
  const reasons = [
    ...(input.qualityProblems ?? []),
    ...reasonsAgainstMarkers(fa, f, model.validRange),
    ...reasonsAgainstMeasurement(input.measurement, model),
  ];
  if (reasons.length > 0 || 'missing' in fa || 'missing' in f)
    return { kind: 'abstained', ...named, reasons };
  const score = scoreAt(model.formula, fa.mean, f.mean);
  const repeatability = input.repeatability ?? assumedRepeatability(fa.mean, f.mean);
  const rescan = Z_975 * rescanSd(model, repeatability);
  return {
    kind: 'score',
    ...named,
    score,
    modelBand: modelBand(model, fa.mean, f.mean),
    rescanBand: { low: score - rescan, high: score + rescan },
    repeatability,
    sensitivity: [
      withoutF(model, fa.mean),
      ...(input.alternatives ?? []).map((other) => measuredOtherwise(model, other)),
    ],
    remarks: model.remarks,
  };
}

const Z_975 = 1.959963984540054;

/** Repeatability from the literature and an assumption, for sites that have not measured their own. */
export function assumedRepeatability(fa: number, f: number): Repeatability {
  const { withinSubjectCvFa, withinSubjectCvF } = ASSUMPTIONS;
  return {
    sdFa: withinSubjectCvFa.value * fa,
    sdF: withinSubjectCvF.value * f,
    source: 'within-subject variation of 3 % for FA (NeuroImage 2013;67:64) and, assumed, 12 % for f',
  };
}

function rescanSd({ formula }: ScoreModel, { sdFa, sdF }: Repeatability): number {
  return Math.hypot(formula.fa * sdFa, formula.fPercent * 100 * sdF);
}

function modelBand(model: ScoreModel, fa: number, f: number): ScoreBand {
  const scores = model
    .draws()
    .map((draw) => scoreAt(draw, fa, f))
    .sort((p, q) => p - q);
  return { low: quantile(scores, 0.025), high: quantile(scores, 0.975) };
}

/** Linear between order statistics. */
function quantile(sorted: readonly number[], p: number): number {
  const at = p * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? NaN;
  return below + (at - Math.floor(at)) * ((sorted[Math.ceil(at)] ?? below) - below);
}

function withoutF(model: ScoreModel, fa: number): ScoreSensitivity {
  const known = { id: 'without-f', what: 'on FA alone, without f' } as const;
  return model.withoutF
    ? { ...known, score: scoreAt(model.withoutF, fa, 0) }
    : { ...known, missing: 'this model has no version without f' };
}

function measuredOtherwise(model: ScoreModel, { id, what, fa, f }: AlternativeMeasurement): ScoreSensitivity {
  const reasons = reasonsAgainstMarkers(fa, f, model.validRange);
  if (reasons.length > 0 || 'missing' in fa || 'missing' in f)
    return { id, what, missing: reasons.join('; ') };
  return { id, what, score: scoreAt(model.formula, fa.mean, f.mean) };
}

function reasonsAgainstMeasurement(used: MeasurementUsed, { measurement: wanted }: ScoreModel): string[] {
  const method = (name: string, is: string | null, allowed: readonly string[]) =>
    is === null || allowed.some((start) => is.startsWith(start))
      ? []
      : [`the ${name} fit is "${is}"; the score is for "${allowed.join('" or "')}"`];
  const bValues = (name: string, are: readonly number[], must: readonly number[] | null) =>
    must === null || sameShells(are, must)
      ? []
      : [`b-values of the ${name} fit are ${are.join(', ')} s/mm2; the score is for ${must.join(', ')}`];
  const rule =
    wanted.measuringRule === null || used.measuringRule === wanted.measuringRule
      ? []
      : [`measured in "${used.measuringRule}"; the score is for "${wanted.measuringRule}"`];
  return [
    ...method('tensor', used.tensorMethod, wanted.tensorMethods),
    ...method('IVIM', used.ivimMethod, wanted.ivimMethods),
    ...bValues('tensor', used.tensorBValues, wanted.tensorBValues),
    ...bValues('IVIM', used.ivimBValues, wanted.ivimBValues),
    ...rule,
  ];
}

/** Scanners print the same shell a little differently from day to day. */
function sameShells(p: readonly number[], q: readonly number[]): boolean {
  return p.length === q.length && p.every((b, i) => Math.abs(b - (q[i] ?? NaN)) <= Math.max(5, 0.02 * b));
}
