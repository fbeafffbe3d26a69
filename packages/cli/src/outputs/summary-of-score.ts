import type { AnalysisRecord } from '@myelon/pipeline';
import { mjoaSeverity, recoveryRate } from '@myelon/prognosis';

/** The continuous score in a line or two; nothing where the statement has already said why there is none. */
export function summaryOfScore({ score, prognosis }: AnalysisRecord): string[] {
  if (!score) return [];
  if (score.kind === 'abstained')
    return prognosis.kind === 'abstained' ? [] : [`no continuous score: ${score.reasons.join('; ')}`];
  const ratio = (value: number) => String(Number(Math.exp(value).toPrecision(2)));
  const band = ({ low, high }: { low: number; high: number }) => `${ratio(low)} to ${ratio(high)}`;
  return [
    `experimental continuous score (${score.modelId} ${score.modelVersion}): likelihood ratio ${ratio(score.score)}; ` +
      `the formula alone ${band(score.modelBand)}, a second scan ${band(score.rescanBand)}`,
    ...('sentence' in score.probability
      ? [score.probability.sentence, score.probability.rescanSentence]
      : [`no probability: ${score.probability.missing}`]),
  ];
}

/** mJOA as entered, with severity and recovery rate where they are defined. */
export function summaryOfClinicalForm({ clinical }: AnalysisRecord): string[] {
  const pre = clinical?.pre?.score;
  const post = clinical?.post?.score;
  const points = ({ total, maximum }: { total: number; maximum: number }) =>
    `${String(total)} of ${String(maximum)}`;
  const severity = pre ? mjoaSeverity(pre) : null;
  const rate = pre && post ? recoveryRate(pre, post) : null;
  return [
    ...(pre ? [`mJOA before (${pre.version}): ${points(pre)}${severity ? `, ${severity}` : ''}`] : []),
    ...(post ? [`mJOA after (${post.version}): ${points(post)}`] : []),
    ...(rate?.kind === 'rate'
      ? [
          `recovery rate ${rate.percent.toFixed(0)} %, ${rate.changePoints >= 0 ? '+' : ''}${String(rate.changePoints)} points`,
        ]
      : rate
        ? [`no recovery rate: ${rate.why}`]
        : []),
  ];
}
