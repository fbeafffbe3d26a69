import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  regionStatistics,
  tensorFit,
  VoxelStatus,
  type DiffusionVolume,
  type ScalarMap,
  type TensorFitOptions,
} from '@myelon/diffusion';
import { describeNeeding, pythonModule } from '../support/needs';
import { needsSharedData } from '../support/shared-data';
import { readFloat64, runPython } from './python-peer';
import { brightCord, readSctCord, SCT_CORD, sctCordFiles } from './cord-series';

const needs = [needsSharedData(SCT_CORD), pythonModule('dipy'), pythonModule('nibabel')];

describeNeeding('tensor fit on a real cervical cord, beside dipy', needs, () => {
  let folder: string;
  let volume: DiffusionVolume;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'myelon-dipy-'));
    volume = readSctCord();
    const { dwi, bval, bvec } = sctCordFiles();
    runPython('dipy_tensor.py', [dwi, bval, bvec, folder, 'OLS', 'WLS', 'NLLS']);
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /**
   * Largest difference over voxels whose signals are all positive (dipy and Myelon differ in what they make of the
   * others) and that diffuse at all: below 1e-5 mm2/s only the floor under the eigenvalues is left, and dipy's is 1.5 %
   * higher.
   */
  function largestDifference(map: ScalarMap, peer: Float64Array, md: ScalarMap): number {
    let largest = 0;
    let compared = 0;
    map.values.forEach((value, voxel) => {
      const status = map.status[voxel];
      if (status !== VoxelStatus.valid && status !== VoxelStatus.atBound) return;
      if (md.values[voxel]! < 1e-5) return;
      compared++;
      largest = Math.max(largest, Math.abs(value - peer[voxel]!));
    });
    expect(compared).toBeGreaterThan(0.85 * map.values.length);
    return largest;
  }

  it.each<[string, TensorFitOptions, number]>([
    ['OLS', { method: 'ols' }, 1e-6],
    ['WLS', { method: 'wls', iterations: 1 }, 1e-6],
  ])('gives the FA and MD of dipy %s in every voxel', async (peer, options, tolerance) => {
    const { maps } = await tensorFit(volume, options);
    expect(largestDifference(maps.fa, readFloat64(folder, `${peer}.fa.f64`), maps.md)).toBeLessThan(
      tolerance,
    );
    expect(largestDifference(maps.md, readFloat64(folder, `${peer}.md.f64`), maps.md)).toBeLessThan(1e-8);
  });

  it('gives the FA of dipy NLLS where dipy finds the minimum', async () => {
    const cord = brightCord(volume, 0.7);
    const { maps } = await tensorFit(volume, { method: 'nlls' });
    const peer = readFloat64(folder, 'NLLS.fa.f64');
    const differences = cord
      .filter((voxel) => maps.fa.status[voxel] === VoxelStatus.valid)
      .map((voxel) => Math.abs(maps.fa.values[voxel]! - peer[voxel]!))
      .sort((p, q) => p - q);
    expect(differences.length).toBeGreaterThan(400);
    expect(differences[Math.floor(0.98 * differences.length)]).toBeLessThan(1e-5);
  });

  it('finds what is known of this cord: mean FA near 0.75, principal directions along it', async () => {
    const cord = brightCord(volume, 0.7);
    const { maps, principalDirections } = await tensorFit(volume, { method: 'wls' });
    const fa = regionStatistics(maps.fa, cord);
    if ('missing' in fa) throw new Error(fa.missing);
    expect(fa.n).toBeGreaterThan(500);
    expect(Math.abs(fa.mean - 0.75)).toBeLessThan(0.03);
    const a = volume.grid.affine;
    const sliceStep = Math.hypot(a[2], a[6], a[10]);
    const along = cord
      .map((voxel) => {
        const [x, y, z] = principalDirections.subarray(3 * voxel, 3 * voxel + 3);
        return Math.abs(x! * a[2] + y! * a[6] + z! * a[10]) / sliceStep;
      })
      .sort((p, q) => p - q);
    expect(along[along.length >> 1]).toBeGreaterThan(0.97);
  });
});
