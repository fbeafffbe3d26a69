import type { ReportScore } from '@myelon/dicom';
import type { AnalysisRecord } from '../analysis-record';

/** The continuous score as the report says it; undefined in records without one. */
export function reportScore({ score }: AnalysisRecord): ReportScore | undefined {
  if (!score) return undefined;
  const { modelId, modelVersion, statements } = score;
  if (score.kind === 'abstained')
    return { kind: 'abstained', modelId, modelVersion, statements, reasons: score.reasons };
  const { probability, modelBand, rescanBand, remarks } = score;
  const told =
    'missing' in probability
      ? { probability, sentences: remarks }
      : {
          probability: { value: probability.probability, modelBand: probability.modelBand },
          sentences: [probability.sentence, probability.rescanSentence, ...remarks],
        };
  return {
    kind: 'score',
    modelId,
    modelVersion,
    score: score.score,
    modelBand,
    rescanBand,
    statements,
    ...told,
  };
}
