import { readFileSync } from 'node:fs';
import {
  DERIVED_SCORE,
  DERIVED_WEIGHTS,
  drawParameters,
  recoveryProbability,
  scoreAt,
  scoreMarkers,
  type FaFScore,
  type ScoreParameters,
} from '@myelon/prognosis';
import { describeWithSharedData, sharedData } from '../support/shared-data';

interface ScoreFile {
  readonly params: Readonly<Record<'w_fa' | 'w_f' | 'rho_within' | 'm_fa' | 'm_f' | 's_fa' | 's_f', number>>;
  readonly equivalent_raw_logit: Readonly<
    Record<'beta_fa_per_unit' | 'beta_f_per_pct' | 'intercept', number>
  >;
  readonly param_draws_summary: Readonly<
    Record<string, { readonly mean: number; readonly sd: number; readonly q: readonly number[] }>
  >;
}

const SITE = { operated: 100, recovered: 70 };

function scored(fa: number, f: number): FaFScore {
  const measurement = {
    tensorMethod: null,
    ivimMethod: null,
    tensorBValues: [],
    ivimBValues: [],
    measuringRule: '',
  };
  const found = scoreMarkers({ fa: { mean: fa }, f: { mean: f }, measurement });
  if (found.kind !== 'score') throw new Error(found.reasons.join('; '));
  return found;
}

const quantile = (values: readonly number[], p: number) =>
  [...values].sort((a, b) => a - b)[Math.floor(p * (values.length - 1))]!;

describeWithSharedData('the continuous score beside its derivation', ['score'], () => {
  const file = () =>
    JSON.parse(readFileSync(sharedData('score', 'fa_f_score_model.json'), 'utf8')) as ScoreFile;
  const referenceDraws = (): ScoreParameters[] =>
    readFileSync(sharedData('score', 'fa_f_param_draws_1000.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => {
        const [weightFa, weightF, centreFa, centreFPercent, sdFa, sdFPercent] = line.split(',').map(Number);
        return {
          weightFa: weightFa!,
          weightF: weightF!,
          centreFa: centreFa!,
          centreFPercent: centreFPercent!,
          sdFa: sdFa!,
          sdFPercent: sdFPercent!,
        };
      });

  it('has its weights, correlation and raw coefficients', () => {
    const { params, equivalent_raw_logit: raw } = file();
    expect(DERIVED_WEIGHTS.weightFa).toBeCloseTo(params.w_fa, 10);
    expect(DERIVED_WEIGHTS.weightF).toBeCloseTo(params.w_f, 10);
    expect(DERIVED_WEIGHTS.correlation).toBeCloseTo(params.rho_within, 10);
    expect(DERIVED_SCORE.formula.fa).toBeCloseTo(raw.beta_fa_per_unit, 9);
    expect(DERIVED_SCORE.formula.fPercent).toBeCloseTo(raw.beta_f_per_pct, 9);
    expect(DERIVED_SCORE.formula.intercept + Math.log(0.7 / 0.3)).toBeCloseTo(raw.intercept, 9);
  });

  it('gives the same score and probability on a grid over the valid range', () => {
    const { params: p } = file();
    for (let fa = 0.15; fa <= 0.7501; fa += 0.03) {
      for (let percent = 2; percent <= 18; percent++) {
        const [faHere, fHere] = [Math.min(fa, 0.75), percent / 100];
        const s = (p.w_fa * (faHere - p.m_fa)) / p.s_fa + (p.w_f * (percent - p.m_f)) / p.s_f;
        const ours = scored(faHere, fHere);
        expect(ours.score).toBeCloseTo(s, 10);
        const probability = 1 / (1 + Math.exp(-(Math.log(0.7 / 0.3) + s)));
        expect(recoveryProbability(ours, SITE).probability).toBeCloseTo(probability, 10);
      }
    }
  });

  it('draws parameters as the derivation did: same means, spreads and tails', () => {
    const ours = drawParameters(DERIVED_WEIGHTS, 2000, 11);
    const summary = file().param_draws_summary;
    const names = {
      w_fa: 'weightFa',
      w_f: 'weightF',
      m_fa: 'centreFa',
      m_f: 'centreFPercent',
      s_fa: 'sdFa',
      s_f: 'sdFPercent',
    } as const;
    for (const [theirs, name] of Object.entries(names)) {
      const { mean, sd, q } = summary[theirs]!;
      const values = ours.map((draw) => draw[name]);
      const average = values.reduce((sum, v) => sum + v, 0) / values.length;
      const spread = Math.sqrt(values.reduce((sum, v) => sum + (v - average) ** 2, 0) / (values.length - 1));
      expect(Math.abs(average - mean) / sd).toBeLessThan(0.1);
      expect(Math.abs(spread / sd - 1)).toBeLessThan(0.1);
      [0.025, 0.5, 0.975].forEach((p, i) => {
        expect(Math.abs(quantile(values, p) - q[i]!) / sd).toBeLessThan(0.3);
      });
    }
  });

  it('gives the bands of the derivation, of its own draws, and the printed table', () => {
    const draws = referenceDraws();
    const printed: readonly (readonly number[])[] = [
      // FA, f %, P, model band, rescan band at a success rate of 70 of 100
      [0.3, 7, 0.09, 0.01, 0.29, 0.04, 0.19],
      [0.36, 8.5, 0.37, 0.12, 0.65, 0.18, 0.62],
      [0.41, 9.5, 0.7, 0.42, 0.89, 0.43, 0.88],
      [0.45, 10.5, 0.89, 0.73, 0.98, 0.69, 0.96],
      [0.5, 12, 0.98, 0.91, 1, 0.9, 0.99],
      [0.36, 11.5, 0.71, 0.4, 0.93, 0.39, 0.9],
    ];
    for (const [fa, percent, p, modelLow, modelHigh, rescanLow, rescanHigh] of printed) {
      const ours = scored(fa!, percent! / 100);
      const scores = draws.map(
        (d) =>
          (d.weightFa * (fa! - d.centreFa)) / d.sdFa +
          (d.weightF * (percent! - d.centreFPercent)) / d.sdFPercent,
      );
      expect(Math.abs(ours.modelBand.low - quantile(scores, 0.025))).toBeLessThan(0.3);
      expect(Math.abs(ours.modelBand.high - quantile(scores, 0.975))).toBeLessThan(0.3);
      const { probability, modelBand, rescanBand } = recoveryProbability(ours, SITE);
      expect(Math.abs(probability - p!)).toBeLessThan(0.006);
      expect(Math.abs(modelBand.low - modelLow!)).toBeLessThan(0.05);
      expect(Math.abs(modelBand.high - modelHigh!)).toBeLessThan(0.05);
      expect(Math.abs(rescanBand.low - rescanLow!)).toBeLessThan(0.006);
      expect(Math.abs(rescanBand.high - rescanHigh!)).toBeLessThan(0.006);
    }
    expect(scoreAt(DERIVED_SCORE.withoutF!, 0.41, 0.2)).toBeCloseTo(0, 12);
  });
});
