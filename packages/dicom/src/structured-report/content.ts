import { InputRefused, type Vector3 } from '@myelon/diffusion';
import type { Code } from '../codes/code';
import type { DiffusionModel, FittingMethod, ReportedQuantity, Statistic } from '../codes/quantities';
import type { Attributes } from '../write/attributes';
import { checkDocument, type ReportDocument } from './report-document';

/** Which model a quantity belongs to. */
export const MODEL_OF: Readonly<Record<ReportedQuantity, DiffusionModel>> = {
  fa: 'tensor',
  md: 'tensor',
  ad: 'tensor',
  rd: 'tensor',
  adc: 'mono-exponential',
  ivim_d: 'ivim',
  ivim_dstar: 'ivim',
  ivim_f: 'ivim',
};

/** How a model was used in this analysis. */
export interface ModelUse {
  readonly fitting: FittingMethod;
  /** b-values in s/mm2 that entered the fit, each once. */
  readonly bValues: readonly number[];
  readonly algorithmName: string;
  readonly algorithmVersion: string;
  /** "iterations: 2", "split b-value: 200 s/mm2" ... */
  readonly parameters: readonly string[];
}

/** Statistics of one quantity over one region, in the stored unit (mm2/s, fraction). */
export interface QuantityStatistics {
  readonly quantity: ReportedQuantity;
  /** Voxels used. */
  readonly n: number;
  readonly excluded: readonly { readonly reason: string; readonly n: number }[];
  readonly atBound: number;
  /** `null` where there is none (SD of one voxel). */
  readonly statistics: Readonly<Record<Statistic, number | null>>;
}

/** Why there is no value: the fit failed, was not asked for, or gave something not physical. */
export type MissingKind = 'calculation-failure' | 'not-attempted' | 'measurement-failure' | 'out-of-range';

export interface MissingQuantity {
  readonly quantity: ReportedQuantity;
  readonly missing: string;
  readonly kind: MissingKind;
}

/** One region of the cord: one segment of the SEG, one measurement group here. */
export interface ReportRegion {
  readonly id: string;
  readonly name: string;
  /** Both as in the segmentation. */
  readonly trackingIdentifier: string;
  readonly trackingUID: string;
  readonly segmentNumber: number;
  /** Centre of the region, LPS mm. */
  readonly centroid: Vector3;
  readonly volumeMm3: number;
  /** Vertebral or disc level, when the region is one. */
  readonly level?: Code;
  readonly quantities: readonly (QuantityStatistics | MissingQuantity)[];
  /** Size and shape of the cord, where they are known. */
  readonly shape?: CordShape;
}

/** Size and shape of the cord across its course: means over the slices of a region. */
export interface CordShape {
  readonly areaMm2: number;
  readonly apDiameterMm: number;
  readonly transverseDiameterMm: number;
  /** Front-back over left-right diameter. */
  readonly compressionRatio: number;
  /** Maximum spinal cord compression, a fraction; of the compression only. */
  readonly mscc?: number;
}

/** Mean and spread over the cord in one slice. */
export interface SliceQuantity {
  readonly quantity: ReportedQuantity;
  readonly n: number;
  readonly mean: number;
  /** `null` for a single voxel. */
  readonly sd: number | null;
}

/** The cord in one slice: one frame of the segmentation, one planar measurement group here. */
export interface ReportSlice {
  readonly name: string;
  readonly trackingUID: string;
  /** Frame of the segment of the whole cord in this slice, from 1. */
  readonly frameNumber: number;
  /** The image the frame was outlined on. */
  readonly sourceImage: Attributes;
  /** Centre of the cord in the slice, LPS mm. */
  readonly centroid: Vector3;
  readonly quantities: readonly SliceQuantity[];
}

/** A marker against its cut-off, in the stored unit. */
export interface MarkerJudgement {
  readonly value: number;
  readonly cutOff: number;
  readonly greyZone: number;
  readonly atOrAbove: boolean;
  readonly inGreyZone: boolean;
}

export type ReportPrognosis =
  | {
      readonly kind: 'statement';
      readonly modelId: string;
      readonly modelVersion: string;
      readonly regionId: string;
      readonly fa: MarkerJudgement;
      readonly f: MarkerJudgement;
      readonly likelihoodRatio: { readonly value: number; readonly low: number; readonly high: number };
      readonly sentence: string;
      readonly statements: readonly string[];
      readonly warnings: readonly string[];
    }
  | {
      readonly kind: 'abstained';
      readonly modelId: string;
      readonly modelVersion: string;
      readonly reasons: readonly string[];
      readonly statements: readonly string[];
    };

/** 95 % limits. */
export interface Band {
  readonly low: number;
  readonly high: number;
}

/** The continuous FA and f score; scores are natural logarithms of likelihood ratios. */
export type ReportScore =
  | {
      readonly kind: 'score';
      readonly modelId: string;
      readonly modelVersion: string;
      readonly score: number;
      /** Other studies of the same size. */
      readonly modelBand: Band;
      /** A second scan of the same patient. */
      readonly rescanBand: Band;
      /** Probability of good recovery at this site, as a fraction; or why there is none. */
      readonly probability:
        { readonly value: number; readonly modelBand: Band } | { readonly missing: string };
      /** What it says, in words. */
      readonly sentences: readonly string[];
      readonly statements: readonly string[];
    }
  | {
      readonly kind: 'abstained';
      readonly modelId: string;
      readonly modelVersion: string;
      readonly reasons: readonly string[];
      readonly statements: readonly string[];
    };

/** Everything a measurement report says; a view of the analysis record, in DICOM's terms. */
export interface MeasurementReportContent extends ReportDocument {
  /** The series the segmentation was made on, and its frame of reference. */
  readonly segmentedSeriesInstanceUID: string;
  readonly frameOfReferenceUID: string;
  readonly segmentation: { readonly sopInstanceUID: string; readonly seriesInstanceUID: string };
  readonly models: Readonly<Partial<Record<DiffusionModel, ModelUse>>>;
  readonly regions: readonly ReportRegion[];
  /**
   * Statistics of each quantity in this report; all of them unless said otherwise. A report of some goes with one of
   * all, which says how the models were fitted.
   */
  readonly statistics?: readonly Statistic[];
  /**
   * The cord slice by slice, instead of regions: templates 1410 and 1411 in one report are valid DICOM, but validators
   * (PixelMed) take every group for the wrong one of the two.
   */
  readonly slices?: readonly ReportSlice[];
  readonly prognosis: ReportPrognosis;
  /** The continuous score beside the statement. */
  readonly score?: ReportScore;
  /** What a reader should know ("3 slices left out: ..."). */
  readonly warnings: readonly string[];
  /** How the outline was made and how the fits went, line by line. */
  readonly quality?: readonly string[];
}

/** @throws InputRefused when the content contradicts itself or lacks what a report must have */
export function checkReport(content: MeasurementReportContent): void {
  const where = 'report';
  const { regions, sources, models, prognosis } = content;
  const slices = content.slices ?? [];
  if (regions.length + slices.length === 0)
    throw new InputRefused('no region', where, 'measure a region before saving');
  if (regions.length > 0 && slices.length > 0)
    throw new InputRefused('regions and slices in one report', where, 'write a report of each');
  checkDocument(content);
  if (!sources.some((series) => series.seriesInstanceUID === content.segmentedSeriesInstanceUID)) {
    throw new InputRefused('the outlined series is not among the sources', where, 'report this as a defect');
  }
  const identities = [...regions, ...slices].map(({ trackingUID }) => trackingUID);
  if (new Set(identities).size !== identities.length)
    throw new InputRefused('two regions share a tracking UID', where, 'make one UID per region');
  for (const { name, quantities } of regions) {
    for (const { quantity } of quantities) {
      if (!models[MODEL_OF[quantity]])
        throw new InputRefused(`${quantity} without the model it comes from`, `region "${name}"`, 'name it');
    }
  }
  if (prognosis.kind === 'statement' && !regions.some(({ id }) => id === prognosis.regionId))
    throw new InputRefused(
      'the judged region is not in the report',
      where,
      'report the region that was judged',
    );
  if (prognosis.kind === 'abstained' && prognosis.reasons.length === 0)
    throw new InputRefused('no statement and no reason', where, 'say why there is none');
}
