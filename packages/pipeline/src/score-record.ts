import { z } from 'zod';

const band = z.object({ low: z.number(), high: z.number() });

const whatIf = z.object({ id: z.enum(['without-f', 'other-fit', 'eroded']), what: z.string() });

const probability = z.object({
  /** Not rounded; people are shown the sentence. */
  probability: z.number(),
  modelBand: band,
  rescanBand: band,
  siteRate: z.object({ operated: z.number().int(), recovered: z.number().int() }),
  sentence: z.string(),
  rescanSentence: z.string(),
});

const model = {
  modelId: z.string(),
  modelVersion: z.string(),
  /** SHA-256 of the model file; null for the score that comes with the software. */
  modelHash: z.string().nullable(),
  statements: z.array(z.string()),
};

/** The continuous FA + f score of the compression. Scores and their bands are natural logarithms of likelihood ratios. */
export const scoreRecordSchema = z.union([
  z.object({
    kind: z.literal('score'),
    ...model,
    score: z.number(),
    /** 95 %: other studies of the same size. Never merged with the rescan band. */
    modelBand: band,
    /** 95 %: a second scan of the same patient. */
    rescanBand: band,
    /** Within-subject standard deviations, as fractions. */
    repeatability: z.object({ sdFa: z.number(), sdF: z.number(), source: z.string() }),
    /** What the score would have been. */
    sensitivity: z.array(
      z.union([whatIf.extend({ score: z.number() }), whatIf.extend({ missing: z.string() })]),
    ),
    probability: z.union([probability, z.object({ missing: z.string() })]),
    remarks: z.array(z.string()),
  }),
  z.object({ kind: z.literal('abstained'), ...model, reasons: z.array(z.string()) }),
]);

export type ScoreRecord = z.infer<typeof scoreRecordSchema>;
