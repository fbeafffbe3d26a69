import { InputRefused } from '@myelon/diffusion';
import { z } from 'zod';
import { MJOA_VERSIONS } from '../mjoa';

/** What sites and coordinator send each other: JSON that a person can read before it leaves. */
const numbers = z.array(z.number());
const square = z.array(numbers);
const count = z.number().int().nonnegative();

const study = {
  schemaVersion: z.literal('1.0'),
  /** Name of the joint analysis, the same in all files. */
  study: z.string().min(1),
};

/** Version of mJOA the outcome is counted on; null where it is not by mJOA. */
const mjoaVersion = z.enum(MJOA_VERSIONS).nullable();

const predictor = z.object({ name: z.string().min(1), unit: z.string() });

const accepted = z.object({
  coefficients: numbers,
  objective: z.number(),
  decrement: z.number(),
  step: numbers,
  information: square,
});

/** From the coordinator to every site: "send your sums at these coefficients". Holds nothing of any patient. */
export const fitRequestSchema = z.object({
  schema: z.literal('myelon-federated-fit-request'),
  ...study,
  round: z.number().int().positive(),
  penalty: z.enum(['none', 'firth']),
  outcome: z.string().min(1),
  mjoaVersion,
  predictors: z.array(predictor),
  /** Intercept first, then one per predictor. */
  coefficients: numbers,
  /** Where the last good step led, and what share of the next step is being tried. Null in the first round. */
  search: z.object({ accepted, stepLength: z.number() }).nullable(),
  /** Sites of the first round; empty before it. All must answer in every round. */
  sites: z.array(z.object({ site: z.string(), patients: count, events: count })),
});

/** From one site back: sums over all of its patients, never a row. */
export const fitAnswerSchema = z.object({
  schema: z.literal('myelon-federated-fit-answer'),
  ...study,
  round: z.number().int().positive(),
  site: z.string().min(1),
  predictors: z.array(predictor),
  coefficients: numbers,
  disclosureRule: z.string(),
  sums: z.object({
    n: count,
    events: count,
    logLikelihood: z.number(),
    score: numbers,
    information: square,
    informationSlope: z.array(square),
  }),
});

/** What the rounds lead to. */
export const fitResultSchema = z.object({
  schema: z.literal('myelon-federated-fit-result'),
  ...study,
  rounds: count,
  penalty: z.enum(['none', 'firth']),
  outcome: z.string(),
  mjoaVersion,
  predictors: z.array(predictor),
  coefficients: numbers,
  covariance: square,
  objective: z.number(),
  sites: z.array(z.object({ site: z.string(), patients: count, events: count })),
});

/** From the coordinator: "count your outcomes by predicted probability". */
export const evaluationRequestSchema = z.object({
  schema: z.literal('myelon-federated-evaluation-request'),
  ...study,
  outcome: z.string(),
  mjoaVersion,
  predictors: z.array(predictor),
  coefficients: numbers,
  /** Edges of the bins of predicted probability, ascending, from 0 to 1. */
  edges: numbers,
});

const cell = z.object({ from: z.number(), to: z.number(), patients: count });

/** From one site: counts per bin of predicted probability. */
export const evaluationAnswerSchema = z.object({
  schema: z.literal('myelon-federated-evaluation-answer'),
  ...study,
  site: z.string().min(1),
  disclosureRule: z.string(),
  /**
   * Bins of predicted probability with at least 5 patients of each outcome, and inside each the patients of one outcome in
   * cells of at least 5. Cells fill their bin, so nothing smaller follows by subtraction.
   */
  bins: z.array(
    z.object({
      from: z.number(),
      to: z.number(),
      sumPredicted: z.number(),
      good: z.array(cell),
      poor: z.array(cell),
    }),
  ),
  /** Pairs of a good and a poor outcome at this site, and in how many the good one has the higher prediction; ties half. */
  pairs: count,
  concordant: z.number(),
  sumSquaredError: z.number(),
});

export type FitRequest = z.infer<typeof fitRequestSchema>;
export type FitAnswer = z.infer<typeof fitAnswerSchema>;
export type FitResult = z.infer<typeof fitResultSchema>;
export type EvaluationRequest = z.infer<typeof evaluationRequestSchema>;
export type EvaluationAnswer = z.infer<typeof evaluationAnswerSchema>;

/**
 * A file of the exchange, checked.
 * @throws InputRefused when it is another kind of file or damaged
 */
export function readExchangeFile<Schema extends z.ZodType>(
  schema: Schema,
  json: string,
  where: string,
): z.infer<Schema> {
  const whatToDo = 'use the file the other side sent in this round';
  let raw: unknown;
  try {
    raw = JSON.parse(json);
  } catch {
    throw new InputRefused('not JSON', where, whatToDo);
  }
  const parsed = schema.safeParse(raw);
  if (!parsed.success) throw new InputRefused(z.prettifyError(parsed.error), where, whatToDo);
  return parsed.data;
}
