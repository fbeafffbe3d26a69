import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ivimFit,
  ivimVerdict,
  quantile,
  signalOfVolume,
  VoxelStatus,
  type DiffusionVolume,
  type IvimFitResult,
} from '@myelon/diffusion';
import { describeNeeding, pythonModule } from '../support/needs';
import { needsSharedData } from '../support/shared-data';
import { brightCord, IVIM_CORD, readIvimCord } from './cord-series';
import { runPython } from './python-peer';

const needs = [needsSharedData(IVIM_CORD), pythonModule('scipy')];
const SPLIT = 200;

describeNeeding('segmented IVIM on a real cord at 7 T, beside SciPy', needs, () => {
  let volume: DiffusionVolume;
  let result: IvimFitResult;
  let voxels: number[];
  let peer: { d: number; f: number; dStar: number; s0: number }[];

  beforeAll(async () => {
    volume = readIvimCord();
    result = await ivimFit(volume, { method: 'segmented', splitBValue: SPLIT });
    voxels = brightCord(volume, 0.7).filter(
      (voxel) => result.maps.ivim_d.status[voxel] !== VoxelStatus.nonPositiveSignal,
    );
    peer = independentFit(voxels);
  });

  function independentFit(chosen: readonly number[]): typeof peer {
    const { gradients } = volume;
    const signals = Float64Array.from(
      chosen.flatMap((voxel) =>
        Array.from(gradients.bValues.keys(), (at) => signalOfVolume(volume, at)[voxel]!),
      ),
    );
    const folder = mkdtempSync(join(tmpdir(), 'myelon-ivim-'));
    try {
      writeFileSync(join(folder, 'signals.f64'), new Uint8Array(signals.buffer));
      const { parameters } = runPython('ivim_segmented.py', [
        join(folder, 'signals.f64'),
        gradients.bValues.join(','),
        String(SPLIT),
      ]) as { parameters: [number, number, number, number][] };
      return parameters.map(([d, f, dStar, s0]) => ({ d, f, dStar, s0 }));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  const median = (values: number[]): number =>
    quantile(
      values.sort((p, q) => p - q),
      0.5,
    );

  it('has the medians of the independent fit', () => {
    expect(voxels.length).toBeGreaterThan(200);
    const { ivim_d, ivim_f, ivim_s0 } = result.maps;
    const ours = (map: typeof ivim_d): number => median(voxels.map((voxel) => map.values[voxel]!));
    expect(Math.abs(ours(ivim_d) / median(peer.map((x) => x.d)) - 1)).toBeLessThan(0.02);
    expect(Math.abs(ours(ivim_f) - median(peer.map((x) => x.f)))).toBeLessThan(0.005);
    expect(ours(ivim_s0) / median(peer.map((x) => x.s0))).toBeCloseTo(1, 2);
  });

  it('says that there is no b0, and one direction', () => {
    const verdict = ivimVerdict(volume.gradients);
    expect(verdict.possible && verdict.warnings.join('; ')).toMatch(/no b0.*one direction/);
    expect(result.report.directions).toBe('one direction');
  });
});
