import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cervicalCordPhantom, phantomDicomFiles } from '@myelon/phantom';
import { readAnalysisRecord } from '@myelon/pipeline';
import { buildCommandLine, myelon } from '../support/command-line';
import { writeFiles } from '../support/write-files';

jest.setTimeout(300_000);

let folder: string;
const at = (...path: string[]) => join(folder, ...path);

beforeAll(() => {
  buildCommandLine();
  folder = mkdtempSync(join(tmpdir(), 'myelon-clinical-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('mJOA, score and probability go into the record, and into words in the terminal', async () => {
  const phantom = cervicalCordPhantom({ snr: 30, seed: 7 });
  writeFiles(at('study'), phantomDicomFiles(phantom, { encoding: 'enhanced', without: ['t2-axial'] }));
  const slices = phantom.compressedSlices.map((slice) => slice + 1);
  const compression = `${String(slices[0])}-${String(slices.at(-1))}`;
  const run = await myelon([
    'analyze',
    at('study'),
    '--out',
    at('out'),
    ...['--compression-slices', compression, '--replicates', '0'],
    ...['--mjoa', '11', '--mjoa-post', '15', '--success-rate', '52/80'],
  ]);
  expect(run.exitCode).toBe(0);
  const record = readAnalysisRecord(readFileSync(at('out', 'record.json'), 'utf8'), 'record.json');
  expect(record.clinical?.pre?.score).toEqual({ version: 'mjoa-18', total: 11, maximum: 18, items: null });
  expect(run.stdout).toMatch(/mJOA before \(mjoa-18\): 11 of 18, severe/);
  expect(run.stdout).toMatch(/recovery rate 57 %, \+4 points/);
  if (record.score?.kind !== 'score') throw new Error(record.score?.reasons.join('; '));
  expect(record.score.sensitivity.map(({ id }) => id)).toContain('eroded');
  expect(record.score.probability).toMatchObject({ siteRate: { recovered: 52, operated: 80 } });
  expect(run.stdout).toMatch(/where 65 of 100 regain at least half of the lost mJOA points/);
  expect(run.stdout).toMatch(/not calibrated/);
});

test.each([
  [['--mjoa', '19'], /19 cannot be, it goes from 0 to 18/],
  [['--mjoa', '18', '--mjoa-version', 'mjoa-17'], /18 cannot be, it goes from 0 to 17/],
  [['--mjoa', '11.5'], /whole number/],
  [['--success-rate', '0.7'], /as in 52\/80/],
  [['--success-rate', '7/10'], /too few/],
  [['--success-rate', '50/50'], /no rate/],
])('refuses %j as bad usage before reading anything', async (options, why) => {
  const run = await myelon(['analyze', at('nowhere'), '--out', at('none'), ...options]);
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toMatch(why);
});
