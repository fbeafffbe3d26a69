import { z } from 'zod';

const count = z.number().int().nonnegative();
const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${String(2 * bytes)}}$`));
const row = z.tuple([z.number(), z.number(), z.number()]);
const range = z.tuple([z.number(), z.number()]);

/** Coefficients of logit P = intercept + fa FA + fPercent f, f in points of per cent. */
const coefficients = z.object({ intercept: z.number(), fa: z.number(), fPercent: z.number() });

/** How much of the earlier model was changed. */
export const MODEL_UPDATES = ['original', 'intercept', 'intercept_slope', 'refit'] as const;

const test = z.object({ chisq: z.number(), df: count, p: z.number() });

/** Everything a score model of a site is, without hash and signature. */
const content = z.object({
  schema: z.literal('myelon-score-model'),
  schemaVersion: z.literal('1.0'),
  id: z.string().min(1),
  version: z.string().min(1),
  /** ISO 8601. */
  createdAt: z.iso.datetime({ offset: true }),
  software: z.object({ name: z.literal('Myelon'), version: z.string() }),
  site: z.string().min(1),
  /** The model this one updates, and the hash of its file: going back is installing that file again. */
  basedOn: z.object({ id: z.string(), version: z.string(), hash: hex(32).nullable() }),
  update: z.enum(MODEL_UPDATES),
  /** Why this update, in words. */
  because: z.string(),
  coefficients,
  /** Share of good recoveries the coefficients are calibrated to; at it the probability is the model's own. */
  shareRecovered: z.number().gt(0).lt(1),
  /** Covariance of the coefficients: intercept, FA, f. */
  covariance: z.tuple([row, row, row]),
  /** The same on FA alone; null when there is none. */
  withoutF: coefficients.nullable(),
  validRange: z.object({ fa: range, f: range }),
  /** How FA and f of the cohort were measured; the model speaks of nothing else. */
  measurement: z.object({
    tensorMethods: z.array(z.string()),
    ivimMethods: z.array(z.string()),
    tensorBValues: z.array(z.number()).nullable(),
    ivimBValues: z.array(z.number()).nullable(),
    measuringRule: z.string().nullable(),
  }),
  cohort: z.object({
    patients: count,
    good: count,
    poor: count,
    /** First and last operation, as the site says; null when not known. */
    from: z.iso.date().nullable(),
    to: z.iso.date().nullable(),
    outcome: z.string(),
    mjoaVersion: z.enum(['mjoa-18', 'mjoa-17', 'joa-17']),
    source: z.string(),
  }),
  closedTest: z.object({
    refitAgainst: z.object({ original: test, intercept: test, intercept_slope: test }),
    selected: z.enum(MODEL_UPDATES),
  }),
  performance: z.object({
    /** On the cohort itself, with DeLong's 95 % interval. */
    auc: z.number(),
    aucInterval: range.nullable(),
    /** Corrected for optimism by bootstrap, and left one out; null where nothing was fitted. */
    aucCorrected: z.number().nullable(),
    slopeCorrected: z.number().nullable(),
    aucLeaveOneOut: z.number().nullable(),
    brier: z.number(),
    /** Of the model it is based on, before the update. */
    calibrationBefore: z.object({
      intercept: z.number(),
      interceptSe: z.number(),
      slope: z.number(),
      slopeSe: z.number(),
    }),
  }),
  remarks: z.array(z.string()),
});

export const modelFileSchema = content.extend({
  /** SHA-256 of the canonical JSON of everything but hash and signature. */
  hash: hex(32),
  signature: z.object({ algorithm: z.literal('Ed25519'), publicKey: hex(32), value: hex(64) }),
});

export type ModelContent = z.infer<typeof content>;
export type ModelFile = z.infer<typeof modelFileSchema>;
export type ModelCoefficients = z.infer<typeof coefficients>;
