import { deriveWeights } from './derive-weights';
import { DERIVED_SCORE } from './derived-score';
import { ofHundred, recoveryProbability } from './recovery-probability';
import { scoreMarkers, type FaFScore, type MarkersToScore, type ScoreAbstained } from './score-markers';

const MEASURED = {
  tensorMethod: 'weighted least squares, 1 iteration',
  ivimMethod: 'segmented, b 200 s/mm2 and above for D',
  tensorBValues: [0, 800],
  ivimBValues: [0, 20, 50, 100, 200, 400, 600, 800],
  measuringRule: 'voxels wholly inside the contour',
};

const result = (fa: number, f: number, more: Partial<MarkersToScore> = {}) =>
  scoreMarkers({ fa: { mean: fa }, f: { mean: f }, measurement: MEASURED, ...more });

function scored(fa: number, f: number, more: Partial<MarkersToScore> = {}): FaFScore {
  const found = result(fa, f, more);
  if (found.kind !== 'score') throw new Error(found.reasons.join('; '));
  return found;
}

function abstained(fa: number, f: number, more: Partial<MarkersToScore> = {}): ScoreAbstained {
  const found = result(fa, f, more);
  if (found.kind !== 'abstained') throw new Error(`scored ${String(found.score)}`);
  return found;
}

const SITE = { operated: 100, recovered: 70 };

describe('the derivation', () => {
  it('gives weights whose best sum has the combined area again', () => {
    const { weightFa, weightF, correlation, distanceFa, distanceF } = deriveWeights({
      aucFa: 0.83,
      aucF: 0.75,
      aucCombined: 0.88,
    });
    const square = weightFa * distanceFa + weightF * distanceF;
    const spread = weightFa ** 2 + weightF ** 2 + 2 * correlation * weightFa * weightF;
    expect(spread).toBeCloseTo(square, 10);
    // Phi(D / sqrt 2) = 0.88 at D / sqrt 2 = 1.174987.
    expect(Math.sqrt(square / 2)).toBeCloseTo(1.174987, 5);
  });

  it('says when no normal model has these areas, and refuses areas that are none', () => {
    expect(deriveWeights({ aucFa: 0.86, aucF: 0.78, aucCombined: 0.8 }).clamped).toBe(true);
    expect(() => deriveWeights({ aucFa: 0.86, aucF: 0.78, aucCombined: 1 })).toThrow(/between 0.5 and 1/);
    expect(() => deriveWeights({ aucFa: 0.4, aucF: 0.78, aucCombined: 0.9 })).toThrow(/between 0.5 and 1/);
  });
});

describe('scoreMarkers', () => {
  it('is 0 on both cut-offs, and grows with both markers', () => {
    expect(scored(0.41, 0.095).score).toBeCloseTo(0, 12);
    expect(scored(0.45, 0.095).score).toBeGreaterThan(0);
    expect(scored(0.41, 0.105).score).toBeGreaterThan(0);
  });

  it('keeps the two bands apart, and narrows the rescan band with the site own repeatability', () => {
    const plain = scored(0.41, 0.095);
    const site = { sdFa: 0.005, sdF: 0.004, source: 'this site, 20 patients scanned twice' };
    const measured = scored(0.41, 0.095, { repeatability: site });
    expect(measured.modelBand).toEqual(plain.modelBand);
    expect(measured.rescanBand.high).toBeLessThan(plain.rescanBand.high);
    expect(measured.repeatability.source).toMatch(/scanned twice/);
    // f, not FA, limits repeatability: with a perfect FA hardly anything is gained.
    const perfectFa = { ...plain.repeatability, sdFa: 0 };
    expect(scored(0.41, 0.095, { repeatability: perfectFa }).rescanBand.high).toBeGreaterThan(
      0.85 * plain.rescanBand.high,
    );
  });

  it('shows what it hangs on: FA alone, another fit, an eroded outline', () => {
    const { score, sensitivity } = scored(0.36, 0.115, {
      alternatives: [
        { id: 'other-fit', what: 'IVIM by least squares', fa: { mean: 0.36 }, f: { mean: 0.08 } },
        {
          id: 'eroded',
          what: 'outline eroded by one voxel',
          fa: { missing: 'no voxel left' },
          f: { mean: 0.1 },
        },
      ],
    });
    const [withoutF, otherFit, eroded] = sensitivity;
    if (!withoutF || 'missing' in withoutF || !otherFit || 'missing' in otherFit) throw new Error('missing');
    // Here f speaks for recovery and FA against it: without f the score is lower.
    expect(withoutF.score).toBeLessThan(score);
    expect(withoutF.score).toBeLessThan(0);
    expect(otherFit.score).toBeLessThan(score);
    expect(eroded).toEqual({
      id: 'eroded',
      what: 'outline eroded by one voxel',
      missing: expect.stringMatching(/no voxel left/),
    });
  });

  it.each<[string, ScoreAbstained, RegExp]>([
    ['quality', abstained(0.4, 0.09, { qualityProblems: ['12 voxels, 20 are needed'] }), /12 voxels/],
    ['range', abstained(0.8, 0.09), /FA 0.80 is outside the range/],
    ['per cent', abstained(0.4, 9.5), /f is given as 9.5: is that per cent/],
    [
      'another tensor fit',
      abstained(0.4, 0.09, { measurement: { ...MEASURED, tensorMethod: 'robust non-linear' } }),
      /tensor fit is "robust non-linear"; the score is for "weighted least squares"/,
    ],
    [
      'another IVIM fit',
      abstained(0.4, 0.09, { measurement: { ...MEASURED, ivimMethod: 'Bayesian, posterior mean' } }),
      /IVIM fit is "Bayesian/,
    ],
  ])('abstains on %s, with the fixed statements', (_, { reasons, statements }, reason) => {
    expect(reasons).toEqual([expect.stringMatching(reason)]);
    expect(statements.join(' ')).toMatch(/Research use only.*not calibrated.*surgery will not help/);
  });

  it('of a calibrated model speaks only about its own protocol, and names the calibration', () => {
    const model = {
      ...DERIVED_SCORE,
      measurement: {
        ...DERIVED_SCORE.measurement,
        ivimBValues: [0, 50, 100, 800],
        measuringRule: MEASURED.measuringRule,
      },
      calibration: { kind: 'calibrated', patients: 210, date: '2026-05-01', site: 'Example' },
    } as const;
    const other = scoreMarkers({ fa: { mean: 0.4 }, f: { mean: 0.09 }, measurement: MEASURED }, model);
    expect(other).toMatchObject({
      kind: 'abstained',
      reasons: [expect.stringMatching(/b-values of the IVIM fit/)],
    });
    const own = { ...MEASURED, ivimBValues: [0, 50, 100, 799] };
    const same = scoreMarkers({ fa: { mean: 0.4 }, f: { mean: 0.09 }, measurement: own }, model);
    expect(same.kind).toBe('score');
    expect(same.statements.join(' ')).toMatch(/calibrated on 210 patients of Example, 2026-05-01/);
  });
});

describe('recoveryProbability', () => {
  it('speaks in natural frequencies, to the nearest 5, with both bands, neutrally', () => {
    const { sentence, rescanSentence } = recoveryProbability(scored(0.45, 0.105), SITE);
    expect(sentence).toMatch(/where 70 of 100 regain at least half of the lost mJOA points, about 90 would/);
    expect(sentence).toMatch(/75 to (more than )?95 of 100/);
    expect(rescanSentence).toMatch(/70 to 95 of 100/);
    expect(`${sentence} ${rescanSentence}`).not.toMatch(/benefit|chance|risk|\d\.\d|%/);
  });

  it('never says 0 or 100', () => {
    expect([0.001, 0.024, 0.026, 0.5, 0.974, 0.999].map(ofHundred)).toEqual([
      'fewer than 5',
      'fewer than 5',
      '5',
      '50',
      '95',
      'more than 95',
    ]);
  });

  it.each([
    [{ operated: 10, recovered: 7 }, /too few/],
    [{ operated: 50, recovered: 50 }, /no rate/],
    [{ operated: 50, recovered: 0 }, /no rate/],
    [{ operated: 50, recovered: 60 }, /cannot be/],
    [{ operated: 50.5, recovered: 30 }, /whole patients/],
  ])('refuses %j as a success rate', (rate, why) => {
    expect(() => recoveryProbability(scored(0.4, 0.09), rate)).toThrow(why);
  });
});
