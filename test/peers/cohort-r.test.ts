import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noiseSource } from '@myelon/diffusion';
import { analyzeCohort, type CohortAnalysis, type CohortPatient } from '@myelon/prognosis';
import { describeNeeding, program, rPackage } from '../support/needs';

jest.setTimeout(120_000);

const needs = [program('Rscript'), rPackage('pROC'), rPackage('brglm2')];

/** Two invented sites: a smooth one, and a small one with rounded values, so with ties. */
const SITES = [
  { name: 'ninety patients', n: 90, seed: 11, decimals: 15 },
  { name: 'forty patients, values rounded', n: 40, seed: 12, decimals: 2 },
];

function invented({ n, seed, decimals }: (typeof SITES)[number]): CohortPatient[] {
  const noise = noiseSource(seed);
  const rounded = (value: number, digits: number) => Number(value.toFixed(Math.max(0, Math.min(15, digits))));
  return Array.from({ length: n }, (_, i) => {
    const good = noise.uniform() < 0.65;
    const sign = good ? 1 : -1;
    return {
      id: `R${String(i)}`,
      preMjoa: null,
      postMjoa: null,
      recoveryRatePercent: good ? 50 + 45 * noise.uniform() : 49 - 60 * noise.uniform(),
      good,
      fa: rounded(0.42 + 0.04 * sign + 0.08 * noise.normal(), decimals),
      adc: rounded(1.2 - 0.1 * sign + 0.2 * noise.normal(), decimals),
      ivimD: null,
      ivimDstar: null,
      ivimFPercent: rounded(9.5 + sign + 2 * noise.normal(), decimals - 2),
    };
  });
}

describeNeeding('the cohort analysis beside R (pROC, brglm2)', needs, () => {
  describe.each(SITES)('$name', (site) => {
    let ours: CohortAnalysis;
    let theirs: Readonly<Record<string, readonly (number | null)[]>>;
    const folder = mkdtempSync(join(tmpdir(), 'myelon-cohort-r-'));

    beforeAll(async () => {
      const patients = invented(site);
      const file = join(folder, 'cohort.csv');
      const rows = patients.map((p) =>
        [Number(p.good), p.recoveryRatePercent, p.fa, p.ivimFPercent, p.adc].join(','),
      );
      writeFileSync(file, ['good,rr,fa,f,adc', ...rows].join('\n') + '\n');
      const printed = execFileSync('Rscript', [join(__dirname, 'cohort-peer.R'), file], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      theirs = JSON.parse(printed) as typeof theirs;
      ours = await analyzeCohort({ patients, mjoaVersion: 'mjoa-18', remarks: [] }, { replicates: 50 });
    });

    afterAll(() => {
      rmSync(folder, { recursive: true, force: true });
    });

    function expectAgreement(
      name: string,
      values: readonly (number | null | undefined)[],
      relative: number,
    ): void {
      const reference = theirs[name] ?? [];
      expect(values).toHaveLength(reference.length);
      values.forEach((value, i) => {
        const expected = reference[i] ?? null;
        if (expected === null) expect(value).toBeNull();
        else
          expect(Math.abs((value ?? NaN) - expected) / Math.max(Math.abs(expected), 1e-6)).toBeLessThan(
            relative,
          );
      });
    }

    it.each(['fa', 'f', 'adc_lower_is_good'] as const)('ROC of %s', (key) => {
      const roc = ours.roc[key];
      expectAgreement(`auc_${key}`, [roc?.auc], 1e-12);
      expectAgreement(`var_${key}`, [roc?.delong_var], 1e-9);
      expectAgreement(`ci_${key}`, roc?.delong_ci95 ?? [], 1e-9);
      expectAgreement(`youden_${key}`, roc?.youden.best_midpoints ?? [], 1e-12);
    });

    it('paired tests', () => {
      const { fa_vs_f, combined_vs_fa } = ours.delong_paired;
      expectAgreement('fa_vs_f', [fa_vs_f?.z, fa_vs_f?.p], 1e-7);
      expectAgreement('combined_vs_fa', [combined_vs_fa?.z, combined_vs_fa?.p], 1e-6);
    });

    it('logistic models, their errors and profile intervals', () => {
      const values = (of: Record<string, number | null> | undefined) => Object.values(of ?? {});
      expectAgreement('ml_coef', values(ours.logistic?.coef), 1e-6);
      // R's glm stops at a relative change of the deviance of 1e-8, so its own errors are good to four digits.
      expectAgreement('ml_se', values(ours.logistic?.se), 1e-4);
      expectAgreement('ml_profile', Object.values(ours.logistic?.profile_ci ?? {}).flat(), 1e-4);
      expectAgreement('firth_coef', values(ours.firth?.coef), 1e-6);
      expectAgreement('firth_se', values(ours.firth?.se), 1e-6);
      expectAgreement('loo', [ours.loo?.auc, ours.loo?.brier], 1e-6);
    });

    it('correlation, group tests, exact intervals, linear regression', () => {
      const r = ours.correlation_with_rr['fa'];
      expectAgreement('pearson_fa', [r?.pearson_r, ...(r?.ci95 ?? []), r?.p], 1e-8);
      expectAgreement('spearman_fa', [r?.spearman_rho], 1e-12);
      const test = ours.group_tests['fa'];
      expectAgreement(
        'welch_fa',
        [test?.welch_t, test?.welch_df, test?.welch_p, ...(test?.diff_ci ?? [])],
        1e-8,
      );
      expectAgreement('mannwhitney_fa', [test?.mannwhitney_p, test?.mannwhitney_p_exact], 1e-9);
      const cut = ours.published_cutoffs['fa_ge_0.41'];
      expectAgreement('exact_sensitivity', cut?.sensitivity.clopper_pearson ?? [], 1e-9);
      const linear = ours.linear_rr;
      const example = linear?.prediction_interval[1];
      expectAgreement('linear', [...Object.values(linear?.coef ?? {}), example?.lwr, example?.upr], 1e-8);
    });
  });
});
