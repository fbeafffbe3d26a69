import { noiseSource } from '@myelon/diffusion';
import { fitLogistic } from '../../logistic';
import { cohortLines } from '../report/cohort-lines';
import type { Cohort, CohortPatient } from '../data/cohort';
import { leaveOneOut } from '../model/leave-one-out';
import { analyzeCohort, type CohortAnalysis } from './analyze-cohort';

function patient(id: number, of: Partial<CohortPatient>): CohortPatient {
  return {
    id: `P${String(id)}`,
    preMjoa: null,
    postMjoa: null,
    recoveryRatePercent: null,
    good: null,
    fa: null,
    adc: null,
    ivimD: null,
    ivimDstar: null,
    ivimFPercent: null,
    ...of,
  };
}

function cohort(patients: readonly Partial<CohortPatient>[]): Cohort {
  return { patients: patients.map((one, i) => patient(i, one)), mjoaVersion: 'mjoa-18', remarks: [] };
}

/** FA alone, with outcomes. */
function faCohort(y: readonly number[], x: readonly number[]): Cohort {
  return cohort(x.map((fa, i) => ({ fa, good: y[i] === 1 })));
}

/** Recovery that depends on FA and, as much as asked, on f. */
function simulated(n: number, seed: number, effectOfF: number): Cohort {
  const noise = noiseSource(seed);
  return cohort(
    Array.from({ length: n }, () => {
      const good = noise.uniform() < 0.6;
      const sign = good ? 1 : -1;
      return {
        good,
        recoveryRatePercent: 50 + sign * 25 + 8 * noise.normal() * 0.9,
        fa: 0.42 + 0.05 * sign + 0.08 * noise.normal(),
        ivimFPercent: 9.5 + effectOfF * sign + 2 * noise.normal(),
        adc: 1.2 - 0.08 * sign + 0.2 * noise.normal(),
      };
    }),
  );
}

jest.setTimeout(60_000);

const quick = { replicates: 50 };
const why = (analysis: CohortAnalysis, what: string) =>
  analysis.not_available.find((absence) => absence.what === what)?.why;

describe('small cohorts', () => {
  it('perfect separation: AUC 1 without an interval, no maximum likelihood fit, Firth stays', async () => {
    const x = [0.3, 0.32, 0.35, 0.38, 0.41, 0.45, 0.5, 0.55];
    const y = [0, 0, 0, 0, 1, 1, 1, 1];
    const f = [9, 10, 8, 9.5, 10, 8.5, 9.2, 9.9];
    const analysis = await analyzeCohort(
      cohort(x.map((fa, i) => ({ fa, ivimFPercent: f[i] ?? null, good: y[i] === 1 }))),
      quick,
    );
    expect(analysis.roc.fa).toMatchObject({ auc: 1, delong_se: 0, delong_ci95: null });
    expect(why(analysis, 'roc.fa.delong_ci95')).toMatch(/interval not estimable/);
    expect(analysis.logistic).toBeNull();
    expect(why(analysis, 'logistic')).toMatch(/separate the outcomes/);
    expect(analysis.firth?.coef['fa']).toBeGreaterThan(0);
    expect(analysis.verdict.combined_vs_fa).toBe('not tested');
    expect(analysis.sample_size.allows).toBe('description');
  });

  it('all tied: AUC one half, no cut, nothing fitted', async () => {
    const analysis = await analyzeCohort(faCohort([0, 0, 0, 0, 1, 1, 1, 1], Array(8).fill(0.4)), quick);
    expect(analysis.roc.fa).toMatchObject({ auc: 0.5, delong_se: 0, delong_ci95: null });
    expect(analysis.roc.fa?.youden).toMatchObject({ threshold_midpoint: null, J: 0, best_midpoints: [] });
    expect(analysis.roc.fa?.youden.bootstrap).toBeNull();
  });

  it('reversed: AUC 0, never turned round', async () => {
    const x = [0.55, 0.5, 0.45, 0.41, 0.38, 0.35, 0.32, 0.3];
    const analysis = await analyzeCohort(faCohort([0, 0, 0, 0, 1, 1, 1, 1], x), quick);
    expect(analysis.roc.fa).toMatchObject({ auc: 0, delong_ci95: null });
  });

  it('a tie across the outcomes counts one half', async () => {
    const x = [0.3, 0.35, 0.41, 0.38, 0.41, 0.45, 0.5, 0.36];
    const { roc } = await analyzeCohort(faCohort([0, 0, 0, 0, 1, 1, 1, 1], x), quick);
    expect(roc.fa?.auc).toBe(0.84375);
    expect(roc.fa?.delong_se).toBeCloseTo(0.15095184110614, 12);
  });

  it('cuts that share the largest J are all given, in both conventions', async () => {
    const { roc } = await analyzeCohort(
      cohort([0, 0, 1, 1, 0, 0, 1, 1].map((y, i) => ({ ivimFPercent: i + 1, good: y === 1 }))),
      quick,
    );
    expect(roc.f?.youden.best_midpoints).toEqual([2.5, 6.5]);
    expect(roc.f?.youden.best_cuts_at_or_beyond).toEqual([3, 7]);
    expect(roc.f?.delong_se).toBeCloseTo(0.2041241452319315, 12);
  });

  it('one class only: description, no discrimination, with the reason', async () => {
    const analysis = await analyzeCohort(faCohort([1, 1, 1, 1, 1], [0.3, 0.4, 0.5, 0.6, 0.7]), quick);
    expect(analysis.roc.fa).toBeNull();
    expect(why(analysis, 'roc.fa')).toMatch(/all 5 patients have the same outcome/);
    expect(analysis.descriptives['fa']?.all.n).toBe(5);
  });

  it('one patient in a class: AUC, but no DeLong interval', async () => {
    const analysis = await analyzeCohort(faCohort([0, 1, 1, 1, 1], [0.35, 0.3, 0.4, 0.5, 0.6]), quick);
    expect(analysis.roc.fa).toMatchObject({ auc: 0.75, delong_se: null, delong_ci95: null });
    expect(why(analysis, 'roc.fa.delong_se')).toMatch(/2 are needed/);
  });

  it('three patients, one with a constant marker: every missing figure has its reason, none is NaN', async () => {
    const analysis = await analyzeCohort(
      cohort([
        { fa: 0.3, ivimFPercent: 9, good: false, recoveryRatePercent: 10 },
        { fa: 0.4, ivimFPercent: 9, good: true, recoveryRatePercent: 60 },
        { fa: 0.45, ivimFPercent: 9, good: true, recoveryRatePercent: 80 },
      ]),
      quick,
    );
    expect(analysis.correlation_with_rr['fa']?.pearson_r).toBeGreaterThan(0.9);
    expect(analysis.correlation_with_rr['fa']?.ci95).toBeNull();
    expect(why(analysis, 'correlation_with_rr.f')).toMatch(/same/);
    expect(why(analysis, 'logistic')).toMatch(/constant/);
    expect(JSON.stringify(analysis)).not.toMatch(/NaN|Infinity/);
    expect(cohortLines(analysis).join('\n')).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('nobody with both a marker and an outcome is refused', async () => {
    await expect(analyzeCohort(cohort([{ fa: 0.4 }, { good: true }]))).rejects.toThrow(
      /none of 2 patients has both/,
    );
  });
});

describe('FA and f together against FA alone', () => {
  const text = (analysis: CohortAnalysis) => cohortLines(analysis).join('\n');

  it('is called better only where the paired test says so', async () => {
    const strong = await analyzeCohort(simulated(200, 2, 2), quick);
    expect(strong.delong_paired.combined_vs_fa?.p).toBeLessThan(0.05);
    expect(strong.verdict.combined_vs_fa).toBe('better');
    expect(text(strong)).toMatch(/On this cohort FA and f together separate the outcomes better/);
    const weak = await analyzeCohort(simulated(105, 3, 0.2), quick);
    expect(weak.delong_paired.combined_vs_fa?.p).toBeGreaterThan(0.05);
    expect(weak.verdict.combined_vs_fa).toBe('not shown to be better');
    expect(text(weak)).toMatch(/not shown to separate the outcomes better/);
    expect(text(weak)).not.toMatch(/together separate the outcomes better/);
  });
});

describe('work', () => {
  it('gives the same figures for the same seed and others for another', async () => {
    const of = async (seed: number) => (await analyzeCohort(simulated(60, 4, 1), { ...quick, seed })).roc.fa;
    const [a, b, c] = [await of(5), await of(5), await of(6)];
    expect(a).toEqual(b);
    expect(c?.youden.bootstrap).not.toEqual(a?.youden.bootstrap);
  });

  it('reports progress that only grows, and stops when asked to', async () => {
    const seen: number[] = [];
    await analyzeCohort(simulated(150, 5, 1), {
      replicates: 400,
      onProgress: (fraction) => seen.push(fraction),
    });
    expect(seen.length).toBeGreaterThan(0);
    expect([...seen].sort((p, q) => p - q)).toEqual(seen);
    const stop = new AbortController();
    const work = analyzeCohort(simulated(150, 5, 1), {
      replicates: 100_000,
      signal: stop.signal,
      onProgress: () => {
        stop.abort();
      },
    });
    await expect(work).rejects.toThrow(/abort/i);
  });

  it('one Newton step without a patient stands in for a refit without him', async () => {
    const { patients } = simulated(300, 6, 1);
    const data = {
      columns: [patients.map(({ fa }) => fa ?? NaN), patients.map(({ ivimFPercent }) => ivimFPercent ?? NaN)],
      outcome: patients.map(({ good }) => Number(good)),
    };
    const { coefficients } = fitLogistic(data);
    const nothing = () => Promise.resolve();
    const refitted = await leaveOneOut(data, coefficients, nothing);
    const stepped = await leaveOneOut(data, coefficients, nothing, 0);
    expect(refitted.method).toBe('refitted without each patient');
    expect(stepped.method).toBe('one Newton step without each patient');
    expect(Math.abs(stepped.brier - refitted.brier)).toBeLessThan(1e-4);
    expect(Math.abs(stepped.auc - refitted.auc)).toBeLessThan(1e-3);
  });
});
