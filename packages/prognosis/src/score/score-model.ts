/** A score as intercept and slopes: the natural logarithm of a likelihood ratio. */
export interface LinearScore {
  readonly intercept: number;
  /** Per unit of FA. */
  readonly fa: number;
  /** Per point of per cent of f. */
  readonly fPercent: number;
}

/** Whether the score has been checked against, or refitted to, outcomes of the site that uses it. */
export type Calibration =
  | { readonly kind: 'not calibrated' }
  | { readonly kind: 'calibrated'; readonly patients: number; readonly date: string; readonly site: string };

/** How FA and f must have been measured for the score to speak about them. */
export interface ScoreMeasurement {
  /** Beginnings of the method's name in the record, any of them. */
  readonly tensorMethods: readonly string[];
  readonly ivimMethods: readonly string[];
  /** b-values each fit must have used, s/mm2, ascending; null: any. */
  readonly tensorBValues: readonly number[] | null;
  readonly ivimBValues: readonly number[] | null;
  /** Rule by which voxels of the outline were measured; null: any. */
  readonly measuringRule: string | null;
}

/** A continuous score of FA and f, whatever it was made from. */
export interface ScoreModel {
  readonly id: string;
  readonly version: string;
  /** SHA-256 of the model file; null for the score that comes with the software. */
  readonly hash: string | null;
  readonly formula: LinearScore;
  /** The score on FA alone; null when the model has none. Its slope of f is 0. */
  readonly withoutF: LinearScore | null;
  /** The formula as other studies of the same size would have given it. */
  readonly draws: () => readonly LinearScore[];
  /** Range of each marker the score was built for, as fractions. */
  readonly validRange: { readonly fa: readonly [number, number]; readonly f: readonly [number, number] };
  readonly measurement: ScoreMeasurement;
  readonly calibration: Calibration;
  /** What a reader of any score of this model should know, besides the fixed statements. */
  readonly remarks: readonly string[];
}

/** The score at FA and f, both as fractions. */
export function scoreAt({ intercept, fa, fPercent }: LinearScore, faValue: number, fValue: number): number {
  return intercept + fa * faValue + fPercent * 100 * fValue;
}
