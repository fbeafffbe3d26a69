import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noiseSource } from '@myelon/diffusion';
import { fitLogistic } from '@myelon/prognosis';
import { buildCommandLine, myelon } from '../support/command-line';

jest.setTimeout(300_000);

interface Patient {
  readonly fa: number;
  readonly f: number;
  readonly good: boolean;
}

const SITES = [
  { name: 'north', n: 60, seed: 31, shift: -0.6 },
  { name: 'south', n: 80, seed: 32, shift: 0.4 },
];

function patientsOf({ n, seed, shift }: (typeof SITES)[number]): Patient[] {
  const noise = noiseSource(seed);
  return Array.from({ length: n }, () => {
    const fa = Number((0.43 + 0.08 * noise.normal()).toFixed(4));
    const f = Number((9.8 + 2 * noise.normal()).toFixed(3));
    const good = noise.uniform() < 1 / (1 + Math.exp(10.5 - shift - 17 * fa - 0.4 * f));
    return { fa, f, good };
  });
}

const csv = (patients: readonly Patient[]) =>
  [
    'subject_id,pre_mjoa_total,post_mjoa_total,fa,ivim_f_pct',
    ...patients.map(
      ({ fa, f, good }, i) => `X${String(i)},10,${good ? '16' : '12'},${String(fa)},${String(f)}`,
    ),
  ].join('\n');

let folder: string;
const at = (name: string) => join(folder, name);
const json = <Content>(name: string) => JSON.parse(readFileSync(at(name), 'utf8')) as Content;

beforeAll(() => {
  buildCommandLine();
  folder = mkdtempSync(join(tmpdir(), 'myelon-federated-'));
  for (const site of SITES) writeFileSync(at(`${site.name}.csv`), csv(patientsOf(site)));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const answer = (request: string, site: string, out: string) =>
  myelon([
    'federated',
    'answer',
    at(request),
    '--cohort',
    at(`${site}.csv`),
    '--site',
    site,
    '--out',
    at(out),
  ]);

async function round(request: string, out: string): Promise<void> {
  const runs = await Promise.all(SITES.map(({ name }) => answer(request, name, `${name}.json`)));
  expect(runs.map(({ exitCode, stderr }) => ({ exitCode, stderr }))).toEqual(
    SITES.map(() => ({ exitCode: 0, stderr: '' })),
  );
  const answers = SITES.map(({ name }) => at(`${name}.json`));
  const run = await myelon(['federated', 'combine', at(request), ...answers, '--out', at(out)]);
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toEqual({ exitCode: 0, stderr: '' });
}

test('two sites fit by files what their patients together would give, and no patient leaves', async () => {
  const start = await myelon(['federated', 'start', '--study', 'pilot', '--out', at('request.json')]);
  expect(start.exitCode).toBe(0);
  let rounds = 0;
  while (json<{ schema: string }>('request.json').schema === 'myelon-federated-fit-request') {
    await round('request.json', 'request.json');
    const text = readFileSync(at('north.json'), 'utf8');
    for (const { fa } of patientsOf(SITES[0]!).slice(0, 5)) expect(text).not.toContain(String(fa));
    expect(++rounds).toBeLessThan(20);
  }
  const result = json<{ coefficients: number[]; covariance: number[][] }>('request.json');
  const all = SITES.flatMap(patientsOf);
  const pooled = fitLogistic(
    {
      columns: [all.map(({ fa }) => fa), all.map(({ f }) => f)],
      outcome: all.map(({ good }) => Number(good)),
    },
    { penalty: 'firth' },
  );
  pooled.coefficients.forEach((value, j) => {
    expect(Math.abs((result.coefficients[j] ?? NaN) - value)).toBeLessThan(1e-8);
    pooled.covariance[j]?.forEach((c, k) => {
      expect(Math.abs((result.covariance[j]?.[k] ?? NaN) - c)).toBeLessThan(1e-8);
    });
  });
  await myelon(['federated', 'evaluate', at('request.json'), '--out', at('evaluate.json')]);
  await round('evaluate.json', 'evaluation.json');
  const found = json<{ auc: { low: number; high: number }; patients: number }>('evaluation.json');
  const linear = all.map(
    ({ fa, f }) => pooled.coefficients[0]! + pooled.coefficients[1]! * fa + pooled.coefficients[2]! * f,
  );
  const [good, poor] = [true, false].map((of) => linear.filter((_, i) => all[i]?.good === of));
  const wins = good!.flatMap((g) => poor!.map((p) => (g > p ? 1 : g === p ? 0.5 : 0)));
  const auc = wins.reduce<number>((sum, win) => sum + win, 0) / wins.length;
  expect(found.patients).toBe(all.length);
  expect(auc).toBeGreaterThanOrEqual(found.auc.low - 1e-12);
  expect(auc).toBeLessThanOrEqual(found.auc.high + 1e-12);
});

test('nothing leaves a site whose cells are under 5, and no other scale is mixed in', async () => {
  await myelon(['federated', 'start', '--study', 'pilot', '--out', at('first.json')]);
  const few = patientsOf(SITES[0]!).map((one, i) => ({ ...one, good: i >= 4 }));
  writeFileSync(at('rare.csv'), csv(few));
  const rare = await answer('first.json', 'rare', 'rare.json');
  expect(rare.exitCode).toBe(3);
  expect(rare.stderr).toMatch(/4 patients without the outcome, cells under 5 do not leave/);
  writeFileSync(at('tiny.csv'), csv(few.slice(0, 12)));
  expect((await answer('first.json', 'tiny', 'tiny.json')).stderr).toMatch(
    /12 patients, sums over fewer than 20/,
  );
  writeFileSync(
    at('seventeen.csv'),
    csv(patientsOf(SITES[0]!)).replace('subject_id', 'mjoa_max,subject_id').replaceAll(/^X/gm, '17,X'),
  );
  const other = await answer('first.json', 'seventeen', 'seventeen.json');
  expect(other.exitCode).toBe(3);
  expect(other.stderr).toMatch(/mjoa-17/);
});
