import { FA_F_RULE, type LikelihoodRatio, type MarkerRule } from './fa-f-rule';
import { FIXED_STATEMENTS } from './fixed-statements';
import { reasonsAgainstMarkers } from './marker-range';
import { greyZoneWarning, patternSentence } from './pattern-sentence';

/** Which of the two markers are at or above their cut-offs. */
export type MarkerPattern = 'both' | 'fa-only' | 'f-only' | 'neither';

/** One marker against its cut-off, as fractions. */
export interface JudgedMarker {
  value: number;
  cutOff: number;
  /** Half-width of the grey zone (one repeatability coefficient). */
  greyZone: number;
  position: 'below' | 'at or above';
  inGreyZone: boolean;
}

/** What the rule says, ready to show. */
export interface PrognosisStatement {
  kind: 'statement';
  modelId: string;
  modelVersion: string;
  regionId: string;
  fa: JudgedMarker;
  f: JudgedMarker;
  pattern: MarkerPattern;
  likelihoodRatio: { value: number; low: number; high: number };
  sentence: string;
  statements: string[];
  warnings: string[];
}

/** Why the rule says nothing. */
export interface PrognosisAbstained {
  kind: 'abstained';
  modelId: string;
  modelVersion: string;
  reasons: string[];
  statements: string[];
}

/** Mean of a marker over the region, or why there is none. */
export type MarkerInput = { readonly mean: number } | { readonly missing: string };

export interface MarkersToJudge {
  readonly fa: MarkerInput;
  /** Perfusion fraction as a fraction: 0.095, not 9.5. */
  readonly f: MarkerInput;
  /** The region whose means these are. */
  readonly regionId: string;
  /** What is wrong with the measurement, in words; anything here makes the rule abstain. */
  readonly qualityProblems?: readonly string[] | undefined;
}

/**
 * Judges FA and f at the compressed level by {@link FA_F_RULE}, or abstains and says why: quality problems, a missing
 * marker, a value in another unit or outside the range the rule was built for.
 */
export function judgeMarkers(markers: MarkersToJudge): PrognosisStatement | PrognosisAbstained {
  const model = { modelId: FA_F_RULE.id, modelVersion: FA_F_RULE.version, statements: [...FIXED_STATEMENTS] };
  const reasons = [
    ...(markers.qualityProblems ?? []),
    ...reasonsAgainstMarkers(markers.fa, markers.f, {
      fa: FA_F_RULE.fa.validRange,
      f: FA_F_RULE.f.validRange,
    }),
  ];
  if (reasons.length > 0 || 'missing' in markers.fa || 'missing' in markers.f) {
    return { kind: 'abstained', ...model, reasons };
  }
  const fa = judge(markers.fa.mean, FA_F_RULE.fa);
  const f = judge(markers.f.mean, FA_F_RULE.f);
  const pattern = patternOf(fa, f);
  const likelihoodRatio = likelihoodRatioOf(pattern);
  return {
    kind: 'statement',
    ...model,
    regionId: markers.regionId,
    fa,
    f,
    pattern,
    likelihoodRatio: { ...likelihoodRatio },
    sentence: patternSentence(fa, f, pattern, likelihoodRatio),
    warnings: greyZoneWarning(fa, f),
  };
}

function judge(value: number, { cutOff, greyZone }: MarkerRule): JudgedMarker {
  return {
    value,
    cutOff,
    greyZone,
    position: value >= cutOff ? 'at or above' : 'below',
    inGreyZone: Math.abs(value - cutOff) <= greyZone,
  };
}

function patternOf(fa: JudgedMarker, f: JudgedMarker): MarkerPattern {
  if (fa.position === 'below') return f.position === 'below' ? 'neither' : 'f-only';
  return f.position === 'below' ? 'fa-only' : 'both';
}

function likelihoodRatioOf(pattern: MarkerPattern): LikelihoodRatio {
  const { both, neither, exactlyOne } = FA_F_RULE.likelihoodRatio;
  return pattern === 'both' ? both : pattern === 'neither' ? neither : exactlyOne;
}
