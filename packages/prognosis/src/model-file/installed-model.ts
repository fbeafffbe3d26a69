import { noiseSource } from '@myelon/diffusion';
import { cholesky } from '../logistic';
import { DERIVED_SCORE } from '../score/derived-score';
import { ASSUMPTIONS } from '../score/published-study';
import type { LinearScore, ScoreModel } from '../score/score-model';
import type { ModelFile } from './model-file';
import type { ModelBefore } from './recalibrate';

const DRAWS = 1000;
const SEED = 29;

/**
 * A model file as the score it stands for: the logarithm of the likelihood ratio, that is its logit without that of the
 * share of good recoveries it was made at. At that share the probability is the model's own.
 */
export function scoreModelOf(file: ModelFile): ScoreModel {
  const { patients, to } = file.cohort;
  const prior = logit(file.shareRecovered);
  const asScore = ({ intercept, ...slopes }: LinearScore): LinearScore => ({
    intercept: intercept - prior,
    ...slopes,
  });
  const formula = asScore(file.coefficients);
  let draws: readonly LinearScore[] | null = null;
  return {
    id: file.id,
    version: file.version,
    hash: file.hash,
    formula,
    withoutF: file.withoutF && asScore(file.withoutF),
    draws: () => (draws ??= drawsAround(formula, file.covariance)),
    validRange: file.validRange,
    measurement: file.measurement,
    calibration: { kind: 'calibrated', patients, date: to ?? file.createdAt.slice(0, 10), site: file.site },
    remarks: file.remarks,
  };
}

/** The score that comes with the software, as a logistic model at the share its derivation assumes. */
export const DERIVED_BEFORE: ModelBefore = beforeOf(DERIVED_SCORE, ASSUMPTIONS.shareRecovered.value);

/** An installed model as the starting point of the next one. */
export function modelBefore(file: ModelFile): ModelBefore {
  return beforeOf(scoreModelOf(file), file.shareRecovered);
}

function beforeOf(score: ScoreModel, shareRecovered: number): ModelBefore {
  const prior = logit(shareRecovered);
  const asLogit = ({ intercept, ...slopes }: LinearScore): LinearScore => ({
    intercept: intercept + prior,
    ...slopes,
  });
  return {
    coefficients: asLogit(score.formula),
    shareRecovered,
    withoutF: score.withoutF && asLogit(score.withoutF),
    draws: () => score.draws(),
  };
}

function logit(share: number): number {
  return Math.log(share / (1 - share));
}

/** Multivariate normal around the coefficients. */
function drawsAround(centre: LinearScore, covariance: readonly (readonly number[])[]): LinearScore[] {
  const lower = cholesky(covariance)?.lower ?? [];
  const noise = noiseSource(SEED);
  return Array.from({ length: DRAWS }, () => {
    const z = [noise.normal(), noise.normal(), noise.normal()];
    const off = (j: number) => (lower[j] ?? []).reduce((sum, value, k) => sum + value * (z[k] ?? 0), 0);
    return {
      intercept: centre.intercept + off(0),
      fa: centre.fa + off(1),
      fPercent: centre.fPercent + off(2),
    };
  });
}
