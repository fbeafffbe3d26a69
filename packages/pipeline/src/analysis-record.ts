import { clinicalFormSchema } from '@myelon/prognosis';
import { z } from 'zod';
import { levelsRecordSchema, morphometryRecordSchema } from './morphometry-record';
import { scoreRecordSchema } from './score-record';

/**
 * Everything one analysis found, with where it came from: JSON with a versioned schema. SR, CSV, PDF and the panel
 * are views of it. A missing value always carries its reason.
 */
export const ANALYSIS_RECORD_VERSION = '1.0';

const quantityId = z.enum([
  'fa', 'md', 'ad', 'rd', 's0', 'adc', 'ivim_d', 'ivim_dstar', 'ivim_f', 'ivim_s0',
]); // prettier-ignore

const count = z.number().int().nonnegative();

/** What the noise of the images makes of the mean of a region. */
const uncertainty = z.object({
  /** Standard error of the mean, in the unit of the quantity. */
  standardError: z.number(),
  /** By how much noise is expected to have raised the mean (FA: upwards). */
  bias: z.number(),
  /** 95 % interval of the mean, corrected for the bias. */
  interval: z.tuple([z.number(), z.number()]),
  method: z.string(),
});

/** Statistics of one quantity over one region. Values in the stored unit (mm2/s, fraction, signal). */
const regionStatistics = z.object({
  quantity: quantityId,
  unit: z.enum(['1', 'mm2/s', 'signal']),
  method: z.string(),
  /** Voxels used. */
  n: count,
  mean: z.number(),
  /** Sample standard deviation (n - 1) over voxels; null when n < 2. */
  sd: z.number().nullable(),
  /** Standard error of the mean from the spread of voxels: sd / sqrt(n); null when n < 2. */
  standardError: z.number().nullable(),
  median: z.number(),
  p5: z.number(),
  p25: z.number(),
  p75: z.number(),
  p95: z.number(),
  min: z.number(),
  max: z.number(),
  /** Voxels of the region left out, by reason. */
  excluded: z.array(z.object({ reason: z.string(), n: count })),
  /** Voxels that carry a value at a bound of the fit; they are counted in n. */
  atBound: count,
  /** By the noise of the images; absent when the fit was not asked for details. */
  uncertainty: uncertainty.optional(),
});

/** A quantity that could not be given for a region. */
const missingStatistics = z.object({ quantity: quantityId, missing: z.string() });

const region = z.object({
  id: z.string(),
  /** What a person calls it: "Whole cord", "Slice 7", "Compression". */
  name: z.string(),
  kind: z.enum(['whole-cord', 'slice', 'compression', 'level', 'reference']),
  /** Slices of the outline's grid, from 0. */
  slices: z.array(count),
  voxels: count,
  volumeMm3: z.number(),
  /** Voxels of the outline in these slices that the measuring rule leaves out. */
  droppedVoxels: count.optional(),
  statistics: z.array(z.union([regionStatistics, missingStatistics])),
});

const input = z.object({
  role: z.enum(['tensor', 'ivim', 'tensor+ivim']),
  name: z.string(),
  source: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('dicom'),
      studyInstanceUID: z.string(),
      seriesInstanceUIDs: z.array(z.string()),
      instances: count,
    }),
    z.object({ kind: z.literal('nifti'), file: z.string(), sha256: z.string() }),
  ]),
  columns: count,
  rows: count,
  slices: count,
  spacingMm: z.tuple([z.number(), z.number(), z.number()]),
  bValues: z.array(z.number()),
  /** Directions in LPS, one triple per volume. */
  directions: z.array(z.tuple([z.number(), z.number(), z.number()])),
  /** What was left out of the series, and why. */
  leftOut: z.array(z.object({ what: z.string(), why: z.string() })),
  warnings: z.array(z.string()),
});

/** A normal distribution. */
const normalSpread = z.object({ mean: z.number(), sd: z.number() });

/** What a fit says of itself besides its maps. */
const fitQuality = {
  /** What computed it: kernels with version and precision, or the reference; absent in records of earlier versions. */
  engine: z.string().optional(),
  /** Fitted voxels at a bound of the fit, by quantity. */
  atBoundVoxels: z.partialRecord(quantityId, count).optional(),
  /** Standard deviation of the noise of each slice, signal units; null where it is not known. */
  noise: z.array(z.number().nullable()).optional(),
  noiseMethod: z.string().optional(),
};

/** How good the images of one series are, and what was done to them before the fit. */
const seriesQuality = z.object({
  /** Name of the input. */
  input: z.string(),
  /** Noise and SNR of the unweighted images as they came, in the cord, slice by slice; or why they are not known. */
  signalToNoise: z.union([
    z.object({
      noise: z.array(z.number().nullable()),
      ratio: z.array(z.number().nullable()),
      method: z.string(),
    }),
    z.object({ missing: z.string() }),
  ]),
  /** Every step in order, done or not, and why. */
  preparation: z.array(
    z.object({
      step: z.enum(['denoise', 'unring', 'rician', 'motion', 'outliers']),
      done: z.boolean(),
      why: z.string(),
      method: z.string().nullable(),
      findings: z.record(z.string(), z.number()),
    }),
  ),
  /** In-plane shifts found, mm, `[volume][slice]`, along columns and rows. */
  shiftsMm: z
    .object({ columns: z.array(z.array(z.number())), rows: z.array(z.array(z.number())) })
    .optional(),
  /** Slices whose signal does not belong to the others; gain is their signal over what was expected. */
  outlierSlices: z.array(z.object({ volume: count, slice: count, gain: z.number() })),
});

const marker = z.object({
  value: z.number(),
  cutOff: z.number(),
  /** Half-width of the grey zone (one repeatability coefficient). */
  greyZone: z.number(),
  position: z.enum(['below', 'at or above']),
  inGreyZone: z.boolean(),
});

const prognosis = z.union([
  z.object({
    kind: z.literal('statement'),
    modelId: z.string(),
    modelVersion: z.string(),
    /** Region whose means are judged. */
    regionId: z.string(),
    fa: marker,
    f: marker,
    pattern: z.enum(['both', 'fa-only', 'f-only', 'neither']),
    likelihoodRatio: z.object({ value: z.number(), low: z.number(), high: z.number() }),
    /** The 2 x 2 sentence, ready to show. */
    sentence: z.string(),
    /** The fixed statements that go wherever the score goes. */
    statements: z.array(z.string()),
    warnings: z.array(z.string()),
  }),
  z.object({
    kind: z.literal('abstained'),
    modelId: z.string(),
    modelVersion: z.string(),
    reasons: z.array(z.string()),
    statements: z.array(z.string()),
  }),
]);

export const analysisRecordSchema = z.object({
  schema: z.literal('myelon-analysis-record'),
  version: z.literal(ANALYSIS_RECORD_VERSION),
  id: z.string(),
  /** ISO 8601 with offset. */
  createdAt: z.string(),
  software: z.object({ name: z.literal('Myelon'), version: z.string() }),
  inputs: z.array(input),
  /** One per input. */
  quality: z.array(seriesQuality).optional(),
  tensor: z
    .object({
      method: z.string(),
      iterations: count,
      volumes: z.array(count),
      fittedVoxels: count,
      failedVoxels: count,
      /** The shells that entered, and whether by rule or by choice. */
      shells: z.string().optional(),
      ...fitQuality,
    })
    .nullable(),
  ivim: z
    .object({
      method: z.string(),
      /** b-value in s/mm2 from which the signal is taken as free of perfusion. */
      splitBValue: z.number(),
      volumes: z.array(count),
      directions: z.string(),
      convention: z.string(),
      fittedVoxels: count,
      failedVoxels: count,
      /** Quantities these images cannot tell, and why. */
      refused: z.array(z.object({ quantity: quantityId, why: z.string() })).optional(),
      /** Bayesian, prior learned from each slice: mean and SD of logit f, ln D and ln D* (mm2/s), and from how many voxels. */
      learnedPriors: z
        .array(
          z
            .object({ logitF: normalSpread, lnD: normalSpread, lnDStar: normalSpread, voxels: count })
            .nullable(),
        )
        .optional(),
      ...fitQuality,
    })
    .nullable(),
  cord: z.object({
    method: z.enum(['automatic', 'edited', 'manual', 'imported']),
    /** Which voxels of the outline are measured ("all voxels of the outline", "voxels wholly inside"). */
    measuringRule: z.string(),
    slices: z.array(count),
    /** Slices an automatic outline was unsure of, with the reason. */
    slicesToCheck: z.array(z.object({ slice: count, why: z.string() })),
    voxels: count,
    volumeMm3: z.number(),
    /** Voxels of the outline that the measuring rule keeps, and those it drops (cord mixed with fluid). */
    measuredVoxels: count.optional(),
    droppedVoxels: count.optional(),
    /** The choice behind the rule: wholly inside, so far inside, or every voxel. */
    measuring: z
      .object({
        kind: z.enum(['inside', 'erosion', 'none']),
        erosionMm: z.number().nullable(),
        byDefault: z.boolean(),
      })
      .optional(),
    /** How far inside the edge of the image the contours were drawn by choice, mm. */
    offsetMm: z.number().optional(),
    /** Drawn on another image and carried over: its name, and how each slice was moved to fit. */
    carriedFrom: z
      .object({
        image: z.string(),
        shifts: z.array(z.object({ slice: count, leftMm: z.number(), backMm: z.number(), fit: z.number() })),
      })
      .optional(),
  }),
  /** Size and shape of the cord; absent in records of versions that gave none. */
  morphometry: morphometryRecordSchema.optional(),
  /** Absent when nobody named a disc. */
  levels: levelsRecordSchema.optional(),
  /** Slices taken as the level of maximal compression; empty when the reader has named none. */
  compressionSlices: z.array(count),
  regions: z.array(region),
  /** One region per named vertebral level, and a normal level above the compression (else below) to compare with. */
  levelRegions: z.array(region).optional(),
  prognosis,
  /** The continuous score; absent in records of versions that gave none. */
  score: scoreRecordSchema.optional(),
  /** mJOA and what else was entered of the patient; absent when nothing was. */
  clinical: clinicalFormSchema.optional(),
  warnings: z.array(z.string()),
});

export type AnalysisRecord = z.infer<typeof analysisRecordSchema>;
export type RegionRecord = z.infer<typeof region>;
export type RegionStatistics = z.infer<typeof regionStatistics>;
export type MissingStatistics = z.infer<typeof missingStatistics>;
export type PrognosisRecord = z.infer<typeof prognosis>;
export type SeriesQuality = z.infer<typeof seriesQuality>;
export type InputRecord = z.infer<typeof input>;
