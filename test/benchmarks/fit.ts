/**
 * Speed of the fits beside dipy, in one run: `node --import tsx test/benchmarks/fit.ts [--json]`.
 *
 * A field of 96 x 96 x 24 voxels, 5 b0 and 30 directions at b 800, and one of 16 b-values for IVIM; Rician noise at SNR
 * 20. Figures are CPU time of this process on one thread; dipy gets the first quarter of the field.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  axialTensor,
  GradientTable,
  ivimFit,
  ivimSignal,
  noiseSource,
  singleShell,
  tensorFit,
  tensorSignal,
  voxelCount,
  type DiffusionVolume,
  type VoxelGrid,
} from '@myelon/diffusion';
import { writeFslGradientTable, writeNifti } from '@myelon/nifti';
import { runPython } from '../peers/python-peer';

const SNR = 20;
const S0 = 1000;
const REPEATS = 3;

interface Measured {
  readonly name: string;
  readonly voxels: number;
  /** CPU time, best of {@link REPEATS}. */
  readonly seconds: number;
}

const gridOf = (slices: number): VoxelGrid => ({
  columns: 96,
  rows: 96,
  slices,
  affine: [-2, 0, 0, 96, 0, -2, 0, 96, 0, 0, 3, 0],
});

/** A field of noisy voxels; `signals` gives the clean signals of a voxel from a uniform random source. */
function field(
  slices: number,
  gradients: GradientTable,
  signals: (uniform: () => number) => Float64Array,
): DiffusionVolume {
  const grid = gridOf(slices);
  const size = voxelCount(grid);
  const noise = noiseSource(11);
  const signal = new Float32Array(size * gradients.count);
  for (let voxel = 0; voxel < size; voxel++)
    signals(() => noise.uniform()).forEach((clean, volume) => {
      signal[volume * size + voxel] = noise.rician(clean, S0 / SNR);
    });
  return { grid, gradients, signal, sources: [], name: 'benchmark field' };
}

function tensorField(slices: number): DiffusionVolume {
  const table = singleShell(5, 30, 800);
  return field(slices, table, (uniform) => {
    const z = uniform();
    const turn = 2 * Math.PI * uniform();
    const r = Math.sqrt(1 - z * z);
    const radial = 0.2e-3 + 0.6e-3 * uniform();
    const axis = [r * Math.cos(turn), r * Math.sin(turn), z] as const;
    return tensorSignal(table, S0, axialTensor(axis, radial + 1.2e-3 * uniform(), radial));
  });
}

function ivimField(slices: number): DiffusionVolume {
  const b = [0, 5, 10, 20, 30, 40, 60, 80, 100, 150, 200, 300, 400, 500, 650, 800];
  const table = new GradientTable(
    b,
    b.flatMap((value) => (value > 0 ? [1, 0, 0] : [0, 0, 0])),
  );
  return field(slices, table, (uniform) =>
    ivimSignal(b, {
      s0: S0,
      f: 0.3 * uniform(),
      d: 0.3e-3 + 1.7e-3 * uniform(),
      dStar: 10e-3 + 80e-3 * uniform(),
    }),
  );
}

async function measure(name: string, voxels: number, run: () => Promise<unknown>): Promise<Measured> {
  let seconds = Infinity;
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const started = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(started);
    seconds = Math.min(seconds, (user + system) / 1e6);
  }
  return { name, voxels, seconds };
}

/** dipy on a smaller field of the same kind: its speed does not depend on the size. */
function measureDipy(): Measured[] {
  const volume = tensorField(6);
  const folder = mkdtempSync(join(tmpdir(), 'myelon-benchmark-'));
  try {
    const { bval, bvec } = writeFslGradientTable(volume.gradients, volume.grid);
    const path = (name: string): string => join(folder, name);
    writeFileSync(path('bval'), bval);
    writeFileSync(path('bvec'), bvec);
    const image = { grid: volume.grid, volumes: volume.gradients.count, data: volume.signal };
    writeFileSync(path('dwi.nii'), writeNifti(image, { gzip: false }));
    const methods = ['OLS', 'WLS'];
    const args = [path('dwi.nii'), path('bval'), path('bvec'), folder, ...methods];
    const { cpuSeconds } = runPython('dipy_tensor.py', args) as { cpuSeconds: Record<string, number> };
    return methods.map((method) => ({
      name: `dipy ${method}`,
      voxels: voxelCount(volume.grid),
      seconds: cpuSeconds[method] ?? Number.NaN,
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const tensor = tensorField(24);
  const ivim = ivimField(24);
  const voxels = voxelCount(tensor.grid);
  const ours = [
    await measure('OLS', voxels, () => tensorFit(tensor, { method: 'ols' })),
    await measure('WLS, 1 iteration', voxels, () => tensorFit(tensor, { method: 'wls', iterations: 1 })),
    await measure('WLS, 2 iterations', voxels, () => tensorFit(tensor, { method: 'wls', iterations: 2 })),
    await measure('IVIM segmented, ADC', voxels, () => ivimFit(ivim, { method: 'segmented' })),
  ];
  const peers = measureDipy();
  const rate = ({ voxels: n, seconds }: Measured): number => n / seconds;
  const dipy = (method: string): number =>
    rate(peers.find(({ name }) => name === `dipy ${method}`) ?? peers[0]!);
  const ratios = {
    'OLS / dipy OLS': rate(ours[0]!) / dipy('OLS'),
    'WLS, 1 iteration / dipy WLS': rate(ours[1]!) / dipy('WLS'),
    'WLS, 2 iterations / dipy WLS': rate(ours[2]!) / dipy('WLS'),
  };
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify({ measured: [...ours, ...peers], ratios }));
    return;
  }
  for (const measured of [...ours, ...peers]) {
    const perSecond = Math.round(rate(measured) / 1000);
    console.log(
      `${measured.name.padEnd(22)} ${measured.seconds.toFixed(2).padStart(7)} s CPU for ${String(measured.voxels)} voxels ` +
        `${String(perSecond).padStart(6)}k voxels/s`,
    );
  }
  const iteration = ours[2]!.seconds - ours[1]!.seconds;
  console.log(
    `parts of WLS: one reweighting ${iteration.toFixed(2)} s, the rest ${(ours[2]!.seconds - 2 * iteration).toFixed(2)} s`,
  );
  for (const [name, ratio] of Object.entries(ratios)) console.log(`${name.padEnd(30)} ${ratio.toFixed(1)}`);
}

await main();
