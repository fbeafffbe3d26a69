import { signalOfVolume, type DiffusionVolume } from '../data/diffusion-volume';

/**
 * Copies signals of some voxels from volume-major storage to voxel-major scratch.
 *
 * @param voxels list of voxel indices, of which positions `from` to `to` are taken
 * @param out receives `[position - from][volume]`
 */
export function gatherSignals(
  volume: DiffusionVolume,
  volumes: readonly number[],
  voxels: Int32Array,
  from: number,
  to: number,
  out: Float64Array,
): void {
  const count = volumes.length;
  for (let i = 0; i < count; i++) {
    const signal = signalOfVolume(volume, volumes[i] ?? 0);
    for (let at = from, target = i; at < to; at++, target += count)
      out[target] = signal[voxels[at] ?? 0] ?? 0;
  }
}
