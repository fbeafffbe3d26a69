import { noiseSource } from '@myelon/diffusion';
import { fitLogistic, type LogisticData } from '../logistic';
import { MIN_CELL } from './disclosure';
import {
  fitAnswerSchema,
  readExchangeFile,
  type FitAnswer,
  type FitRequest,
  type FitResult,
} from './exchange-files';
import { answerEvaluation, combineEvaluations, startFederatedEvaluation } from './federated-evaluation';
import { answerFitRequest, federatedStep, startFederatedFit } from './federated-fit';

const PREDICTORS = [
  { name: 'FA', unit: '1' },
  { name: 'f', unit: '%' },
];
const MODEL = { study: 'example', outcome: 'good recovery', predictors: PREDICTORS };

/** Patients of a site; `shift` moves its markers, as another scanner would. */
function site(n: number, seed: number, shift = 0): LogisticData {
  const noise = noiseSource(seed);
  for (let i = 0; i < 50; i++) noise.uniform();
  const fa = Array.from({ length: n }, () => 0.44 + shift + 0.09 * noise.normal());
  const f = Array.from({ length: n }, () => 9.9 + 2.3 * noise.normal());
  const outcome = fa.map((value, i) =>
    noise.uniform() < 1 / (1 + Math.exp(11 - 18 * value - 0.47 * (f[i] ?? 0))) ? 1 : 0,
  );
  return { columns: [fa, f], outcome };
}

function pooled(sites: readonly LogisticData[]): LogisticData {
  return {
    columns: PREDICTORS.map((_, j) => sites.flatMap(({ columns }) => Array.from(columns[j] ?? []))),
    outcome: sites.flatMap(({ outcome }) => Array.from(outcome)),
  };
}

const SITES = [site(60, 11), site(140, 12, 0.05), site(90, 13, -0.04)];
const nameOf = (index: number) => `site ${String(index + 1)}`;

/** Everything passes as text, as it would by mail. */
function overJson(answer: FitAnswer): FitAnswer {
  return readExchangeFile(fitAnswerSchema, JSON.stringify(answer), answer.site);
}

function fitTogether(sites: readonly LogisticData[], penalty: 'firth' | 'none' = 'firth'): FitResult {
  let request: FitRequest = startFederatedFit({ ...MODEL, penalty });
  for (;;) {
    const asked = JSON.parse(JSON.stringify(request)) as FitRequest;
    const answers = sites.map((data, index) => overJson(answerFitRequest(asked, nameOf(index), data)));
    const next = federatedStep(asked, answers);
    if (next.schema === 'myelon-federated-fit-result') return next;
    request = next;
  }
}

describe('the fit over sites', () => {
  it.each(['firth', 'none'] as const)('with penalty %s is the pooled fit to 1e-8, errors too', (penalty) => {
    const together = fitTogether(SITES, penalty);
    const alone = fitLogistic(pooled(SITES), { penalty });
    together.coefficients.forEach((value, j) => {
      expect(Math.abs(value - (alone.coefficients[j] ?? NaN))).toBeLessThan(1e-8);
      together.covariance[j]?.forEach((c, k) => {
        expect(Math.abs(c - (alone.covariance[j]?.[k] ?? NaN))).toBeLessThan(1e-8);
      });
    });
    expect(together.sites.map(({ patients }) => patients)).toEqual([60, 140, 90]);
    expect(together.rounds).toBeLessThan(40);
  });

  it('sends sums and counts, no row of any patient', () => {
    const answer = answerFitRequest(startFederatedFit(MODEL), 'site 1', SITES[0]!);
    const text = JSON.stringify(answer);
    for (const value of Array.from(SITES[0]!.columns[0]!)) expect(text).not.toContain(String(value));
    expect(Object.keys(answer.sums).sort()).toEqual([
      'events',
      'information',
      'informationSlope',
      'logLikelihood',
      'n',
      'score',
    ]);
    expect(answer.sums.score).toHaveLength(3);
  });

  it('refuses answers of other rounds, sites that vanish, come, answer twice or change patients', () => {
    const first = startFederatedFit(MODEL);
    const answer = (request: FitRequest, index: number) =>
      answerFitRequest(request, nameOf(index), SITES[index]!);
    const second = federatedStep(first, [answer(first, 0), answer(first, 1)]);
    if (second.schema !== 'myelon-federated-fit-request') throw new Error('converged at once');
    expect(() => federatedStep(second, [answer(second, 0)])).toThrow(/site 2 has not answered/);
    expect(() => federatedStep(second, [answer(first, 0), answer(second, 1)])).toThrow(/answers round 1/);
    expect(() =>
      federatedStep(
        second,
        [0, 1, 2].map((i) => answer(second, i)),
      ),
    ).toThrow(/site 3 was not there/);
    expect(() => federatedStep(second, [answer(second, 0), answer(second, 0)])).toThrow(/twice/);
    const others = answerFitRequest(second, nameOf(1), SITES[2]!);
    expect(() => federatedStep(second, [answer(second, 0), others])).toThrow(/other patients than before/);
    expect(() => readExchangeFile(fitAnswerSchema, '{"schema":"other"}', 'a.json')).toThrow(/schema/);
    expect(() => readExchangeFile(fitAnswerSchema, 'not json', 'a.json')).toThrow(/not JSON/);
  });
});

describe('the disclosure rule', () => {
  const request = startFederatedFit(MODEL);

  it('keeps back small sites and rare outcomes', () => {
    expect(() => answerFitRequest(request, 'small', site(19, 21))).toThrow(/19 patients/);
    const rare = { ...SITES[0]!, outcome: Array.from(SITES[0]!.outcome, (_, i) => (i < 4 ? 0 : 1)) };
    expect(() => answerFitRequest(request, 'rare', rare)).toThrow(/4 patients without the outcome/);
  });

  it('keeps back predictors whose values make small cells', () => {
    const smoker = Array.from(SITES[0]!.outcome, (_, i) => (i < 6 ? 1 : 0));
    const data = { ...SITES[0]!, columns: [SITES[0]!.columns[0]!, smoker] };
    const asked = startFederatedFit({ ...MODEL, predictors: [PREDICTORS[0]!, { name: 'smoker', unit: '' }] });
    expect(() => answerFitRequest(asked, 'site', data)).toThrow(/smoker 1: \d patients/);
  });
});

describe('the evaluation over sites', () => {
  const { coefficients } = fitLogistic(pooled(SITES));
  const request = startFederatedEvaluation({
    ...MODEL,
    predictors: PREDICTORS,
    coefficients: [...coefficients],
  });
  const answers = SITES.map((data, index) => answerEvaluation(request, nameOf(index), data));

  it('brackets the pooled AUC, and is exact for Brier, counts and observed to expected', () => {
    const found = combineEvaluations(request, answers);
    const all = pooled(SITES);
    const probability = Array.from(all.outcome, (_, i) => {
      const eta =
        coefficients[0]! + coefficients[1]! * all.columns[0]![i]! + coefficients[2]! * all.columns[1]![i]!;
      return 1 / (1 + Math.exp(-eta));
    });
    let [pairs, concordant, squares] = [0, 0, 0];
    probability.forEach((p, i) => {
      squares += (p - all.outcome[i]!) ** 2;
      if (all.outcome[i] !== 1) return;
      probability.forEach((q, k) => {
        if (all.outcome[k] === 1) return;
        pairs++;
        if (p > q) concordant++;
      });
    });
    const auc = concordant / pairs;
    expect(found.auc.low).toBeLessThanOrEqual(auc);
    expect(found.auc.high).toBeGreaterThanOrEqual(auc);
    expect(Math.abs(found.auc.middle - auc)).toBeLessThan(0.06);
    expect(found.brier).toBeCloseTo(squares / probability.length, 10);
    // Maximum likelihood with an intercept predicts as many as there are.
    expect(found.observedToExpected).toBeCloseTo(1, 8);
    expect(found.patients).toBe(290);
  });

  it('lets no cell under 5 leave', () => {
    const cells = answers[1]!.bins.flatMap(({ good, poor }) => [...good, ...poor]);
    for (const { patients } of cells) expect(patients).toBeGreaterThanOrEqual(MIN_CELL);
    expect(cells.reduce((sum, { patients }) => sum + patients, 0)).toBe(140);
    expect(cells.length).toBeGreaterThan(8);
    // No part of a bin is told by what lies around it: cells fill their bins.
    for (const { from, to, good, poor } of answers[1]!.bins)
      for (const side of [good, poor]) {
        expect([side[0]!.from, side.at(-1)!.to]).toEqual([from, to]);
        side.slice(1).forEach((cell, i) => expect(cell.from).toBe(side[i]!.to));
      }
  });
});
