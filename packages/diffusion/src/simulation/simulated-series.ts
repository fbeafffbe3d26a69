import { diffusionVolume, type DiffusionVolume } from '../data/diffusion-volume';
import { GradientTable } from '../data/gradient-table';
import { voxelCount, type VoxelGrid } from '../data/voxel-grid';
import { noiseSource } from './rician-noise';

/**
 * A row of voxels with given signals, as a diffusion series.
 *
 * @param signals one array per voxel, one signal per volume
 * @param noise standard deviation of Rician noise in signal units, and the seed; none without it
 */
export function simulatedSeries(
  gradients: GradientTable,
  signals: readonly ArrayLike<number>[],
  noise?: { readonly sigma: number; readonly seed: number },
): DiffusionVolume {
  const grid: VoxelGrid = {
    columns: signals.length,
    rows: 1,
    slices: 1,
    affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 5, 0],
  };
  const source = noiseSource(noise?.seed ?? 0);
  const size = voxelCount(grid);
  const signal = new Float32Array(size * gradients.count);
  signals.forEach((voxel, at) => {
    for (let volume = 0; volume < gradients.count; volume++) {
      const clean = voxel[volume] ?? Number.NaN;
      signal[volume * size + at] = noise ? source.rician(clean, noise.sigma) : clean;
    }
  });
  return diffusionVolume({ grid, gradients, signal, sources: [], name: 'simulated series' });
}

/** `count` directions spread over half a sphere along a golden spiral, `[direction][x, y, z]`. */
export function spreadDirections(count: number): number[] {
  const turn = Math.PI * (3 - Math.sqrt(5));
  return Array.from({ length: count }, (_, i) => {
    const z = 1 - (i + 0.5) / count;
    const r = Math.sqrt(1 - z * z);
    return [r * Math.cos(i * turn), r * Math.sin(i * turn), z];
  }).flat();
}

/** A table of some b0 volumes and one shell. */
export function singleShell(b0: number, directions: number, bValue: number): GradientTable {
  return new GradientTable(
    [...new Array<number>(b0).fill(0), ...new Array<number>(directions).fill(bValue)],
    [...new Array<number>(3 * b0).fill(0), ...spreadDirections(directions)],
  );
}
