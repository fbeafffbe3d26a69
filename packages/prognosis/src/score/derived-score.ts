import { FA_F_RULE } from '../fa-f-rule';
import { deriveWeights } from './derive-weights';
import { drawParameters, linearScore } from './parameter-draws';
import { ASSUMPTIONS, PUBLISHED_STUDY } from './published-study';
import type { LinearScore, ScoreModel } from './score-model';

/** Enough for the 2.5 % points of the band to two digits. */
const DRAWS = 1000;
const SEED = 104_234;

/** Correlation and weights that the published areas under the curve fix. */
export const DERIVED_WEIGHTS = deriveWeights(PUBLISHED_STUDY);

const { sdFa, sdFPercent } = ASSUMPTIONS;
const centres = { centreFa: PUBLISHED_STUDY.cutOffFa, centreFPercent: PUBLISHED_STUDY.cutOffFPercent };
const spreads = { sdFa: sdFa.value, sdFPercent: sdFPercent.value };

let draws: readonly LinearScore[] | null = null;

/**
 * The continuous score derived from the published summary statistics. With normal markers of equal covariance in both
 * outcomes and the published cut-offs half-way between the classes (true of a Youden cut-off under that assumption),
 * `S = w_FA (FA - 0.41) / s_FA + w_f (f - 9.5 %) / s_f` is the logarithm of the likelihood ratio: 0 when both markers
 * sit on their cut-offs. Nothing of it is published but areas and cut-offs; the two standard deviations are assumed.
 */
export const DERIVED_SCORE: ScoreModel = {
  id: 'fa-f-score',
  version: '0.1-derived',
  hash: null,
  formula: linearScore({
    weightFa: DERIVED_WEIGHTS.weightFa,
    weightF: DERIVED_WEIGHTS.weightF,
    ...centres,
    ...spreads,
  }),
  withoutF: linearScore({ weightFa: DERIVED_WEIGHTS.distanceFa, weightF: 0, ...centres, ...spreads }),
  draws: () => (draws ??= drawParameters(DERIVED_WEIGHTS, DRAWS, SEED).map(linearScore)),
  validRange: { fa: FA_F_RULE.fa.validRange, f: FA_F_RULE.f.validRange },
  measurement: {
    tensorMethods: ['weighted least squares'],
    ivimMethods: ['segmented'],
    tensorBValues: null,
    ivimBValues: null,
    measuringRule: null,
  },
  calibration: { kind: 'not calibrated' },
  remarks: [
    "Experimental: scanner, protocol and fits of the study are not published; that its values were measured as this software's default fits measure them is an assumption.",
  ],
};
