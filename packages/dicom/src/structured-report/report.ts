import type { Vector3 } from '@myelon/diffusion';
import type { ClinicalForm } from '@myelon/prognosis';
import type { Code } from '../codes/code';
import type { ReportedQuantity, Statistic } from '../codes/quantities';
import type { CordShape, MarkerJudgement, ReportScore } from './content';

/** What a report says of itself. */
export interface ReadDocument {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
  readonly sopClassUID: string;
  /** True when Myelon wrote it. */
  readonly byMyelon: boolean;
  /** ISO 8601; with offset when the report says one. Null when it has no date. */
  readonly createdAt: string | null;
  readonly state: {
    readonly complete: boolean;
    readonly preliminary: boolean;
    readonly verified: boolean;
    readonly verifiedBy?: string;
  };
  readonly device: {
    readonly manufacturer?: string;
    readonly modelName?: string;
    readonly serialNumber?: string;
    readonly softwareVersion?: string;
    readonly uid?: string;
    readonly name?: string;
  };
  /** Person who made it, as "Family^Given". */
  readonly reader?: string;
  /** The document it takes the place of. */
  readonly predecessor?: { readonly sopInstanceUID: string };
}

/** A measurement report as read: Myelon's own, or another's as far as it is understood. */
export interface MeasurementReport extends ReadDocument {
  readonly segmentation?: { readonly sopInstanceUID: string };
  readonly regions: readonly ReadRegion[];
  /** Null when the report says nothing about recovery. */
  readonly prognosis: ReadPrognosis | null;
  /** The continuous score; null when the report holds none. */
  readonly score: ReportScore | null;
  readonly conclusions: readonly string[];
  readonly warnings: readonly string[];
  readonly quality: readonly string[];
}

/** The mJOA and what else was entered of the patient, as read from its report. */
export interface MjoaReport extends ReadDocument {
  readonly clinical: ClinicalForm;
}

export interface ReadRegion {
  readonly name: string;
  readonly trackingUID?: string;
  readonly segmentNumber?: number;
  /** LPS mm. */
  readonly centroid?: Vector3;
  readonly volumeMm3?: number;
  /** Vertebral or disc level. */
  readonly level?: Code;
  readonly shape?: CordShape;
  readonly quantities: readonly (ReadQuantity | ReadMissing)[];
  /** Numbers of concepts Myelon does not know, as they stand. */
  readonly otherNumbers: readonly { readonly name: string; readonly value: number; readonly unit: string }[];
}

/** Statistics in the stored unit (mm2/s, fraction). */
export interface ReadQuantity {
  readonly quantity: ReportedQuantity;
  readonly statistics: Readonly<Partial<Record<Statistic, number>>>;
  readonly n?: number;
  readonly atBound?: number;
  readonly excluded: readonly { readonly reason: string; readonly n: number }[];
  /** Meaning of the model's code ("Single diffusion tensor model"). */
  readonly model?: string;
  readonly fitting?: string;
  /** s/mm2. */
  readonly bValues: readonly number[];
  readonly algorithm?: { readonly name: string; readonly version?: string };
  readonly parameters: readonly string[];
}

export interface ReadMissing {
  readonly quantity: ReportedQuantity;
  readonly missing: string;
}

export type ReadPrognosis =
  | {
      readonly kind: 'statement';
      readonly modelId: string;
      readonly modelVersion: string;
      /** Name of the judged region. */
      readonly region: string;
      readonly fa: MarkerJudgement;
      readonly f: MarkerJudgement;
      readonly likelihoodRatio: { readonly value: number; readonly low: number; readonly high: number };
      readonly sentence: string;
      readonly statements: readonly string[];
    }
  | {
      readonly kind: 'abstained';
      readonly modelId: string;
      readonly modelVersion: string;
      readonly reasons: readonly string[];
      readonly statements: readonly string[];
    };
