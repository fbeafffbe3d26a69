import { noiseSource } from '@myelon/diffusion';
import { fitLogistic } from './logistic-fit';
import { addSums, logisticSums, type LogisticData } from './logistic-sums';
import { newtonPoint } from './newton';

function simulated(n: number, seed: number): LogisticData {
  const noise = noiseSource(seed);
  const a = Array.from({ length: n }, () => 0.44 + 0.1 * noise.normal());
  const b = Array.from({ length: n }, () => 10 + 2 * noise.normal());
  // A logistic latent variable: normal noise is near enough for recovery of signs, not of values, so invert exactly.
  const uniform = () => {
    const z = noise.normal();
    return 0.5 * (1 + Math.sign(z) * Math.sqrt(1 - Math.exp((-2 * z * z) / Math.PI)));
  };
  const outcome = a.map((value, i) => {
    const eta = -11 + 18 * value + 0.45 * (b[i] ?? 0);
    return uniform() < 1 / (1 + Math.exp(-eta)) ? 1 : 0;
  });
  return { columns: [a, b], outcome };
}

describe('fitLogistic', () => {
  it('gives the log odds ratio of a 2 x 2 table, and with Firth the one with half a patient more per cell', () => {
    // 20 of 30 exposed and 5 of 25 unexposed have the outcome.
    const outcome = [...Array(30).keys()].map((i) => (i < 20 ? 1 : 0));
    outcome.push(...[...Array(25).keys()].map((i) => (i < 5 ? 1 : 0)));
    const columns = [[...Array(55).keys()].map((i) => (i < 30 ? 1 : 0))];
    const ml = fitLogistic({ columns, outcome });
    expect(ml.coefficients[0]).toBeCloseTo(Math.log(5 / 20), 12);
    expect(ml.coefficients[1]).toBeCloseTo(Math.log((20 * 20) / (10 * 5)), 12);
    expect(ml.covariance[1]?.[1]).toBeCloseTo(1 / 20 + 1 / 20 + 1 / 10 + 1 / 5, 12);
    const firth = fitLogistic({ columns, outcome }, { penalty: 'firth' });
    expect(firth.coefficients[0]).toBeCloseTo(Math.log(5.5 / 20.5), 10);
    expect(firth.coefficients[1]).toBeCloseTo(Math.log((20.5 * 20.5) / (10.5 * 5.5)), 10);
  });

  it('recovers the coefficients the outcomes were drawn with', () => {
    const { coefficients, covariance, status } = fitLogistic(simulated(20_000, 3));
    expect(status).toBe('converged');
    [-11, 18, 0.45].forEach((truth, j) => {
      const standardError = Math.sqrt(covariance[j]?.[j] ?? 0);
      // The uniform above is good to 0.3 %, so 4 standard errors are a fair bound.
      expect(Math.abs((coefficients[j] ?? 0) - truth)).toBeLessThan(4 * standardError);
    });
  });

  it('does not depend on units: 1000 times the predictor, a thousandth of the coefficient', () => {
    const data = simulated(200, 4);
    const [a = [], b = []] = data.columns;
    const scaled = { ...data, columns: [Array.from(a, (v) => v * 1e6), Array.from(b, (v) => v / 1e4)] };
    for (const penalty of ['none', 'firth'] as const) {
      const plain = fitLogistic(data, { penalty });
      const other = fitLogistic(scaled, { penalty });
      expect((other.coefficients[1] ?? 0) * 1e6).toBeCloseTo(plain.coefficients[1] ?? NaN, 7);
      expect((other.coefficients[2] ?? 0) / 1e4).toBeCloseTo(plain.coefficients[2] ?? NaN, 7);
    }
  });

  it('says when the outcomes are separated, completely or but for a tie, and Firth stays finite', () => {
    const complete = { columns: [[1, 2, 3, 4, 5, 6]], outcome: [0, 0, 0, 1, 1, 1] };
    const quasi = { columns: [[1, 2, 3, 3, 5, 6]], outcome: [0, 0, 0, 1, 1, 1] };
    for (const data of [complete, quasi]) {
      expect(fitLogistic(data).status).toBe('separated');
      const firth = fitLogistic(data, { penalty: 'firth' });
      expect(firth.status).toBe('converged');
      expect(firth.coefficients[1]).toBeGreaterThan(0);
      expect(firth.coefficients[1]).toBeLessThan(5);
    }
    expect(fitLogistic({ columns: [[1, 2, 3, 4, 5, 6]], outcome: [0, 1, 0, 1, 0, 1] }).status).toBe(
      'converged',
    );
  });

  it('refuses one class, constant and redundant predictors, missing values and other outcomes', () => {
    const outcome = [0, 1, 0, 1];
    expect(() => fitLogistic({ columns: [[1, 2, 3, 4]], outcome: [1, 1, 1, 1] })).toThrow(/same outcome/);
    expect(() => fitLogistic({ columns: [[2, 2, 2, 2]], outcome })).toThrow(/constant or follows/);
    expect(() =>
      fitLogistic(
        {
          columns: [
            [1, 2, 3, 5],
            [2, 4, 6, 10],
          ],
          outcome,
        },
        { penalty: 'firth' },
      ),
    ).toThrow(/constant or follows/);
    expect(() => fitLogistic({ columns: [[1, NaN, 3, 4]], outcome })).toThrow(/patient 2 has no value/);
    expect(() => fitLogistic({ columns: [[1, 2, 3, 4]], outcome: [0, 1, 2, 0] })).toThrow(
      /patient 3 is not 0/,
    );
  });

  it('takes an offset as a term with coefficient 1', () => {
    const data = simulated(300, 5);
    const full = fitLogistic(data);
    const [a = [], b = []] = data.columns;
    const offset = Array.from(a, (v) => v * (full.coefficients[1] ?? 0));
    const rest = fitLogistic({ columns: [b], outcome: data.outcome, offset });
    expect(rest.coefficients[0]).toBeCloseTo(full.coefficients[0] ?? NaN, 8);
    expect(rest.coefficients[1]).toBeCloseTo(full.coefficients[2] ?? NaN, 9);
  });

  it('holds a coefficient for a profile, and loses likelihood by it', () => {
    const data = simulated(150, 6);
    const best = fitLogistic(data, { penalty: 'firth' });
    const value = (best.coefficients[1] ?? 0) + 3;
    const profile = fitLogistic(data, { penalty: 'firth', held: new Map([[1, value]]) });
    expect(profile.coefficients[1]).toBe(value);
    expect(profile.objective).toBeLessThan(best.objective);
    const same = fitLogistic(data, { penalty: 'firth', held: new Map([[1, best.coefficients[1] ?? 0]]) });
    expect(same.objective).toBeCloseTo(best.objective, 10);
  });
});

it('sums of parts are the sums of the whole, so a step from them is the same', () => {
  const data = simulated(120, 7);
  const part = (from: number, to: number): LogisticData => ({
    columns: data.columns.map((column) => Array.from(column).slice(from, to)),
    outcome: Array.from(data.outcome).slice(from, to),
  });
  const at = [0.1, 0.2, -0.01];
  const whole = newtonPoint(logisticSums(data, at, true), 'firth');
  const parts = newtonPoint(
    addSums([part(0, 50), part(50, 90), part(90, 120)].map((one) => logisticSums(one, at, true))),
    'firth',
  );
  whole?.step.forEach((value, j) => expect(parts?.step[j]).toBeCloseTo(value, 10));
});
