import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DiffusionVolume } from '@myelon/diffusion';
import { readNifti, writeFslGradientTable, writeNifti } from '@myelon/nifti';
import { readFloat64, runPython } from '../../peers/python-peer';
import { cpuSecondsOfProgram } from './cpu-time';
import { voxelMajor } from './fields';

export interface PeerMaps {
  readonly fa: ArrayLike<number>;
  readonly md: ArrayLike<number>;
}

export interface PeerRun extends PeerMaps {
  readonly cpuSeconds: number;
}

/** Writes a series where the peers find it: dwi.nii, bval, bvec, and grad (MRtrix's table, full precision). */
export function writeSeries(folder: string, volume: DiffusionVolume): void {
  const { gradients, grid, signal } = volume;
  const { bval, bvec } = writeFslGradientTable(gradients, grid);
  writeFileSync(join(folder, 'bval'), bval);
  writeFileSync(join(folder, 'bvec'), bvec);
  const rows = [...gradients.bValues.keys()].map((v) => {
    const [x, y, z] = gradients.direction(v);
    // MRtrix's frame is right, anterior, superior.
    return [-x, -y, z, gradients.bValue(v)].join(' ');
  });
  writeFileSync(join(folder, 'grad'), `${rows.join('\n')}\n`);
  writeFileSync(
    join(folder, 'dwi.nii'),
    writeNifti({ grid, volumes: gradients.count, data: signal }, { gzip: false }),
  );
}

/** `dwi2tensor` with some options, then FA, MD, AD and RD by `tensor2metric`; single-threaded. */
export function mrtrix(folder: string, options: readonly string[]): PeerRun {
  const single = ['-quiet', '-force', '-nthreads', '0'];
  const fit = cpuSecondsOfProgram(
    ['dwi2tensor', 'dwi.nii', 'tensor.nii', '-grad', 'grad', ...options, ...single],
    folder,
  );
  const maps = ['-fa', 'fa.nii', '-adc', 'md.nii', '-ad', 'ad.nii', '-rd', 'rd.nii'];
  const metrics = cpuSecondsOfProgram(['tensor2metric', 'tensor.nii', ...maps, ...single], folder);
  const read = (name: string): Float32Array => readNifti(readFileSync(join(folder, name))).data;
  return { fa: read('fa.nii'), md: read('md.nii'), cpuSeconds: fit + metrics };
}

/** dipy's tensor fits of the series in a folder, by name of the method. */
export function dipy(folder: string, methods: readonly string[]): ReadonlyMap<string, PeerRun> {
  const files = ['dwi.nii', 'bval', 'bvec'].map((name) => join(folder, name));
  const { cpuSeconds } = runPython('dipy_tensor.py', [...files, folder, ...methods]) as {
    cpuSeconds: Record<string, number>;
  };
  return new Map(
    methods.map((method) => [
      method,
      {
        fa: readFloat64(folder, `${method}.fa.f64`),
        md: readFloat64(folder, `${method}.md.f64`),
        cpuSeconds: cpuSeconds[method] ?? Number.NaN,
      },
    ]),
  );
}

/** dipy RESTORE, which is given the true noise level. */
export function restore(
  folder: string,
  volume: DiffusionVolume,
  voxels: number,
  sigma: number,
): { fa: number[]; cpuSeconds: number } {
  const signals = join(folder, 'signals.f64');
  const directions = join(folder, 'directions.f64');
  writeFileSync(signals, new Uint8Array(voxelMajor(volume, voxels).buffer));
  writeFileSync(directions, new Uint8Array(Float64Array.from(volume.gradients.directions).buffer));
  const args = [signals, volume.gradients.bValues.join(','), directions, String(sigma)];
  return runPython('dipy_restore.py', args) as { fa: number[]; cpuSeconds: number };
}
