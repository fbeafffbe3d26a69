import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GradientTable,
  tensorFit,
  VoxelStatus,
  type DiffusionVolume,
  type TensorFitOptions,
} from '@myelon/diffusion';
import { readNifti } from '@myelon/nifti';
import { describeNeeding, program } from '../support/needs';
import { needsSharedData } from '../support/shared-data';
import { readSctCord, SCT_CORD, sctCordFiles } from './cord-series';

/**
 * MRtrix3 multiplies each b-value by the squared length of its direction as the file has it. Six decimals make that length
 * 1 +- 7e-7, b 800 +- 0.001, and FA differ by up to 4e-6: with the same b-values only rounding to single precision is left.
 */
function withScaledBValues(volume: DiffusionVolume): DiffusionVolume {
  const { gradients } = volume;
  const rows = readFileSync(sctCordFiles().bvec, 'utf8')
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number));
  const bValues = Array.from(gradients.bValues, (b, v) =>
    rows.every((row) => row[v] === 0) ? b : b * rows.reduce((sum, row) => sum + row[v]! ** 2, 0),
  );
  return { ...volume, gradients: new GradientTable(bValues, gradients.directions) };
}

const needs = [needsSharedData(SCT_CORD), program('dwi2tensor'), program('tensor2metric')];

describeNeeding('tensor fit on a real cervical cord, beside MRtrix3', needs, () => {
  let folder: string;
  let volume: DiffusionVolume;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'myelon-mrtrix-'));
    volume = withScaledBValues(readSctCord());
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function mrtrix(options: readonly string[]): { fa: Float32Array; md: Float32Array } {
    const { dwi, bval, bvec } = sctCordFiles();
    const run = (command: string, args: readonly string[]): void => {
      execFileSync(command, [...args, '-quiet', '-force', '-nthreads', '0'], { cwd: folder });
    };
    run('dwi2tensor', [dwi, 'tensor.nii', '-fslgrad', bvec, bval, ...options]);
    run('tensor2metric', ['tensor.nii', '-fa', 'fa.nii', '-adc', 'md.nii']);
    const read = (name: string): Float32Array => readNifti(readFileSync(join(folder, name))).data;
    return { fa: read('fa.nii'), md: read('md.nii') };
  }

  it.each<[string, readonly string[], TensorFitOptions, number?]>([
    [
      'by default (measured weights, then 2 reweightings)',
      [],
      { method: 'wls', start: 'measured-signal', iterations: 2 },
    ],
    ['-iter 0', ['-iter', '0'], { method: 'wls', start: 'measured-signal', iterations: 0 }],
    ['-ols -iter 0', ['-ols', '-iter', '0'], { method: 'ols' }],
    ['-ols -iter 2', ['-ols', '-iter', '2'], { method: 'wls', start: 'ols', iterations: 2 }],
    [
      'by default, computed in single precision',
      [],
      { method: 'wls', start: 'measured-signal', iterations: 2, precision: 'single' },
      1e-5,
    ],
  ])('gives the FA and MD of dwi2tensor %s', async (_, mrtrixOptions, options, tolerance = 1e-6) => {
    const peer = mrtrix(mrtrixOptions);
    const { maps } = await tensorFit(volume, options);
    let compared = 0;
    let largestFa = 0;
    let largestMd = 0;
    maps.fa.values.forEach((fa, voxel) => {
      // A negative eigenvalue Myelon takes as next to 0 and MRtrix keeps: only clean voxels compare.
      if (maps.fa.status[voxel] !== VoxelStatus.valid) return;
      compared++;
      largestFa = Math.max(largestFa, Math.abs(fa - peer.fa[voxel]!));
      largestMd = Math.max(largestMd, Math.abs(maps.md.values[voxel]! - peer.md[voxel]!));
    });
    expect(compared).toBeGreaterThan(20_000);
    expect(largestFa).toBeLessThan(tolerance);
    expect(largestMd).toBeLessThan(1e-2 * tolerance);
  });
});
