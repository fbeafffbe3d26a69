import { mkdtempSync, readFileSync, rmSync, writeFileSync, mkdirSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cervicalCordPhantom, phantomDicomFiles, phantomNiftiFiles, type DicomFile } from '@myelon/phantom';
import { buildCommandLine, myelon, type CommandLineRun } from '../support/command-line';
import { writeFiles } from '../support/write-files';

jest.setTimeout(120_000);

let folder: string;
const at = (...path: string[]) => join(folder, ...path);
const table = (bval: string, bvec: string) => ['--bval', at(bval), '--bvec', at(bvec)];
const dti = () => [at('dti.nii.gz'), ...table('dti.bval', 'dti.bvec')];
const out = () => ['--out', at('out')];

/** Only some volumes' entries of a .bval or .bvec. */
function columns(text: string, keep: (volume: number) => boolean): string {
  const rows = text.trim().split('\n');
  return rows
    .map((row) =>
      row
        .trim()
        .split(/\s+/)
        .filter((_, volume) => keep(volume))
        .join(' '),
    )
    .join('\n');
}

beforeAll(() => {
  buildCommandLine();
  folder = mkdtempSync(join(tmpdir(), 'myelon-cli-refusals-'));
  const phantom = cervicalCordPhantom({ size: 'small', seed: 3 });
  writeFiles(folder, phantomNiftiFiles(phantom));
  const study = phantomDicomFiles(phantom, { encoding: 'classic' });
  const below = (name: string, of: readonly DicomFile[]) => {
    writeFiles(at(name), of);
  };
  below(
    't2-only',
    study.filter(({ path }) => path.startsWith('t2-sagittal')),
  );
  below(
    'dti-only',
    study.filter(({ path }) => path.startsWith('dti')),
  );
  mkdirSync(at('empty'));
  mkdirSync(at('texts'));
  writeFileSync(at('texts', 'notes.txt'), 'nothing to see');
  writeFileSync(
    at('short.bval'),
    columns(readFileSync(at('dti.bval'), 'utf8'), (volume) => volume > 2),
  );
  writeFileSync(at('words.bval'), 'zero eight hundred');
  writeFileSync(at('cut.nii.gz'), readFileSync(at('dti.nii.gz')).subarray(0, 4000));
  const bvec = readFileSync(at('dti.bvec'), 'utf8');
  const count = bvec.trim().split('\n')[0]!.trim().split(/\s+/).length;
  writeFileSync(at('no-b0.bval'), new Array(count).fill('800').join(' '));
  const along = [1, 0, 0].map((component) => new Array(count).fill(String(component)).join(' ')).join('\n');
  writeFileSync(at('one-direction.bvec'), along);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** One line for the person who has to act. */
function expectOneLine(run: CommandLineRun, what: RegExp): void {
  expect(run.stderr.trim().split('\n')).toHaveLength(1);
  expect(run.stderr).toMatch(what);
  expect(run.stderr).not.toMatch(/\bat .*:\d+:\d+/);
  expect(run.stdout).toBe('');
}

describe('myelon refuses input it cannot use: exit code 3, one line with what, where and what to do', () => {
  test.each<[string, () => string[], RegExp]>([
    ['a path that does not exist', () => ['fit', at('nowhere'), ...out()], /nowhere.*nothing at this path/],
    ['an empty folder', () => ['fit', at('empty'), ...out()], /empty: no DICOM file in a folder of 0; give/],
    ['a folder without DICOM', () => ['fit', at('texts'), ...out()], /no DICOM file in a folder of 1; give/],
    [
      'a study without diffusion',
      () => ['analyze', at('t2-only'), ...out()],
      /no diffusion series among 1 MR series; give/,
    ],
    [
      'a cut NIfTI',
      () => ['fit', at('cut.nii.gz'), ...table('dti.bval', 'dti.bvec'), ...out()],
      /cut\.nii\.gz: .*; /,
    ],
    [
      'a gradient table of another length',
      () => ['fit', at('dti.nii.gz'), ...table('short.bval', 'dti.bvec'), ...out()],
      /bvec|b-values/,
    ],
    [
      'a gradient table that holds words',
      () => ['fit', at('dti.nii.gz'), ...table('words.bval', 'dti.bvec'), ...out()],
      /words\.bval/,
    ],
    [
      'a tensor without b0',
      () => ['fit', at('dti.nii.gz'), ...table('no-b0.bval', 'dti.bvec'), '--ivim', 'none', ...out()],
      /no volume with b below 50.*choose/,
    ],
    [
      'too few directions',
      () => ['fit', at('dti.nii.gz'), ...table('dti.bval', 'one-direction.bvec'), '--ivim', 'none', ...out()],
      /1 different diffusion direction.*6/,
    ],
    [
      'IVIM alone from a DTI series',
      () => ['fit', ...dti(), '--tensor', 'none', ...out()],
      /no IVIM \(2 different b-values.*choose/,
    ],
    [
      'a mask of another grid',
      () => ['fit', ...dti(), '--mask', at('t2-sagittal.nii.gz'), ...out()],
      /t2-sagittal.*voxels that are not those of/,
    ],
    [
      'a 4-D image to outline',
      () => ['segment', at('dti.nii.gz'), '--out', at('m.nii.gz')],
      /volumes; give one 3-D image/,
    ],
    [
      'compression slices outside the cord',
      () => ['analyze', ...dti(), '--compression-slices', '90', ...out()],
      /slice 90.*between/,
    ],
    [
      'a server that is not there',
      () => ['analyze', '--dicomweb', 'http://127.0.0.1:9/dicom-web', '--study', '1.2.3', ...out()],
      /not reachable.*check the address/,
    ],
    [
      'a study UID that is none',
      () => ['analyze', '--dicomweb', 'http://127.0.0.1:9/dicom-web', '--study', '../x', ...out()],
      /not a DICOM UID/,
    ],
  ])('%s', async (_, args, what) => {
    const run = await myelon(args());
    expectOneLine(run, what);
    expect(run.exitCode).toBe(3);
  });

  test('with --json the refusal is one object on stdout', async () => {
    const run = await myelon(['fit', at('empty'), ...out(), '--json']);
    expect(run.exitCode).toBe(3);
    expect(JSON.parse(run.stdout)).toMatchObject({
      status: 'refused',
      what: 'no DICOM file in a folder of 0',
      where: at('empty'),
      whatToDo: expect.stringContaining('give a folder') as string,
    });
  });
});

describe('myelon refuses a command line it does not understand: exit code 2', () => {
  test.each<[string, () => string[], RegExp]>([
    ['NIfTI without its table', () => ['fit', at('dti.nii.gz'), ...out()], /--bval FILE and --bvec FILE/],
    [
      'half a table for a folder',
      () => ['fit', at('dti-only'), '--bval', at('dti.bval'), ...out()],
      /--bval FILE and --bvec FILE belong together/,
    ],
    [
      'a method that is not built',
      () => ['fit', ...dti(), '--tensor', 'restore', ...out()],
      /Allowed choices are ols, wls, nlls, robust, none/,
    ],
    [
      'another method that is not built',
      () => ['fit', ...dti(), '--ivim', 'triexponential', ...out()],
      /Allowed choices are segmented, nlls, bayesian, none/,
    ],
    [
      'nothing to fit',
      () => ['fit', ...dti(), '--tensor', 'none', '--ivim', 'none', ...out()],
      /leave nothing to fit/,
    ],
    ['no output folder', () => ['fit', ...dti()], /--out/],
    ['no input', () => ['analyze', ...out()], /no input/],
    [
      'half an address',
      () => ['analyze', '--dicomweb', 'http://127.0.0.1:9', ...out()],
      /--study UID belong together/,
    ],
    [
      'storing without a server',
      () => ['analyze', ...dti(), '--store', ...out()],
      /--store needs --dicomweb/,
    ],
    [
      'slices that are none',
      () => ['analyze', ...dti(), '--compression-slices', '8-7', ...out()],
      /first and last slice/,
    ],
    [
      'a seed that is none',
      () => ['segment', ...dti(), '--seed', '1,2', '--out', at('m.nii.gz')],
      /three voxel indices/,
    ],
    ['an unknown command', () => ['cohorts', 'x.csv'], /unknown command 'cohorts'/],
    ['an unknown option', () => ['analyze', ...dti(), '--moja', '12', ...out()], /unknown option '--moja'/],
  ])('%s', async (_, args, what) => {
    const run = await myelon(args());
    expect(run.stderr).toMatch(what);
    expect(run.exitCode).toBe(2);
    expect(existsSync(at('out'))).toBe(false);
  });
});

describe('myelon goes on with what is left', () => {
  test('one damaged file in a folder: left out, named, exit code 4', async () => {
    const damaged = at('damaged');
    const files = phantomDicomFiles(cervicalCordPhantom({ size: 'small', seed: 3 }), { encoding: 'classic' });
    writeFiles(
      damaged,
      files.filter(({ path }) => path.startsWith('dti')),
    );
    const victim = join(damaged, files.find(({ path }) => path.startsWith('dti'))!.path);
    writeFileSync(victim, readFileSync(victim).subarray(0, 700));
    const run = await myelon(['fit', damaged, '--ivim', 'none', '--out', at('left'), '--json']);
    expect(run.exitCode).toBe(4);
    const printed = JSON.parse(run.stdout) as { leftOut: { what: string; why: string }[]; status: string };
    expect(printed.status).toBe('partly done');
    expect(printed.leftOut.map(({ what }) => what)).toContain(victim);
    expect(printed.leftOut.some(({ why }) => /incomplete/.test(why))).toBe(true);
    expect(run.stderr).toContain(victim);
    expect(existsSync(at('left', 'fa.nii.gz'))).toBe(true);
  });

  test('IVIM missing from a fit that asks for it: the tensor is there, exit code 4', async () => {
    const run = await myelon(['fit', at('dti-only'), '--out', at('tensor-only')]);
    expect(run.exitCode).toBe(4);
    expect(run.stderr).toMatch(/not done: IVIM: 2 different b-values.*choose the IVIM series/);
    expect(existsSync(at('tensor-only', 'fa.nii.gz'))).toBe(true);
    expect(existsSync(at('tensor-only', 'ivim_f.nii.gz'))).toBe(false);
  });

  test('help and version are no errors', async () => {
    for (const args of [['--help'], ['analyze', '--help'], ['--version']]) {
      const run = await myelon(args);
      expect(run.exitCode).toBe(0);
      expect(run.stdout).not.toBe('');
    }
  });
});
