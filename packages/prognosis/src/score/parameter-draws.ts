import { noiseSource, type NoiseSource } from '@myelon/diffusion';
import { deriveWeights, type DerivedWeights } from './derive-weights';
import { ASSUMPTIONS, PUBLISHED_STUDY } from './published-study';
import type { LinearScore } from './score-model';

/** The six numbers the score is made of; f in points of per cent. */
export interface ScoreParameters {
  readonly weightFa: number;
  readonly weightF: number;
  readonly centreFa: number;
  readonly centreFPercent: number;
  readonly sdFa: number;
  readonly sdFPercent: number;
}

/** S = w_FA (FA - m_FA) / s_FA + w_f (f - m_f) / s_f as intercept and slopes. */
export function linearScore(p: ScoreParameters): LinearScore {
  const fa = p.weightFa / p.sdFa;
  const fPercent = p.weightF / p.sdFPercent;
  return { intercept: -(fa * p.centreFa + fPercent * p.centreFPercent), fa, fPercent };
}

/** Patient of a drawn cohort: markers in within-class standard deviations from the cut-offs. */
interface DrawnPatient {
  readonly recovered: boolean;
  readonly fa: number;
  readonly f: number;
}

/**
 * Draws of the parameters as studies of the same size would have given them: each draw invents a cohort of 105
 * patients from the derived model, takes its three areas under the curve and its two Youden cut-offs, and derives the
 * weights again; the two assumed standard deviations spread log-normally.
 *
 * @param truth the model to draw cohorts from
 * @param seed the same seed gives the same draws everywhere
 */
export function drawParameters(truth: DerivedWeights, count: number, seed: number): ScoreParameters[] {
  const noise = noiseSource(seed);
  return Array.from({ length: count }, () => drawOnce(truth, noise));
}

function drawOnce(truth: DerivedWeights, noise: NoiseSource): ScoreParameters {
  const cohort = drawCohort(truth, noise);
  const [byFa, byF] = [cohort.map(({ fa }) => fa), cohort.map(({ f }) => f)];
  const recovered = cohort.map((patient) => patient.recovered);
  const fa = rocSummary(byFa, recovered);
  const f = rocSummary(byF, recovered);
  const combined = rocSummary(bestSum(cohort), recovered);
  const inside = (auc: number) => Math.min(1 - 1e-6, Math.max(0.5, auc));
  const { weightFa, weightF } = deriveWeights({
    aucFa: inside(fa.auc),
    aucF: inside(f.auc),
    aucCombined: inside(combined.auc),
  });
  const { sdFa, sdFPercent, spreadOfSdFa, spreadOfSdF } = ASSUMPTIONS;
  return {
    weightFa,
    weightF,
    centreFa: PUBLISHED_STUDY.cutOffFa + sdFa.value * fa.youdenCut,
    centreFPercent: PUBLISHED_STUDY.cutOffFPercent + sdFPercent.value * f.youdenCut,
    sdFa: sdFa.value * Math.exp(spreadOfSdFa.value * noise.normal()),
    sdFPercent: sdFPercent.value * Math.exp(spreadOfSdF.value * noise.normal()),
  };
}

function drawCohort(truth: DerivedWeights, noise: NoiseSource): DrawnPatient[] {
  const { distanceFa, distanceF, correlation } = truth;
  const own = Math.sqrt(1 - correlation ** 2);
  return Array.from({ length: PUBLISHED_STUDY.patients }, () => {
    const recovered = noise.uniform() < ASSUMPTIONS.shareRecovered.value;
    const side = recovered ? 0.5 : -0.5;
    const common = noise.normal();
    return {
      recovered,
      fa: side * distanceFa + common,
      f: side * distanceF + correlation * common + own * noise.normal(),
    };
  });
}

/**
 * Area under the ROC curve and the Youden cut-off, half-way between neighbouring values; the middle of several that are
 * equally good. Drawn values are never equal.
 */
function rocSummary(
  values: readonly number[],
  recovered: readonly boolean[],
): { auc: number; youdenCut: number } {
  const order = values.map((_, i) => i).sort((p, q) => (values[p] ?? 0) - (values[q] ?? 0));
  const good = recovered.filter((yes) => yes).length;
  const poor = recovered.length - good;
  let [poorBelow, goodBelow, pairs, best, lowest, highest] = [0, 0, 0, 0, 0, 0];
  order.forEach((patient, rank) => {
    if (recovered[patient]) {
      goodBelow++;
      pairs += poorBelow;
    } else poorBelow++;
    const youden = poorBelow / poor - goodBelow / good;
    if (youden < best - 1e-12) return;
    const here = values[patient] ?? 0;
    highest = (here + (values[order[rank + 1] ?? patient] ?? here)) / 2;
    if (youden > best + 1e-12) lowest = highest;
    best = Math.max(best, youden);
  });
  return { auc: pairs / (good * poor), youdenCut: (lowest + highest) / 2 };
}

/** Fisher's discriminant: the linear sum of the two markers that parts the cohort best. */
function bestSum(cohort: readonly DrawnPatient[]): number[] {
  const classes = [true, false].map((yes) => cohort.filter(({ recovered }) => recovered === yes));
  const mean = (of: readonly DrawnPatient[], marker: 'fa' | 'f') =>
    of.reduce((sum, patient) => sum + patient[marker], 0) / of.length;
  let [s11, s12, s22] = [0, 0, 0];
  for (const group of classes) {
    const [m1, m2] = [mean(group, 'fa'), mean(group, 'f')];
    for (const { fa, f } of group) {
      s11 += (fa - m1) ** 2;
      s12 += (fa - m1) * (f - m2);
      s22 += (f - m2) ** 2;
    }
  }
  const [good = [], poor = []] = classes;
  const [d1, d2] = [mean(good, 'fa') - mean(poor, 'fa'), mean(good, 'f') - mean(poor, 'f')];
  const [w1, w2] = [s22 * d1 - s12 * d2, s11 * d2 - s12 * d1];
  return cohort.map(({ fa, f }) => w1 * fa + w2 * f);
}
