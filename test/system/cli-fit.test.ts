import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readNifti, type NiftiImage } from '@myelon/nifti';
import { cervicalCordPhantom, phantomNiftiFiles, type Phantom } from '@myelon/phantom';
import { readAnalysisRecord, statisticsOfQuantity, whyMissing } from '@myelon/pipeline';
import { buildCommandLine, myelon, type CommandLineRun } from '../support/command-line';
import { writeFiles } from '../support/write-files';

jest.setTimeout(120_000);

let folder: string;
let phantom: Phantom;
let cord: Float32Array;
const at = (...path: string[]) => join(folder, ...path);
const image = (...path: string[]): NiftiImage => readNifti(readFileSync(at(...path)), path.join('/'));
const series = (name: 'dti' | 'ivim') => [
  at(`${name}.nii.gz`),
  ...['--bval', at(`${name}.bval`), '--bvec', at(`${name}.bvec`)],
];
const mask = () => ['--mask', at('truth', 'cord.nii.gz')];

beforeAll(() => {
  buildCommandLine();
  folder = mkdtempSync(join(tmpdir(), 'myelon-fit-'));
  phantom = cervicalCordPhantom({ size: 'small', seed: 5, snr: 40 });
  writeFiles(folder, phantomNiftiFiles(phantom));
  cord = image('truth', 'cord.nii.gz').data;
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function fitted(out: string, args: readonly string[]): Promise<CommandLineRun> {
  const run = await myelon(['fit', ...args, ...mask(), '--out', at(out)]);
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
  return run;
}

/** Mean over voxels that are wholly cord. */
function meanOf(values: Float32Array): number {
  const fraction = phantomFraction();
  let sum = 0;
  let n = 0;
  values.forEach((value, voxel) => {
    if (fraction[voxel]! < 0.999) return;
    sum += value;
    n++;
  });
  return sum / n;
}

/** Cord fraction in the voxel order of the files: the mask's inner voxels stand for it. */
function phantomFraction(): Float32Array {
  const { columns, rows } = image('truth', 'cord.nii.gz').grid;
  return cord.map((label, voxel) =>
    label > 0 && [-1, 1, -columns, columns].every((step) => (cord[voxel + step] ?? 0) > 0) && rows > 0
      ? 1
      : 0,
  );
}

describe('every method of the contract, end to end', () => {
  test.each([
    ['ols', []],
    ['wls', ['--tensor-iterations', '3']],
    ['nlls', ['--positive-definite']],
    ['robust', []],
  ])('--tensor %s', async (method, more) => {
    await fitted(method, [...series('dti'), '--tensor', method, ...more, '--ivim', 'none', '--details']);
    expect(
      Math.abs(meanOf(image(method, 'fa.nii.gz').data) - meanOf(image('truth', 'fa.nii.gz').data)),
    ).toBeLessThan(0.03);
    const residual = image(method, 'tensor_residual.nii.gz').data;
    const chi2 = meanOf(image(method, 'tensor_chi2.nii.gz').data);
    expect(meanOf(residual)).toBeGreaterThan(0);
    expect(chi2).toBeGreaterThan(0.5);
    expect(chi2).toBeLessThan(3);
    for (const name of ['tensor_mode', 'tensor_outliers', 'fa_se', 'md_se', 'ad_se', 'rd_se', 'fa_bias'])
      expect(image(method, `${name}.nii.gz`).data.every(Number.isFinite)).toBe(true);
    const fit = JSON.parse(readFileSync(at(method, 'fit.json'), 'utf8')) as {
      tensor: { shells: string; noise: number[]; atBoundVoxels: Record<string, number> };
    };
    expect(fit.tensor.shells).toBe('b 0 (5 volumes), b 800 (30 volumes), by rule');
    expect(fit.tensor.noise).toHaveLength(phantom.dti.grid.slices);
    if (method === 'nlls') expect(fit.tensor.atBoundVoxels['fa']).toBe(0);
  });

  test('the principal direction lies along the cord, as unit vectors', async () => {
    const { data } = image('wls', 'tensor_direction.nii.gz');
    const size = cord.length;
    const inside = phantomFraction();
    let n = 0;
    let along = 0;
    for (let voxel = 0; voxel < size; voxel++) {
      if (inside[voxel] === 0) continue;
      const [x, y, z] = [data[voxel]!, data[size + voxel]!, data[2 * size + voxel]!];
      expect(Math.hypot(x, y, z)).toBeCloseTo(1, 4);
      n++;
      along += Math.abs(z);
    }
    expect(along / n).toBeGreaterThan(0.9);
  });

  test.each([
    ['segmented', ['--split-b', '250']],
    ['nlls', ['--directions', 'separate']],
    ['bayesian', ['--prior', 'slice']],
  ])('--ivim %s', async (method, more) => {
    const out = `ivim-${method}`;
    await fitted(out, [...series('ivim'), '--tensor', 'none', '--ivim', method, ...more, '--details']);
    const off = (quantity: string) =>
      meanOf(image(out, `${quantity}.nii.gz`).data) - meanOf(image('truth', `${quantity}.nii.gz`).data);
    expect(Math.abs(off('ivim_f'))).toBeLessThan(0.05);
    expect(Math.abs(off('ivim_d')) * 1e3).toBeLessThan(0.15);
    expect(meanOf(image(out, 'ivim_residual.nii.gz').data)).toBeGreaterThan(0);
    const fit = JSON.parse(readFileSync(at(out, 'fit.json'), 'utf8')) as {
      ivim: {
        method: string;
        convention: string;
        atBoundVoxels: Record<string, number>;
        learnedPriors?: ({ lnD: { mean: number } } | null)[];
      };
    };
    const learned = fit.ivim.learnedPriors?.flatMap((slice) => (slice ? [Math.exp(slice.lnD.mean)] : []));
    expect(learned?.every((d) => d > 0.3e-3 && d < 3e-3)).toBe(method === 'bayesian' ? true : undefined);
    expect(fit.ivim.convention).toBe('S = S0 [f exp(-b D*) + (1 - f) exp(-b D)], D* > D');
    expect(fit.ivim.atBoundVoxels['ivim_f']).toBeGreaterThanOrEqual(0);
    if (method === 'segmented') return;
    const f = image(out, 'ivim_f.nii.gz').data;
    const lower = image(out, 'ivim_f_lower.nii.gz').data;
    const upper = image(out, 'ivim_f_upper.nii.gz').data;
    expect(f.every((value, voxel) => lower[voxel]! <= value + 1e-6 && value <= upper[voxel]! + 1e-6)).toBe(
      true,
    );
    // Mono-exponential ADC stands beside it and lies above D.
    expect(meanOf(image(out, 'adc.nii.gz').data)).toBeGreaterThan(meanOf(image(out, 'ivim_d.nii.gz').data));
  });
});

describe('analyze with chosen methods', () => {
  test('states standard errors and intervals of every region in record and table', async () => {
    const run = await myelon(['analyze', ...series('ivim'), ...mask(), '--tensor', 'none', '--out', at('a')]);
    expect(run.exitCode).toBe(0);
    const record = readAnalysisRecord(readFileSync(at('a', 'record.json'), 'utf8'), 'record');
    for (const region of record.regions)
      for (const quantity of ['adc', 'ivim_d', 'ivim_dstar', 'ivim_f'] as const) {
        const { uncertainty, mean } = statisticsOfQuantity(region, quantity)!;
        expect(uncertainty!.method).toBe('wild bootstrap, 100 replicates');
        expect(uncertainty!.standardError).toBeGreaterThan(0);
        const corrected = mean - uncertainty!.bias;
        expect(uncertainty!.interval[0]).toBeLessThan(corrected);
        expect(uncertainty!.interval[1]).toBeGreaterThan(corrected);
      }
    const [whole] = record.regions;
    const slice = record.regions.find(({ kind }) => kind === 'slice')!;
    const errorOf = (region: typeof slice) =>
      statisticsOfQuantity(region, 'ivim_d')!.uncertainty!.standardError;
    expect(errorOf(whole!)).toBeLessThan(errorOf(slice));
    expect(whyMissing(whole!, 'fa')).toMatch(/tensor/);
    const [header, row] = readFileSync(at('a', 'metrics.csv'), 'utf8').split('\r\n');
    expect(header).toContain('ivim_f noise standardError (%)');
    expect(row).toContain('S = S0 [f exp(-b D*) + (1 - f) exp(-b D)]');
  });

  test('a tensor alone, asked for, is all there is to do: exit code 0, with analytic errors and the bias of FA', async () => {
    const args = ['--tensor', 'robust', '--ivim', 'none', '--out', at('b')];
    const run = await myelon(['analyze', ...series('dti'), ...mask(), ...args]);
    expect(run.exitCode).toBe(0);
    const record = readAnalysisRecord(readFileSync(at('b', 'record.json'), 'utf8'), 'record');
    expect(record.tensor!.method).toMatch(/robust/);
    const { uncertainty } = statisticsOfQuantity(record.regions[0]!, 'fa')!;
    expect(uncertainty!.method).toMatch(/delta method/);
    expect(uncertainty!.bias).not.toBe(0);
    expect(uncertainty!.standardError).toBeGreaterThan(0);
    // The same without saying so: the IVIM it would have made is missing.
    expect((await myelon(['analyze', ...series('dti'), ...mask(), '--out', at('b2')])).exitCode).toBe(4);
  });

  test.each([
    ['an option of another method', ['--prior', 'flat'], /--prior belongs to --ivim bayesian/],
    [
      'iterations of what has none',
      ['--tensor', 'ols', '--tensor-iterations', '2'],
      /belongs to --tensor wls/,
    ],
    ['noise that is none', ['--noise', '0'], /--noise 0: give a positive number/],
    ['too few replicates', ['--replicates', '3'], /20 or more/],
  ])('%s is bad usage', async (_, args, what) => {
    const run = await myelon(['analyze', ...series('dti'), ...args, '--out', at('never')]);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(what);
  });
});

describe('f where the images cannot tell it', () => {
  test('along the cord is refused with the reason; D and ADC are given; exit code 4', async () => {
    const bValues = readFileSync(at('ivim.bval'), 'utf8').trim().split(/\s+/).map(Number);
    const row = (value: string) => bValues.map((b) => (b > 0 ? value : '0')).join(' ');
    writeFileSync(at('along.bvec'), ['0', '0', '1'].map(row).join('\n'));
    const args = ['--bval', at('ivim.bval'), '--bvec', at('along.bvec'), '--tensor', 'none', ...mask()];
    const run = await myelon(['fit', at('ivim.nii.gz'), ...args, '--out', at('along'), '--json']);
    expect(run.exitCode).toBe(4);
    const { notDone } = JSON.parse(run.stdout) as { notDone: { what: string; why: string }[] };
    expect(notDone.map(({ what }) => what)).toEqual(['f', 'D*']);
    expect(notDone[0]!.why).toMatch(/along the cord/);
    expect(existsSync(at('along', 'ivim_f.nii.gz'))).toBe(false);
    expect(meanOf(image('along', 'ivim_d.nii.gz').data)).toBeGreaterThan(0);
    const analysed = await myelon(['analyze', at('ivim.nii.gz'), ...args, '--out', at('along-record')]);
    expect(analysed.exitCode).toBe(4);
    const record = readAnalysisRecord(readFileSync(at('along-record', 'record.json'), 'utf8'), 'record');
    expect(whyMissing(record.regions[0]!, 'ivim_f')).toMatch(/along the cord/);
  });
});
