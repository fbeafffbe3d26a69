import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readNifti, writeNifti, type NiftiImage } from '@myelon/nifti';
import { cervicalCordPhantom, phantomNiftiFiles } from '@myelon/phantom';
import type { SeriesQuality } from '@myelon/pipeline';
import { buildCommandLine, myelon, type CommandLineRun } from '../support/command-line';
import { writeFiles } from '../support/write-files';

jest.setTimeout(200_000);

let folder: string;
const at = (...path: string[]) => join(folder, ...path);
const image = (...path: string[]): NiftiImage => readNifti(readFileSync(at(...path)), path.join('/'));
const tables = () => ['--bval', at('dti.bval'), '--bvec', at('dti.bvec')];

beforeAll(() => {
  buildCommandLine();
  folder = mkdtempSync(join(tmpdir(), 'myelon-prepare-'));
  writeFiles(folder, phantomNiftiFiles(cervicalCordPhantom({ size: 'small', seed: 5, snr: 30 })));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function fit(input: string, out: string, args: readonly string[]): Promise<CommandLineRun> {
  const mask = ['--mask', at('truth', 'cord.nii.gz')];
  return myelon(['fit', at(input), ...tables(), ...mask, '--ivim', 'none', '--out', at(out), ...args]);
}

function qualityIn(out: string): SeriesQuality {
  const { quality } = JSON.parse(readFileSync(at(out, 'fit.json'), 'utf8')) as { quality: SeriesQuality[] };
  return quality[0]!;
}

describe('preparation before the fit', () => {
  test('is off by default, and the record says so; SNR is stated with its method', async () => {
    expect((await fit('dti.nii.gz', 'plain', [])).exitCode).toBe(0);
    const quality = qualityIn('plain');
    expect(quality.preparation).toEqual([]);
    if ('missing' in quality.signalToNoise) throw new Error(quality.signalToNoise.missing);
    expect(quality.signalToNoise.method).toBe('scatter over 5 volumes at b 0 s/mm2');
    for (const ratio of quality.signalToNoise.ratio) expect(Math.abs(ratio! / 30 - 1)).toBeLessThan(0.25);
  });

  test('every step is done when asked for, in order, and recorded', async () => {
    const run = await fit('dti.nii.gz', 'all', ['--denoise', '--unring', '--rician', '--motion']);
    expect(run.exitCode).toBe(0);
    const { preparation, shiftsMm, outlierSlices } = qualityIn('all');
    expect(preparation.map(({ step, done }) => [step, done])).toEqual([
      ['denoise', true],
      ['unring', true],
      ['rician', true],
      ['motion', true],
      ['outliers', false],
    ]);
    expect(preparation.every(({ why }) => why === 'asked for')).toBe(true);
    expect(shiftsMm!.columns).toHaveLength(35);
    expect(outlierSlices).toEqual([]);
    expect(image('all', 'fa.nii.gz').data).not.toEqual(image('plain', 'fa.nii.gz').data);
  });

  test('by rule leaves still, clean images as they are, to the last bit', async () => {
    const args = ['--denoise', 'auto', '--unring', 'auto', '--rician', 'auto', '--motion', 'auto'];
    expect((await fit('dti.nii.gz', 'auto', args)).exitCode).toBe(0);
    const { preparation } = qualityIn('auto');
    expect(preparation.every(({ done, why }) => !done && why.startsWith('by rule'))).toBe(true);
    expect(image('auto', 'fa.nii.gz').data).toEqual(image('plain', 'fa.nii.gz').data);
  });

  test('finds a slice that lost its signal, and FA comes back', async () => {
    const source = image('dti.nii.gz');
    const { columns, rows, slices } = source.grid;
    const data = Float32Array.from(source.data);
    const start = (12 * slices + 2) * columns * rows;
    for (let i = start; i < start + columns * rows; i++) data[i]! *= 0.3;
    writeFileSync(at('dropout.nii.gz'), writeNifti({ ...source, data }, { gzip: true, datatype: 'float32' }));
    expect((await fit('dropout.nii.gz', 'dropout', ['--motion', 'auto'])).exitCode).toBe(0);
    const { outlierSlices } = qualityIn('dropout');
    expect(outlierSlices.map(({ volume, slice }) => [volume, slice])).toEqual([[12, 2]]);
    expect(outlierSlices[0]!.gain).toBeLessThan(0.6);
  });

  test('a Rician correction without any noise level to go by is refused', async () => {
    const source = image('dti.nii.gz');
    const size = source.data.length / source.volumes;
    const bValues = readFileSync(at('dti.bval'), 'utf8').trim().split(/\s+/).map(Number);
    const keep = [...bValues.keys()].filter((v) => bValues[v]! > 0 || v === bValues.indexOf(0));
    const data = new Float32Array(keep.length * size);
    keep.forEach((v, i) => {
      data.set(source.data.subarray(v * size, (v + 1) * size), i * size);
    });
    const rest = (file: string) =>
      readFileSync(at(file), 'utf8')
        .trim()
        .split('\n')
        .map((row) =>
          row
            .trim()
            .split(/\s+/)
            .filter((_, v) => keep.includes(v))
            .join(' '),
        )
        .join('\n');
    const one = writeNifti({ ...source, volumes: keep.length, data }, { gzip: true, datatype: 'float32' });
    writeFileSync(at('one-b0.nii.gz'), one);
    writeFileSync(at('one-b0.bval'), rest('dti.bval'));
    writeFileSync(at('one-b0.bvec'), rest('dti.bvec'));
    const args = ['--bval', at('one-b0.bval'), '--bvec', at('one-b0.bvec'), '--ivim', 'none', '--rician'];
    const run = await myelon(['fit', at('one-b0.nii.gz'), ...args, '--out', at('never')]);
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toMatch(/no noise level for the Rician correction.*give the noise level/);
    const given = await myelon(['fit', at('one-b0.nii.gz'), ...args, '--noise', '20', '--out', at('given')]);
    expect(given.exitCode).toBe(0);
  });
});
