import { mkdtempSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parsePart10, readMeasurementReport, readSegmentation } from '@myelon/dicom';
import type { QuantityId } from '@myelon/diffusion';
import { readNifti, type NiftiImage } from '@myelon/nifti';
import {
  cervicalCordPhantom,
  phantomDicomFiles,
  phantomNiftiFiles,
  type Phantom,
  type TruthQuantity,
} from '@myelon/phantom';
import { readAnalysisRecord, statisticsOfQuantity, type AnalysisRecord } from '@myelon/pipeline';
import { buildCommandLine, myelon } from '../support/command-line';
import { describeWithSharedData, sharedData } from '../support/shared-data';
import { writeFiles } from '../support/write-files';

jest.setTimeout(300_000);

let folder: string;
let phantom: Phantom;
const at = (...path: string[]) => join(folder, ...path);
const image = (...path: string[]): NiftiImage => readNifti(readFileSync(at(...path)), path.join('/'));
const recordAt = (...path: string[]): AnalysisRecord =>
  readAnalysisRecord(readFileSync(at(...path), 'utf8'), 'record');

beforeAll(() => {
  buildCommandLine();
  folder = mkdtempSync(join(tmpdir(), 'myelon-cli-'));
  phantom = cervicalCordPhantom({ snr: 30, seed: 7 });
  writeFiles(at('classic'), phantomDicomFiles(phantom, { encoding: 'classic', without: ['t2-axial'] }));
  writeFiles(at('enhanced'), phantomDicomFiles(phantom, { encoding: 'enhanced', without: ['t2-axial'] }));
  writeFiles(at('nifti'), phantomNiftiFiles(phantom));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Mean of the truth over voxels that are wholly cord, in some slices. */
function truthMean(quantity: TruthQuantity, slices: readonly number[]): number {
  const { grid, cordFraction, maps } = phantom.truth;
  const perSlice = grid.columns * grid.rows;
  const values = slices.flatMap((slice) =>
    [...maps[quantity].subarray(slice * perSlice, (slice + 1) * perSlice)].filter(
      (_, index) => (cordFraction[slice * perSlice + index] ?? 0) > 0.999,
    ),
  );
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function measuredMean(record: AnalysisRecord, regionId: string, quantity: QuantityId): number {
  const region = record.regions.find(({ id }) => id === regionId);
  return (region && statisticsOfQuantity(region, quantity)?.mean) ?? Number.NaN;
}

function expectTruth(record: AnalysisRecord, regionId: string, slices: readonly number[]): void {
  const off = (quantity: TruthQuantity) =>
    measuredMean(record, regionId, quantity) - truthMean(quantity, slices);
  expect(Math.abs(off('fa'))).toBeLessThan(0.02);
  expect(Math.abs(off('md') / truthMean('md', slices))).toBeLessThan(0.03);
  expect(Math.abs(off('ivim_f'))).toBeLessThan(0.02);
}

describe('myelon analyze on a DICOM study', () => {
  const slices = () => phantom.compressedSlices.map((slice) => slice + 1);
  const compression = () => `${String(slices()[0])}-${String(slices().at(-1))}`;

  test('recovers the truth in the cord and at the compression, and writes everything', async () => {
    const run = await myelon([
      'analyze',
      at('classic'),
      '--out',
      at('a'),
      '--compression-slices',
      compression(),
      '--json',
    ]);
    expect(run.stderr).toBe('');
    expect(run.exitCode).toBe(0);
    const printed = JSON.parse(run.stdout) as { status: string; files: string[] };
    expect(printed.status).toBe('done');
    for (const file of printed.files) expect(existsSync(at('a', file))).toBe(true);
    expect(printed.files).toEqual(
      expect.arrayContaining([
        'fa.nii.gz',
        'ivim_f.nii.gz',
        'mask.nii.gz',
        'record.json',
        'metrics.csv',
        'report.pdf',
        'seg.dcm',
        'sr.dcm',
        'pdf.dcm',
        'ko.dcm',
      ]),
    );
    const record = recordAt('a', 'record.json');
    expectTruth(record, 'whole-cord', record.cord.slices);
    expectTruth(record, 'compression', phantom.compressedSlices);
    expect(record.prognosis).toMatchObject({ kind: 'statement', pattern: 'neither' });
  });

  test('outlines the cord', () => {
    const mask = image('a', 'mask.nii.gz').data;
    const truth = image('nifti', 'truth', 'cord.nii.gz').data;
    const count = (of: (index: number) => boolean) =>
      mask.reduce((sum, _, index) => sum + (of(index) ? 1 : 0), 0);
    const both = count((index) => mask[index]! > 0 && truth[index]! > 0);
    const dice = (2 * both) / (count((index) => mask[index]! > 0) + count((index) => truth[index]! > 0));
    expect(dice).toBeGreaterThan(0.95);
  });

  test('SEG and SR say what the record says', () => {
    const record = recordAt('a', 'record.json');
    const segmentation = readSegmentation(new Uint8Array(readFileSync(at('a', 'seg.dcm'))));
    const report = readMeasurementReport(
      parsePart10(new Uint8Array(readFileSync(at('a', 'sr.dcm')))).dataset,
    );
    expect(report.segmentation?.sopInstanceUID).toBe(segmentation.sopInstanceUID);
    const cord = segmentation.segments[0]!.voxels.reduce((sum, voxel) => sum + voxel, 0);
    expect(cord).toBe(record.cord.voxels);
    for (const name of ['Whole cord', 'Compression']) {
      const region = record.regions.find((candidate) => candidate.name === name)!;
      const reported = report.regions.find((candidate) => candidate.name === name)!;
      for (const entry of reported.quantities) {
        if ('missing' in entry) throw new Error(`${entry.quantity} is missing`);
        const { mean } = statisticsOfQuantity(region, entry.quantity)!;
        expect(Math.abs(entry.statistics.mean! / mean - 1)).toBeLessThan(1e-9);
      }
    }
  });

  test('the enhanced objects of the same study give the same numbers', async () => {
    const run = await myelon([
      'analyze',
      at('enhanced'),
      '--out',
      at('b'),
      '--compression-slices',
      compression(),
    ]);
    expect(run.exitCode).toBe(0);
    expect(recordAt('b', 'record.json').regions).toEqual(recordAt('a', 'record.json').regions);
    expect(run.stdout).toContain('Research use only');
  });

  test('takes a mask that was drawn on the NIfTI of the same series', async () => {
    const mask = at('nifti', 'truth', 'cord.nii.gz');
    const run = await myelon(['analyze', at('classic'), '--mask', mask, '--out', at('c')]);
    expect(run.exitCode).toBe(0);
    expect(image('c', 'mask.nii.gz').data).toEqual(image('nifti', 'truth', 'cord.nii.gz').data);
    const record = recordAt('c', 'record.json');
    expect(record.cord).toMatchObject({ method: 'imported', measuringRule: 'all voxels of the outline' });
    expect(record.prognosis.kind).toBe('abstained');
    expect(run.stdout).toMatch(/no slice has been named/);
  });
});

describe('myelon gradients and fit', () => {
  test('a series written as NIfTI fits like the DICOM it came from: directions and positions survive', async () => {
    const uid = (
      JSON.parse((await myelon(['fit', at('enhanced'), '--out', at('d'), '--json'])).stdout) as {
        series: { tensor: string };
      }
    ).series.tensor;
    expect(uid).toContain('DTI');
    expect((await myelon(['gradients', at('enhanced', 'dti'), '--out', at('e')])).exitCode).toBe(0);
    const dwi = ['--bval', at('e', 'dwi.bval'), '--bvec', at('e', 'dwi.bvec')];
    const run = await myelon(['fit', at('e', 'dwi.nii.gz'), ...dwi, '--ivim', 'none', '--out', at('f')]);
    expect(run.exitCode).toBe(0);
    for (const map of ['fa', 'md', 'ad', 'rd', 's0']) {
      const fromDicom = image('d', `${map}.nii.gz`);
      const fromNifti = image('f', `${map}.nii.gz`);
      expect(fromNifti.grid.affine.map((x) => Math.round(x * 1e3))).toEqual(
        fromDicom.grid.affine.map((x) => Math.round(x * 1e3)),
      );
      const largest = fromDicom.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const worst = fromDicom.data.reduce(
        (most, value, index) => Math.max(most, Math.abs(value - fromNifti.data[index]!)),
        0,
      );
      expect(worst / largest).toBeLessThan(1e-5);
    }
  });

  test('a folder with two diffusion series must be told which to write', async () => {
    const run = await myelon(['gradients', at('enhanced'), '--out', at('none')]);
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toMatch(/2 diffusion series.*DTI.*IVIM.*--series/);
    const named = await myelon([
      'gradients',
      at('enhanced'),
      '--series',
      'IVIM 16 b-values',
      '--out',
      at('g'),
    ]);
    expect(named.exitCode).toBe(0);
    expect(readFileSync(at('g', 'dwi.bval'), 'utf8').trim().split(/\s+/)).toHaveLength(
      phantom.ivim.gradients.count,
    );
  });

  test('maps are 0 outside the mask, never NaN, and right inside; fit.json says how', async () => {
    const dwi = ['--bval', at('nifti', 'ivim.bval'), '--bvec', at('nifti', 'ivim.bvec')];
    const mask = at('nifti', 'truth', 'cord.nii.gz');
    const run = await myelon([
      ...['fit', at('nifti', 'ivim.nii.gz'), ...dwi],
      ...['--mask', mask, '--tensor', 'none', '--out', at('h')],
    ]);
    expect(run.exitCode).toBe(0);
    expect(existsSync(at('h', 'fa.nii.gz'))).toBe(false);
    const cord = image('nifti', 'truth', 'cord.nii.gz').data;
    for (const map of ['ivim_d', 'ivim_dstar', 'ivim_f', 'ivim_s0', 'adc']) {
      const { data } = image('h', `${map}.nii.gz`);
      expect(data.every(Number.isFinite)).toBe(true);
      expect(data.every((value, index) => cord[index]! > 0 || value === 0)).toBe(true);
      expect(data.some((value) => value > 0)).toBe(true);
    }
    const fit = JSON.parse(readFileSync(at('h', 'fit.json'), 'utf8')) as Record<string, unknown>;
    expect(fit).toMatchObject({
      software: { name: 'Myelon' },
      tensor: null,
      ivim: { splitBValue: 200 },
      inputs: [{ role: 'ivim', source: { kind: 'nifti', file: 'ivim.nii.gz' } }],
    });
  });
});

describe('myelon segment', () => {
  test('outlines a diffusion series, and an anatomical image of the contrast it is told', async () => {
    const run = await myelon(['segment', at('enhanced', 'dti'), '--out', at('cord.nii.gz'), '--json']);
    expect(run.exitCode).toBe(0);
    expect(image('cord.nii.gz').data).toEqual(image('a', 'mask.nii.gz').data);
    const axial = at('nifti', 't2-axial.nii.gz');
    const t2 = await myelon(['segment', axial, '--contrast', 't2', '--out', at('t2-cord.nii.gz')]);
    expect(t2.exitCode).toBe(0);
    const share = image('t2-cord.nii.gz').data.reduce((sum, value) => sum + (value > 0 ? 1 : 0), 0);
    const truth = phantom.axialT2CordFraction.reduce((sum, fraction) => sum + fraction, 0);
    expect(Math.abs(share / truth - 1)).toBeLessThan(0.15);
  });
});

describeWithSharedData('myelon on a real cervical cord', ['cord_dti_sct_tutorial'], () => {
  const scan = (file: string) => sharedData('cord_dti_sct_tutorial', file);

  test('gives FA near .75 and MD near .85e-3 in the outlined cord, and says that IVIM is not there', async () => {
    const tables = ['--bval', scan('bvals.txt'), '--bvec', scan('bvecs.txt')];
    const run = await myelon(['analyze', scan('dmri.nii.gz'), ...tables, '--out', at('real')]);
    expect(run.exitCode).toBe(4);
    expect(run.stderr).toMatch(/IVIM: 2 different b-values/);
    expect(run.stdout).toMatch(/no DICOM objects written/);
    const record = recordAt('real', 'record.json');
    expect(record.cord.slices.length).toBeGreaterThanOrEqual(14);
    expect(Math.abs(measuredMean(record, 'whole-cord', 'fa') - 0.75)).toBeLessThan(0.05);
    expect(Math.abs(measuredMean(record, 'whole-cord', 'md') * 1e3 - 0.83)).toBeLessThan(0.08);
    const f = record.regions[0]!.statistics.find(({ quantity }) => quantity === 'ivim_f');
    expect(f).toMatchObject({ missing: expect.stringContaining('IVIM') as string });
  });
});
