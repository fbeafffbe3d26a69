import { noiseSource } from '@myelon/diffusion';
import { scoreAt } from '../score/score-model';
import { DERIVED_SCORE } from '../score/derived-score';
import { canonicalJson } from './canonical-json';
import { gatedUpdate } from './gates';
import { DERIVED_BEFORE, modelBefore, scoreModelOf } from './installed-model';
import { recalibrate, type RecalibrationCohort } from './recalibrate';
import { keptModel, sampleModel } from './sample-model';
import { checkedModelFile, modelHash, signingKeys, signModel } from './sign-model-file';

const KEYS = signingKeys(new Uint8Array(32).fill(7));
const signed = () => signModel(sampleModel(keptModel()), KEYS.secretKey);

/** Patients whose outcomes follow the given logit. */
function drawn(
  n: number,
  seed: number,
  logit: (fa: number, fPercent: number) => number,
): RecalibrationCohort {
  const noise = noiseSource(seed);
  // The generator needs a few numbers to forget a small seed.
  for (let i = 0; i < 50; i++) noise.uniform();
  const fa = Array.from({ length: n }, () => 0.44 + 0.09 * noise.normal());
  const fPercent = Array.from({ length: n }, () => 9.9 + 2.3 * noise.normal());
  const good = fa.map((value, i) =>
    noise.uniform() < 1 / (1 + Math.exp(-logit(value, fPercent[i] ?? 0))) ? 1 : 0,
  );
  return { fa, fPercent, good };
}

const { intercept, fa: perFa, fPercent: perPercent } = DERIVED_BEFORE.coefficients;
const original = (fa: number, f: number) => intercept + perFa * fa + perPercent * f;

describe('a signed model file', () => {
  it('is taken back whole, also reformatted, and by the key that signed it', () => {
    const file = signed();
    const again: unknown = JSON.parse(JSON.stringify(file, null, 4));
    expect(checkedModelFile(again, 'model.json', [KEYS.publicKey])).toEqual(file);
    const { hash, signature, ...content } = file;
    const reordered: unknown = { signature, hash, ...Object.fromEntries(Object.entries(content).reverse()) };
    expect(checkedModelFile(reordered, 'model.json').hash).toBe(hash);
  });

  it('is refused when anything was changed, or signed by nobody trusted', () => {
    const file = signed();
    const steeper = { ...file, coefficients: { ...file.coefficients, fa: 20 } };
    expect(() => checkedModelFile(steeper, 'model.json')).toThrow(/does not match its hash/);
    const rehashed = {
      ...steeper,
      hash: modelHash({ ...sampleModel(keptModel()), coefficients: steeper.coefficients }),
    };
    expect(() => checkedModelFile(rehashed, 'model.json')).toThrow(/signature is not valid/);
    const other = signingKeys(new Uint8Array(32).fill(8));
    expect(() => checkedModelFile(file, 'model.json', [other.publicKey])).toThrow(/does not trust/);
    expect(() => checkedModelFile({ ...file, update: 'tuned' }, 'model.json')).toThrow(
      /no score model.*update/s,
    );
    expect(() => signModel(sampleModel(keptModel()), 'short')).toThrow(/32 bytes/);
  });

  it('hashes to one spelling, numbers included', () => {
    expect(canonicalJson({ b: [1, 0.1, 1e21], a: { d: null, c: 'ä"' } })).toBe(
      '{"a":{"c":"ä\\"","d":null},"b":[1,0.1,1e+21]}',
    );
    expect(() => canonicalJson({ a: NaN })).toThrow(/not finite/);
  });

  it('kept as it was gives the score that comes with the software, but named and calibrated', () => {
    const model = scoreModelOf(signed());
    for (const [fa, f] of [
      [0.3, 0.07],
      [0.41, 0.095],
      [0.5, 0.12],
    ] as const)
      expect(scoreAt(model.formula, fa, f)).toBeCloseTo(scoreAt(DERIVED_SCORE.formula, fa, f), 10);
    expect(model.calibration).toEqual({
      kind: 'calibrated',
      patients: 105,
      date: '2026-03-31',
      site: 'Example',
    });
    expect(modelBefore(signed()).coefficients.intercept).toBeCloseTo(intercept, 10);
  });

  it('draws around its coefficients with their covariance', () => {
    const model = scoreModelOf(signed());
    const slopes = model.draws().map(({ fa }) => fa);
    const mean = slopes.reduce((sum, v) => sum + v, 0) / slopes.length;
    const sd = Math.sqrt(slopes.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (slopes.length - 1));
    expect(Math.abs(mean - model.formula.fa)).toBeLessThan(0.5);
    expect(Math.abs(sd - 4)).toBeLessThan(0.3);
  });
});

describe('recalibrate', () => {
  it.each([
    ['original', original],
    ['intercept', (fa: number, f: number) => original(fa, f) - 1.5],
    ['refit', (fa: number, f: number) => -6 + 2 * fa + 0.55 * f],
  ] as const)('of patients that follow %s chooses just that', async (update, truth) => {
    const found = await recalibrate(DERIVED_BEFORE, drawn(300, 3, truth));
    expect(found.update).toBe(update);
    const { coefficients } = found;
    const logit = (fa: number, f: number) =>
      coefficients.intercept + coefficients.fa * fa + coefficients.fPercent * f;
    for (const [fa, f] of [
      [0.36, 8.5],
      [0.44, 9.9],
      [0.5, 11.5],
    ] as const)
      expect(Math.abs(logit(fa, f) - truth(fa, f))).toBeLessThan(0.8);
  });

  it('stretches the score where a site needs just that, and knows the height best at its own centre', async () => {
    const truth = (fa: number, f: number) => 0.4 * original(fa, f) + 0.5;
    const found = await recalibrate(DERIVED_BEFORE, drawn(700, 5, truth));
    expect(found.update).toBe('intercept_slope');
    expect(found.coefficients.fa / perFa).toBeCloseTo(0.4, 1);
    const variance = (fa: number, f: number) => {
      const x = [1, fa, f];
      return found.covariance.reduce(
        (sum, row, j) => sum + row.reduce((inner, value, k) => inner + value * (x[j] ?? 0) * (x[k] ?? 0), 0),
        0,
      );
    };
    expect(variance(0.44, 9.9)).toBeGreaterThan(0);
    expect(variance(0.44, 9.9)).toBeLessThan(variance(0.3, 6));
    expect(variance(0.44, 9.9)).toBeLessThan(variance(0.6, 14));
  });

  it('changes no more than the numbers carry, and says so', () => {
    expect(gatedUpdate('refit', 30, 10).update).toBe('original');
    expect(gatedUpdate('refit', 60, 25)).toMatchObject({
      update: 'intercept',
      because: expect.stringMatching(/asked for "refit", but 60 good, 25 other outcomes are too few/),
    });
    expect(gatedUpdate('refit', 60, 50).update).toBe('refit');
    expect(gatedUpdate('intercept_slope', 130, 25).update).toBe('intercept_slope');
    expect(gatedUpdate('original', 3, 3).update).toBe('original');
  });

  it('refuses one outcome, a handful of patients, f as a fraction', async () => {
    const cohort = drawn(60, 4, original);
    const all = { ...cohort, good: cohort.good.map(() => 1) };
    await expect(recalibrate(DERIVED_BEFORE, all)).rejects.toThrow(/same outcome/);
    const few = { fa: [0.3, 0.5], fPercent: [8, 9], good: [0, 1] };
    await expect(recalibrate(DERIVED_BEFORE, few)).rejects.toThrow(/2 complete patients/);
    const fractions = { ...cohort, fPercent: cohort.fPercent.map((f) => f / 100) };
    await expect(recalibrate(DERIVED_BEFORE, fractions)).rejects.toThrow(/in per cent/);
  });
});
