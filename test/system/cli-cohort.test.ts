import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildCommandLine, myelon } from '../support/command-line';
import { describeWithSharedData, sharedData } from '../support/shared-data';

jest.setTimeout(300_000);

interface Analysis {
  readonly n: number;
  readonly roc: Readonly<Record<string, { auc: number; delong_ci95: unknown } | null>>;
  readonly logistic: unknown;
  readonly firth: { coef: Record<string, number> } | null;
  readonly not_available: readonly { what: string; why: string }[];
  readonly verdict: { combined_vs_fa: string };
  readonly n_negative_rr: number;
  readonly n_pre18: number;
}

let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(() => {
  buildCommandLine();
  folder = mkdtempSync(join(tmpdir(), 'myelon-cohort-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function analysed(name: string, text: string | Uint8Array, ...options: string[]) {
  writeFileSync(at(name), text);
  const run = await myelon(['cohort', at(name), '--json', ...options]);
  return { ...run, analysis: run.stdout === '' ? null : (JSON.parse(run.stdout) as Analysis) };
}

const HEADER = 'subject_id,pre_mjoa_total,post_mjoa_total,fa,ivim_f_pct';
const csv = (...rows: string[]) => [HEADER, ...rows].join('\n');
const FA = [0.3, 0.32, 0.35, 0.38, 0.41, 0.45, 0.5, 0.55];
const F = [9, 10, 8, 9.5, 10, 8.5, 9.2, 9.9];

/** Eight patients; the outcome as asked for each. */
const eight = (good: readonly boolean[], fa: readonly number[] = FA) =>
  csv(...fa.map((value, i) => `P${String(i)},10,${good[i] ? '16' : '12'},${String(value)},${String(F[i])}`));
const HALF = [false, false, false, false, true, true, true, true];
const MIXED = [false, true, false, false, true, false, true, true];

describe('myelon cohort, the built program: a right answer', () => {
  it('separation: AUC 1 without an interval, no maximum likelihood, Firth as R gives it for FA alone', async () => {
    const { exitCode, analysis } = await analysed('separated.csv', eight(HALF));
    expect(exitCode).toBe(0);
    expect(analysis?.roc['fa']).toMatchObject({ auc: 1, delong_ci95: null });
    expect(analysis?.logistic).toBeNull();
    expect(analysis?.firth?.coef['fa']).toBeGreaterThan(0);
    expect(analysis?.not_available.find(({ what }) => what === 'logistic')?.why).toMatch(/separate/);
    expect(analysis?.verdict.combined_vs_fa).toBe('not tested');
  });

  it('ties across outcomes count one half; a constant marker is no model', async () => {
    const tied = await analysed('tied.csv', eight(HALF, [0.3, 0.35, 0.41, 0.38, 0.41, 0.45, 0.5, 0.36]));
    expect(tied.analysis?.roc['fa']?.auc).toBe(0.84375);
    const constant = await analysed(
      'constant.csv',
      eight(
        MIXED,
        FA.map(() => 0.4),
      ),
    );
    expect(constant.exitCode).toBe(0);
    expect(constant.analysis?.roc['fa']?.auc).toBe(0.5);
    expect(constant.analysis?.not_available.find(({ what }) => what === 'logistic')?.why).toMatch(/constant/);
  });

  it('one outcome only: described, exit code 4', async () => {
    const { exitCode, analysis, stderr } = await analysed('one.csv', eight(FA.map(() => true)));
    expect(exitCode).toBe(4);
    expect(analysis).toMatchObject({ n: 8, roc: { fa: null } });
    expect(stderr).not.toMatch(/at .*\.js/);
  });

  it('three patients, no deficit before surgery, deterioration, missing cells', async () => {
    const { exitCode, analysis } = await analysed(
      'few.csv',
      csv('A,18,18,0.5,11', 'B,12,9,0.31,7.5', 'C,10,16,0.45,', 'D,9,NA,0.4,10', 'E,11,15,,9'),
    );
    expect(exitCode).toBe(4);
    expect(analysis).toMatchObject({ n: 3, n_pre18: 1, n_negative_rr: 1 });
    expect(JSON.stringify(analysis)).not.toMatch(/NaN|Infinity/);
  });

  it('a file as Excel breaks it reads as the clean one', async () => {
    const clean = await analysed('clean.csv', eight(MIXED));
    const german = eight(MIXED).replaceAll(',', ';').replaceAll('.', ',').replaceAll('\n', '\r\n');
    const bom = await analysed('bom.csv', `\uFEFFsep=;\r\n${german}\r\n;;;;\r\n`);
    const utf16 = await analysed(
      'utf16.csv',
      Buffer.from(`\uFEFF${german.replaceAll(';', '\t')}`, 'utf16le'),
    );
    expect(clean.exitCode).toBe(0);
    expect(bom.analysis?.roc).toEqual(clean.analysis?.roc);
    expect(utf16.analysis?.roc).toEqual(clean.analysis?.roc);
  });

  it('writes PDF, plots, report and predictions where asked', async () => {
    const { exitCode } = await analysed('all.csv', eight(MIXED), '--out', at('out'));
    expect(exitCode).toBe(0);
    expect(readdirSync(at('out')).sort()).toEqual([
      'calibration.svg',
      'cohort.json',
      'cohort.pdf',
      'decision.svg',
      'predictions.csv',
      'report.md',
      'roc.svg',
      'scatter-f.svg',
      'scatter-fa.svg',
    ]);
    expect(
      readFileSync(join(at('out'), 'cohort.pdf'))
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
    expect(readFileSync(join(at('out'), 'roc.svg'), 'utf8')).toMatch(/^<svg [^>]*viewBox/);
  });
});

describe('myelon cohort, the built program: a refusal of one line, exit code 3', () => {
  it.each<[string, string | Uint8Array, RegExp]>([
    ['FA in per cent', csv('A,10,14,41,9'), /row 2, column fa: FA 41/],
    ['f as a fraction', csv('A,10,14,0.4,0.095'), /looks like a fraction.*--f-unit/],
    ['a date', csv('A,10,14,05.Apr,9'), /is a date/],
    [
      'mixed mJOA versions',
      `mjoa_max,${csv('A,10,14,0.4,9', 'B,10,14,0.4,9')}`.replace('\nA', '\n18,A').replace('\nB', '\n17,B'),
      /versions of mJOA are mixed/,
    ],
    ['a score above the maximum', csv('A,10,19,0.4,9'), /mJOA 19 is not between 0 and 18/],
    ['a spreadsheet', Uint8Array.of(0x50, 0x4b, 3, 4), /a spreadsheet file/],
    ['nothing', '', /no header/],
    ['no outcome', 'subject_id,fa\nA,0.4', /no column for an outcome/],
  ])('%s', async (name, text, message) => {
    const { exitCode, stderr } = await analysed(`${name.replaceAll(' ', '-')}.csv`, text);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(message);
    expect(stderr.trim()).not.toMatch(/\n/);
  });
});

describeWithSharedData('myelon cohort on the reference cohorts', ['cohort'], () => {
  it.each(['cohort_dev', 'cohort_dev_siteB', 'cohort_dev_messy'])('%s', async (name) => {
    const run = await myelon(['cohort', sharedData('cohort', `${name}.csv`), '--json']);
    expect(run.exitCode).toBe(0);
    const found = JSON.parse(run.stdout) as Record<string, unknown>;
    const reference = JSON.parse(readFileSync(sharedData('cohort', `reference_${name}.json`), 'utf8')) as {
      R?: Record<string, unknown>;
    };
    const expected = reference.R ?? (reference as Record<string, unknown>);
    for (const key of Object.keys(expected)) expect(Object.keys(found)).toContain(key);
    if ('n' in expected) expect(found['n']).toBe(expected['n']);
  });
});
