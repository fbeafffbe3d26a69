import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readNifti, writeNifti, type NiftiImage } from '@myelon/nifti';
import { cervicalCordPhantom, phantomNiftiFiles } from '@myelon/phantom';
import { buildCommandLine, myelon } from '../support/command-line';
import { writeFiles } from '../support/write-files';

jest.setTimeout(120_000);

let folder: string;
let cord: Float32Array;
const at = (...path: string[]) => join(folder, ...path);
const image = (...path: string[]): NiftiImage => readNifti(readFileSync(at(...path)), path.join('/'));

beforeAll(() => {
  buildCommandLine();
  folder = mkdtempSync(join(tmpdir(), 'myelon-fit-bad-'));
  writeFiles(folder, phantomNiftiFiles(cervicalCordPhantom({ size: 'small', seed: 5, snr: 40 })));
  cord = image('truth', 'cord.nii.gz').data;
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('bad images', () => {
  /** The DTI series with its signals changed. */
  function damaged(name: string, change: (data: Float32Array, perVolume: number) => void): string {
    const source = image('dti.nii.gz');
    const data = Float32Array.from(source.data);
    change(data, data.length / source.volumes);
    writeFileSync(at(name), writeNifti({ ...source, data }, { gzip: true, datatype: 'float32' }));
    return at(name);
  }
  const fit = (path: string, out: string, more: readonly string[] = []) =>
    myelon([
      ...['fit', path, '--bval', at('dti.bval'), '--bvec', at('dti.bvec'), '--ivim', 'none'],
      ...[...more, '--out', at(out)],
    ]);

  test.each<[string, (data: Float32Array, perVolume: number) => void, RegExp]>([
    ['zeros', (data) => data.fill(0), /no signal: every value is 0 or less; export/],
    ['NaN', (data) => data.fill(Number.NaN), /no signal: every value is 0 or less/],
    ['negative', (data) => data.fill(-5), /no signal/],
    ['constant', (data) => data.fill(500), /every value of the images is 500/],
    [
      'the same volume again and again',
      (data, size) => {
        for (let at = size; at < data.length; at += size) data.copyWithin(at, 0, size);
      },
      /all 35 volumes hold the same pixels/,
    ],
  ])('of %s are refused', async (name, change, what) => {
    const run = await fit(damaged(`bad-${name.length.toString()}.nii.gz`, change), 'never');
    expect(run.stderr).toMatch(what);
    expect(run.exitCode).toBe(3);
    expect(run.stderr.trim().split('\n')).toHaveLength(1);
  });

  test('with some NaN, negative and clipped signals and an empty volume are fitted, flagged and told of', async () => {
    const path = damaged('spots.nii.gz', (data, size) => {
      const centre = cord.findIndex((label) => label > 0);
      data[centre] = Number.NaN;
      data[6 * size + centre + 1] = -4;
      data.fill(0, 9 * size, 10 * size);
      data.forEach((value, index) => {
        if (value > 700) data[index] = 700;
      });
    });
    const run = await fit(path, 'spots', ['--details']);
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toMatch(/negative/);
    expect(run.stderr).toMatch(/no signal in volume 10/);
    expect(run.stderr).toMatch(/exactly 700.*saturated/);
    const centre = cord.findIndex((label) => label > 0);
    expect(image('spots', 'tensor_status.nii.gz').data[centre]).toBe(2);
    expect(image('spots', 'fa.nii.gz').data.every(Number.isFinite)).toBe(true);
    const { tensor } = JSON.parse(readFileSync(at('spots', 'fit.json'), 'utf8')) as {
      tensor: { volumes: number[] };
    };
    expect(tensor.volumes).not.toContain(9);
  });

  test('of one volume, of two directions, or with b-values in another unit are refused', async () => {
    const source = image('dti.nii.gz');
    const size = source.data.length / source.volumes;
    const bval = readFileSync(at('dti.bval'), 'utf8').trim().split(/\s+/).map(Number);
    writeFileSync(
      at('one.nii.gz'),
      writeNifti(
        { ...source, volumes: 1, data: source.data.slice(0, size) },
        { gzip: true, datatype: 'float32' },
      ),
    );
    writeFileSync(at('one.bval'), '0');
    writeFileSync(at('one.bvec'), '0\n0\n0');
    const one = ['fit', at('one.nii.gz'), '--bval', at('one.bval'), '--bvec', at('one.bvec')];
    const alone = await myelon([...one, '--out', at('never')]);
    expect(alone.exitCode).toBe(3);
    expect(alone.stderr).toMatch(/no diffusion directions.*1 different b-value/);
    const two = [0, 1, 2].map((axis) =>
      bval.map((b, volume) => (b > 0 && volume % 2 === axis ? '1' : '0')).join(' '),
    );
    writeFileSync(at('two.bvec'), two.join('\n'));
    const directions = ['--bval', at('dti.bval'), '--bvec', at('two.bvec'), '--ivim', 'none'];
    const few = await myelon(['fit', at('dti.nii.gz'), ...directions, '--out', at('never')]);
    expect(few.exitCode).toBe(3);
    expect(few.stderr).toMatch(/2 different diffusion directions, a tensor needs 6/);
    for (const [factor, what] of [
      [1e-3, /largest b-value is 0.8/],
      [100, /largest b-value is 80000/],
      [1e6, /b-values are in s\/mm2/],
    ] as const) {
      writeFileSync(at('unit.bval'), bval.map((b) => b * factor).join(' '));
      const args = ['--bval', at('unit.bval'), '--bvec', at('dti.bvec')];
      const run = await myelon(['fit', at('dti.nii.gz'), ...args, '--out', at('never')]);
      expect(run.stderr).toMatch(what);
      expect(run.exitCode).toBe(3);
    }
  });
});
