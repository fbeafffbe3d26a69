import { readFileSync } from 'node:fs';
import {
  analyzeCohort,
  analyzeRescan,
  predictionsCsv,
  readCohortCsv,
  readRescanCsv,
  type CohortAnalysis,
} from '@myelon/prognosis';
import { describeWithSharedData, sharedData } from '../support/shared-data';

jest.setTimeout(120_000);

type Json = number | string | null | readonly Json[] | { readonly [key: string]: Json };

interface Reference {
  readonly tolerances: Readonly<Record<string, number>>;
  readonly R: { readonly [key: string]: Json };
  readonly python: { readonly firth: { readonly profile_penalized_ci95: Json }; readonly odds_ratios: Json };
}

const textOf = (name: string) => readFileSync(sharedData('cohort', name), 'utf8');

/** Leaves that differ by more than the tolerance of their kind, as readable lines. */
function differences(ours: Json | undefined, reference: Json, path: string): string[] {
  if (Array.isArray(reference)) {
    const list = Array.isArray(ours) ? (ours as readonly Json[]) : [];
    if (list.length !== reference.length) return [`${path}: ${String(list.length)} elements`];
    return (reference as readonly Json[]).flatMap((one, i) =>
      differences(list[i], one, `${path}/${String(i)}`),
    );
  }
  if (reference !== null && typeof reference === 'object') {
    const object = ours !== null && typeof ours === 'object' ? (ours as Record<string, Json>) : {};
    return Object.entries(reference as Record<string, Json>).flatMap(([key, value]) =>
      differences(object[key], value, `${path}/${key}`),
    );
  }
  if (typeof reference !== 'number')
    return ours === reference ? [] : [`${path}: ${String(ours)}, not ${String(reference)}`];
  const difference = Math.abs((typeof ours === 'number' ? ours : NaN) - reference);
  return difference <= allowed(path, reference) ? [] : [`${path}: ${String(ours)}, not ${String(reference)}`];
}

/** The tolerances the reference states. */
function allowed(path: string, value: number): number {
  if (path.includes('Max Deriv')) return 1e-6;
  if (/bootstrap_optimism.*slope/.test(path)) return 0.03;
  if (/bootstrap_optimism.*auc_corrected/.test(path)) return 0.006;
  if (/profile/.test(path)) return 1e-4;
  if (/delong_(var|se|ci95)|\/auc$/.test(path)) return 1e-9;
  if (/(^|[/_])[pP]$|_p$|\/p\//.test(path)) return 1e-5 * Math.abs(value);
  if (/coef|\/se\/|intercept|slope|cov\/|combined_logistic|wald_ci|\/z|rms_stats/.test(path))
    return Math.max(1e-8, 1e-6 * Math.abs(value));
  return 1e-8 * Math.max(1, Math.abs(value));
}

/** Words of the reference that are its own. */
function without(of: Readonly<Record<string, Json>>, key: string): Record<string, Json> {
  return Object.fromEntries(Object.entries(of).filter(([name]) => name !== key));
}

async function analysis(name: string): Promise<CohortAnalysis> {
  return analyzeCohort(readCohortCsv(textOf(name), { where: name }));
}

describeWithSharedData('the cohort analysis beside reference values of R and Python', ['cohort'], () => {
  it.each(['cohort_dev', 'cohort_dev_siteB'])('%s: every figure, every prediction', async (name) => {
    const { R, python } = JSON.parse(textOf(`reference_${name}.json`)) as Reference;
    const cohort = readCohortCsv(textOf(`${name}.csv`), { where: name });
    const found = await analyzeCohort(cohort);
    const figures = without(R, 'tool');
    expect(differences(found as unknown as Json, figures, '')).toEqual([]);
    expect(
      differences(
        found.firth as unknown as Json,
        { profile_penalized_ci95: python.firth.profile_penalized_ci95 },
        '',
      ),
    ).toEqual([]);
    expect(differences(found.logistic as unknown as Json, { odds_ratios: python.odds_ratios }, '')).toEqual(
      [],
    );
    const rows = (text: string) =>
      text
        .trim()
        .split('\n')
        .map((line) => line.split(','));
    const expected = rows(textOf(`predicted_${name}.csv`));
    const predicted = rows(predictionsCsv(cohort, found));
    expect(predicted.length).toBe(expected.length);
    expected.forEach((row, i) => {
      row.forEach((cell, column) => {
        const value = Number(cell);
        if (Number.isNaN(value)) expect(predicted[i]?.[column]).toBe(cell);
        else
          expect(Math.abs(Number(predicted[i]?.[column]) - value)).toBeLessThan(
            1e-6 * Math.max(1, Math.abs(value)),
          );
      });
    });
  });

  it('missing cells, ties, no deficit before surgery, deterioration', async () => {
    const found = await analysis('cohort_dev_messy.csv');
    const figures = without(
      JSON.parse(textOf('reference_cohort_dev_messy.json')) as Record<string, Json>,
      'policy',
    );
    expect(differences(found as unknown as Json, figures, '')).toEqual([]);
    expect(found.missing_patients.length).toBeGreaterThan(10);
  });

  it('scan and rescan', () => {
    const { markers } = analyzeRescan(readRescanCsv(textOf('testretest_dev.csv'), 'testretest_dev.csv'));
    const figures = without(
      JSON.parse(textOf('reference_testretest_dev.json')) as Record<string, Json>,
      'definition',
    );
    expect(differences(markers as unknown as Json, figures, '')).toEqual([]);
  });

  it('says "better" of FA and f together on one of the sites only: where the paired test does', async () => {
    const [dev, siteB] = [await analysis('cohort_dev.csv'), await analysis('cohort_dev_siteB.csv')];
    expect(dev.verdict.combined_vs_fa).toBe('not shown to be better');
    expect(siteB.verdict.combined_vs_fa).toBe('better');
  });
});
