import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { signalOfVolume, type DiffusionVolume } from '../data/diffusion-volume';
import { InputRefused } from '../data/refusal';
import { forEachTile, voxelsToFit, type FitLoopOptions } from '../fitting/fit-loop';

export interface DenoiseOptions extends FitLoopOptions {
  /** One number per voxel, non-zero = denoise; all voxels without it. Others stay as they are. */
  readonly mask?: Uint8Array | undefined;
}

export interface Denoised {
  readonly volume: DiffusionVolume;
  /** Standard deviation of the noise found around each voxel, signal units; 0 where none was looked for. */
  readonly noise: Float32Array;
  /** Voxels of a patch along columns, rows and slices. */
  readonly patch: readonly [number, number, number];
}

/** Fewer volumes have no redundancy to find noise by. */
const FEWEST_VOLUMES = 8;

/**
 * Removes noise by principal components of small patches: components whose eigenvalues lie where the Marchenko-Pastur law
 * puts those of pure noise are left out of the patch's middle voxel.
 *
 * Veraart et al., NeuroImage 2016;142:394-406; noise level of each patch with the number of signal components taken into
 * account: Cordero-Grande et al., NeuroImage 2019;200:391-404.
 *
 * @throws InputRefused for fewer than 8 volumes, or a mask of another grid
 * @throws the reason of `options.signal` when cancelled
 */
export async function denoise(volume: DiffusionVolume, options: DenoiseOptions = {}): Promise<Denoised> {
  const { grid, gradients, name } = volume;
  const n = gradients.count;
  if (n < FEWEST_VOLUMES)
    throw new InputRefused(
      `${String(n)} volumes`,
      name,
      'denoising by components needs 8 volumes or more: leave it out',
    );
  const patch = patchSize(n, grid.slices);
  const { columns, rows, slices } = grid;
  const signal = Float32Array.from(volume.signal);
  const size = columns * rows * slices;
  const noise = new Float32Array(size);
  const voxels = voxelsToFit(volume, options.mask);
  const images = Array.from({ length: n }, (_, v) => signalOfVolume(volume, v));
  const samples = new Float64Array(n * patch[0] * patch[1] * patch[2]);
  await forEachTile(voxels.length, options, (from, to) => {
    for (let at = from; at < to; at++) {
      const voxel = voxels[at] ?? 0;
      const centre = [
        voxel % columns,
        Math.floor(voxel / columns) % rows,
        Math.floor(voxel / (columns * rows)),
      ] as const;
      const members = patchVoxels(centre, patch, [columns, rows, slices]);
      for (let v = 0; v < n; v++) {
        const image = images[v];
        members.forEach((member, m) => (samples[v * members.length + m] = image?.[member] ?? 0));
      }
      const found = withoutNoise(samples, n, members.length, Math.floor(members.length / 2));
      if (!found) continue;
      noise[voxel] = found.sigma;
      for (let v = 0; v < n; v++) signal[v * size + voxel] = found.centre[v] ?? 0;
    }
  });
  return { volume: { ...volume, signal }, noise, patch };
}

/** Smallest odd cube with as many voxels as there are volumes; wider in the slice where there are few slices. */
function patchSize(volumes: number, slices: number): readonly [number, number, number] {
  let edge = 3;
  while (edge ** 3 < volumes) edge += 2;
  const deep = Math.min(edge, slices % 2 === 1 ? slices : Math.max(slices - 1, 1));
  let wide = edge;
  while (wide * wide * deep < volumes) wide += 2;
  return [wide, wide, deep];
}

/** Linear indices of a patch; beyond an edge the other side of the patch stands in, so that its size stays. */
function patchVoxels(
  centre: readonly [number, number, number],
  patch: readonly [number, number, number],
  extent: readonly [number, number, number],
): number[] {
  const along = (axis: 0 | 1 | 2): number[] => {
    const half = (patch[axis] - 1) / 2;
    const last = extent[axis] - 1;
    return Array.from({ length: patch[axis] }, (_, i) => {
      const at = centre[axis] + i - half;
      const inside =
        at < 0 ? half - at + centre[axis] : at > last ? 2 * centre[axis] - half - (at - last) : at;
      return Math.min(Math.max(inside, 0), last);
    });
  };
  const [xs, ys, zs] = [along(0), along(1), along(2)];
  return zs.flatMap((z) => ys.flatMap((y) => xs.map((x) => (z * extent[1] + y) * extent[0] + x)));
}

/**
 * @param samples `[volume][voxel]`
 * @returns signals of one voxel without the noise components, and the noise level; null when there is no signal
 */
function withoutNoise(
  samples: Float64Array,
  n: number,
  m: number,
  centre: number,
): { centre: Float64Array; sigma: number } | null {
  const covariance = Matrix.zeros(n, n);
  let trace = 0;
  for (let v = 0; v < n; v++)
    for (let w = 0; w <= v; w++) {
      let sum = 0;
      for (let i = 0; i < m; i++) sum += (samples[v * m + i] ?? 0) * (samples[w * m + i] ?? 0);
      covariance.set(v, w, sum);
      covariance.set(w, v, sum);
      if (v === w) trace += sum;
    }
  if (!(trace > 0) || !Number.isFinite(trace)) return null;
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, {
    assumeSymmetric: true,
  });
  const order = [...realEigenvalues.keys()].sort(
    (p, q) => (realEigenvalues[p] ?? 0) - (realEigenvalues[q] ?? 0),
  );
  const eigenvalues = order.map((k) => Math.max(realEigenvalues[k] ?? 0, 0));
  const { noisy, sigma } = noiseComponents(eigenvalues.slice(Math.max(n - m, 0)), Math.max(n, m));
  const kept = order.slice(Math.max(n - m, 0) + noisy);
  const result = new Float64Array(n);
  for (const k of kept) {
    let projection = 0;
    for (let v = 0; v < n; v++) projection += eigenvectorMatrix.get(v, k) * (samples[v * m + centre] ?? 0);
    for (let v = 0; v < n; v++) result[v] = (result[v] ?? 0) + projection * eigenvectorMatrix.get(v, k);
  }
  return { centre: result, sigma };
}

/**
 * How many of the smallest components are noise: as long as their spread is no wider than the Marchenko-Pastur law allows for
 * their mean.
 *
 * @param eigenvalues of X X', ascending, as many as the shorter side of X
 * @param long the longer side of X
 */
function noiseComponents(eigenvalues: readonly number[], long: number): { noisy: number; sigma: number } {
  const r = eigenvalues.length;
  const smallest = (eigenvalues[0] ?? 0) / long;
  let sum = 0;
  let noisy = 0;
  let variance = 0;
  for (let p = 1; p <= r; p++) {
    const value = (eigenvalues[p - 1] ?? 0) / long;
    sum += value;
    const gamma = p / (long - (r - p));
    const byMean = sum / p;
    const bySpread = (value - smallest) / (4 * Math.sqrt(gamma));
    if (bySpread < byMean) {
      noisy = p;
      variance = byMean;
    }
  }
  return { noisy, sigma: Math.sqrt(variance) };
}
