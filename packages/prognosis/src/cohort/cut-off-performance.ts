import { proportion, type Proportion } from './proportion';

export interface CutOffPerformance {
  readonly truePositive: number;
  readonly falsePositive: number;
  readonly falseNegative: number;
  readonly trueNegative: number;
  readonly sensitivity: Proportion;
  readonly specificity: Proportion;
  readonly positivePredictiveValue: Proportion;
  readonly negativePredictiveValue: Proportion;
  /** Likelihood ratios; null when they are not finite. */
  readonly likelihoodRatioPositive: number | null;
  readonly likelihoodRatioNegative: number | null;
  readonly accuracy: number | null;
}

/** How a rule fixed beforehand performs (Altman and Bland, BMJ 1994;308:1552 and 309:102). */
export function cutOffPerformance(
  positive: (patient: number) => boolean,
  good: ArrayLike<number>,
): CutOffPerformance {
  let [tp, fp, fn, tn] = [0, 0, 0, 0];
  for (let i = 0; i < good.length; i++) {
    const [isPositive, isGood] = [positive(i), good[i] === 1];
    if (isPositive && isGood) tp++;
    else if (isPositive) fp++;
    else if (isGood) fn++;
    else tn++;
  }
  const finite = (x: number) => (Number.isFinite(x) ? x : null);
  const sensitivity = tp / (tp + fn);
  const specificity = tn / (tn + fp);
  return {
    truePositive: tp,
    falsePositive: fp,
    falseNegative: fn,
    trueNegative: tn,
    sensitivity: proportion(tp, tp + fn),
    specificity: proportion(tn, tn + fp),
    positivePredictiveValue: proportion(tp, tp + fp),
    negativePredictiveValue: proportion(tn, tn + fn),
    likelihoodRatioPositive: finite(sensitivity / (1 - specificity)),
    likelihoodRatioNegative: finite((1 - sensitivity) / specificity),
    accuracy: finite((tp + tn) / good.length),
  };
}
