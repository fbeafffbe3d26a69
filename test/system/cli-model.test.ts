import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noiseSource } from '@myelon/diffusion';
import { buildCommandLine, myelon } from '../support/command-line';

jest.setTimeout(120_000);

let folder: string;
const at = (name: string) => join(folder, name);

/** Patients whose outcomes follow the score that comes with the software, shifted. */
function cohortCsv(n: number, shift: number): string {
  const noise = noiseSource(977);
  const rows = Array.from({ length: n }, (_, i) => {
    const fa = 0.44 + 0.08 * noise.normal();
    const f = 9.9 + 2 * noise.normal();
    const good = noise.uniform() < 1 / (1 + Math.exp(11 - shift - 18.14 * fa - 0.466 * f));
    return `P${String(i)},10,${good ? '16' : '12'},${fa.toFixed(4)},${f.toFixed(3)}`;
  });
  return ['subject_id,pre_mjoa_total,post_mjoa_total,fa,ivim_f_pct', ...rows].join('\n');
}

beforeAll(() => {
  buildCommandLine();
  folder = mkdtempSync(join(tmpdir(), 'myelon-model-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('a site recalibrates, signs, checks, and is told what going back means', async () => {
  const key = await myelon(['model', 'key', '--out', at('key'), '--json']);
  expect(key.exitCode).toBe(0);
  const { publicKey } = JSON.parse(key.stdout) as { publicKey: string };
  expect(statSync(at('key')).mode & 0o077).toBe(0);
  expect((await myelon(['model', 'key', '--out', at('key')])).exitCode).toBe(3);

  writeFileSync(at('cohort.csv'), cohortCsv(120, -1.5));
  const made = await myelon([
    ...['model', 'recalibrate', at('cohort.csv'), '--out', at('model.json')],
    ...['--site', 'Example', '--model-version', '1.0-example', '--key', at('key')],
  ]);
  expect({ stderr: made.stderr, exitCode: made.exitCode }).toMatchObject({ exitCode: 0 });
  expect(made.stdout).toMatch(
    /fa-f-score 1.0-example of Example: intercept \(the closed test chose "intercept"/,
  );
  const { stdout } = await myelon(['model', 'check', at('model.json'), '--trust', publicKey, '--json']);
  const model = JSON.parse(stdout) as { coefficients: { intercept: number; fa: number }; hash: string };
  expect(Math.abs(model.coefficients.intercept - (-11.013 - 1.5))).toBeLessThan(0.7);
  expect(model.coefficients.fa).toBeCloseTo(18.137, 2);

  const next = await myelon([
    ...['model', 'recalibrate', at('cohort.csv'), '--out', at('next.json'), '--based-on', at('model.json')],
    ...['--site', 'Example', '--model-version', '1.1-example', '--key', at('key')],
  ]);
  expect(next.stdout).toMatch(/1.1-example of Example: original/);
  expect(next.stdout).toContain(`based on fa-f-score 1.0-example (${model.hash}); to go back, install that`);
});

test('refuses files that were changed, signers nobody trusts, and cohorts without outcomes', async () => {
  const text = readFileSync(at('model.json'), 'utf8');
  writeFileSync(at('changed.json'), text.replace('"site": "Example"', '"site": "Elsewhere"'));
  const changed = await myelon(['model', 'check', at('changed.json')]);
  expect(changed.exitCode).toBe(3);
  expect(changed.stderr).toMatch(/changed\.json: its content does not match its hash/);
  const stranger = await myelon(['model', 'check', at('model.json'), '--trust', '0'.repeat(64)]);
  expect(stranger.exitCode).toBe(3);
  expect(stranger.stderr).toMatch(/does not trust/);
  writeFileSync(at('rescan.csv'), 'subject_id,fa_1,fa_2\nA,0.4,0.41\nB,0.5,0.49\n');
  const rescan = await myelon([
    ...['model', 'recalibrate', at('rescan.csv'), '--out', at('none.json')],
    ...['--site', 'Example', '--model-version', '1', '--key', at('key')],
  ]);
  expect(rescan.exitCode).toBe(3);
  expect(rescan.stderr).toMatch(/no outcomes/);
});

test('analyze takes no model that was changed', async () => {
  const run = await myelon([
    ...['analyze', at('nowhere'), '--out', at('out'), '--score-model', at('changed.json')],
  ]);
  expect(run.exitCode).toBe(3);
  expect(run.stderr).toMatch(/does not match its hash/);
});
