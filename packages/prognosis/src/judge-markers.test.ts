import { noiseSource } from '@myelon/diffusion';
import { FA_F_RULE } from './fa-f-rule';
import { FIXED_STATEMENTS } from './fixed-statements';
import { judgeMarkers, type PrognosisAbstained, type PrognosisStatement } from './judge-markers';

function judged(fa: number, f: number): PrognosisStatement {
  const result = judgeMarkers({ fa: { mean: fa }, f: { mean: f }, regionId: 'compression' });
  if (result.kind !== 'statement') throw new Error(result.reasons.join('; '));
  return result;
}

function abstained(markers: Parameters<typeof judgeMarkers>[0]): PrognosisAbstained {
  const result = judgeMarkers(markers);
  if (result.kind !== 'abstained') throw new Error(result.sentence);
  return result;
}

describe('judgeMarkers', () => {
  it.each<[number, number, PrognosisStatement['pattern'], number, RegExp]>([
    [0.5, 0.14, 'both', 7.62, /FA 0.50 is at or above its cut-off 0.41 and f 14.0 % is at or above/],
    [
      0.5,
      0.05,
      'fa-only',
      1,
      /Exactly one .* no information .* likelihood ratio 1.0 \(95 % interval 0.47 to 2.3\)/,
    ],
    [0.3, 0.14, 'f-only', 1, /Exactly one .* no information/],
    [0.3, 0.05, 'neither', 0.1312, /0.13 times \(95 % interval 0.042 to 0.28\)/],
  ])('FA %d, f %d: %s', (fa, f, pattern, ratio, sentence) => {
    const result = judged(fa, f);
    expect(result.pattern).toBe(pattern);
    expect(result.likelihoodRatio.value).toBe(ratio);
    expect(result.sentence).toMatch(sentence);
    expect(result.warnings).toEqual([]);
    expect(result).toMatchObject({
      modelId: 'fa-f-2x2',
      regionId: 'compression',
      statements: FIXED_STATEMENTS,
    });
  });

  it('counts a value on the cut-off as at or above, and shows one just below as below', () => {
    expect(judged(0.41, 0.095).pattern).toBe('both');
    const justBelow = judged(0.4099, 0.09499);
    expect(justBelow.pattern).toBe('neither');
    expect(justBelow.sentence).toMatch(/FA 0.4099 is below its cut-off 0.41 and f 9.499 % is below/);
  });

  it('says that a value within one repeatability coefficient cannot be classified reliably', () => {
    const near = judged(0.43, 0.05);
    expect([near.fa.inGreyZone, near.f.inGreyZone]).toEqual([true, false]);
    expect(near.warnings).toEqual([
      expect.stringMatching(/^FA \(grey zone 0.41 ± 0.034\) cannot be classified reliably/),
    ]);
    expect(judged(0.43, 0.11).warnings[0]).toMatch(/FA .* and f \(grey zone 9.5 ± 3.2 %\) cannot/);
  });

  it('speaks of a likelihood ratio, never of a probability or of benefit', () => {
    for (const { sentence } of [judged(0.5, 0.14), judged(0.3, 0.05)]) {
      expect(sentence).toMatch(/likelihood ratio, not a probability/);
      expect(sentence).not.toMatch(/benefit|chance|risk|good|bad|poor/);
    }
  });
});

describe('abstains', () => {
  const regionId = 'compression';
  const fa = { mean: 0.5 };
  const f = { mean: 0.14 };

  it.each<[string, Parameters<typeof judgeMarkers>[0], RegExp]>([
    ['f in per cent', { fa, f: { mean: 9.5 }, regionId }, /f is given as 9.5: is that per cent/],
    ['FA in per cent', { fa: { mean: 41 }, f, regionId }, /FA is given as 41/],
    [
      'FA of healthy cord',
      { fa: { mean: 0.78 }, f, regionId },
      /FA 0.78 is outside the range .* \(0.15 to 0.75\)/,
    ],
    [
      'f too high',
      { fa, f: { mean: 0.3 }, regionId },
      /f 30.0 % is outside the range .* \(2.0 % to 18.0 %\)/,
    ],
    ['a missing f', { fa, f: { missing: 'no IVIM series' }, regionId }, /f is missing: no IVIM series/],
    ['not a number', { fa: { mean: Number.NaN }, f, regionId }, /FA is not a number/],
  ])('on %s', (_, markers, reason) => {
    expect(abstained(markers).reasons).toEqual([expect.stringMatching(reason)]);
  });

  it('on quality problems, with all reasons and the fixed statements', () => {
    const result = abstained({
      fa,
      f: { mean: -0.1 },
      regionId,
      qualityProblems: ['12 voxels, 20 are needed'],
    });
    expect(result.reasons).toHaveLength(2);
    expect(result.reasons[0]).toBe('12 voxels, 20 are needed');
    expect(result.statements).toEqual(FIXED_STATEMENTS);
  });
});

it('likelihood ratios follow from the three published AUCs', () => {
  // Standardised differences sqrt(2) z(AUC) of AUC 0.86 and 0.78, and the correlation that makes the best sum 0.90.
  const [dFa, dF, rho] = [1.5278, 1.092, 0.0786];
  const noise = noiseSource(17);
  const n = 150_000;
  const counts = { both: 0, neither: 0, one: 0 };
  const share = (sign: 1 | -1): typeof counts => {
    const found = { ...counts };
    for (let i = 0; i < n; i++) {
      const common = noise.normal();
      const fa = sign * (dFa / 2) + common;
      const f = sign * (dF / 2) + rho * common + Math.sqrt(1 - rho * rho) * noise.normal();
      if (fa >= 0 && f >= 0) found.both++;
      else if (fa < 0 && f < 0) found.neither++;
      else found.one++;
    }
    return found;
  };
  const [good, poor] = [share(1), share(-1)];
  const { both, neither, exactlyOne } = FA_F_RULE.likelihoodRatio;
  expect(Math.abs(good.both / poor.both / both.value - 1)).toBeLessThan(0.03);
  expect(Math.abs(good.neither / poor.neither / neither.value - 1)).toBeLessThan(0.03);
  expect(Math.abs(good.one / poor.one / exactlyOne.value - 1)).toBeLessThan(0.03);
});
