import { voxelCount, type GradientTable } from '@myelon/diffusion';
import { cordDiffusion, cordSignal } from './microstructure';
import { randomStream } from './random';
import type { TissueFractions } from './sampling';
import { LESION_T2_GAIN, Tissue, TISSUES } from './tissues';

// Local names: in a sandboxed context every look-up of the global Math costs more than the function itself.
const { sqrt, exp, round } = Math;

/** Signal of pure cord without diffusion weighting, in stored units. */
export const CORD_B0_SIGNAL = 1000;
/** Signal of pure CSF on T2-weighted images, in stored units. */
export const CSF_T2_SIGNAL = 1500;

/**
 * Noise-free diffusion-weighted signal: every voxel the sum of its tissues, weighted by volume.
 * @returns `[volume][slice][row][column]`
 */
export function diffusionSignal(tissues: TissueFractions, gradients: GradientTable): Float32Array {
  const count = voxelCount(tissues.grid);
  const signal = new Float32Array(count * gradients.count);
  const cordFraction = tissues.fractions[Tissue.cord] ?? new Float32Array(count);
  const cordAt = Array.from(cordFraction.keys()).filter((voxel) => (cordFraction[voxel] ?? 0) > 0);
  const cords = cordAt.map((voxel) => cordDiffusion(tissues.lesionWeight[voxel] ?? 0));
  for (let volume = 0; volume < gradients.count; volume++) {
    const bValue = gradients.bValue(volume);
    const image = signal.subarray(volume * count, (volume + 1) * count);
    TISSUES.forEach((tissue, index) => {
      if (index === Tissue.cord) return;
      const level = CORD_B0_SIGNAL * tissue.epi * exp(-bValue * tissue.diffusivity);
      addScaled(image, tissues.fractions[index], level);
    });
    const [gx, gy, gz] = gradients.direction(volume);
    cords.forEach((cord, index) => {
      const voxel = cordAt[index] ?? 0;
      const [tx, ty, tz] = tissues.cordDirection.subarray(3 * voxel, 3 * voxel + 3) as unknown as number[];
      const cosine = gx * (tx ?? 0) + gy * (ty ?? 0) + gz * (tz ?? 0);
      image[voxel] =
        (image[voxel] ?? 0) + (cordFraction[voxel] ?? 0) * CORD_B0_SIGNAL * cordSignal(cord, bValue, cosine);
    });
  }
  return signal;
}

/** Noise-free T2-weighted turbo spin echo image, `[slice][row][column]`. */
export function t2Signal(tissues: TissueFractions): Float32Array {
  const image = new Float32Array(voxelCount(tissues.grid));
  TISSUES.forEach((tissue, index) => {
    addScaled(image, tissues.fractions[index], CSF_T2_SIGNAL * tissue.t2);
  });
  const cordFraction = tissues.fractions[Tissue.cord];
  for (let voxel = 0; voxel < image.length; voxel++) {
    const gain = LESION_T2_GAIN * (tissues.lesionWeight[voxel] ?? 0) * (cordFraction?.[voxel] ?? 0);
    image[voxel] = (image[voxel] ?? 0) + CSF_T2_SIGNAL * gain;
  }
  return image;
}

/**
 * Magnitude images as a scanner stores them: Rician noise, then whole numbers.
 * @param sigma standard deviation of the noise in each of the two channels, stored units; 0 adds none
 */
export function acquire(signal: Float32Array, sigma: number, seed: number, purpose: string): Float32Array {
  const random = randomStream(seed, purpose);
  if (sigma === 0) return signal.map((value) => round(value));
  return signal.map((value) => {
    const real = value + sigma * random.normal();
    const imaginary = sigma * random.normal();
    return round(sqrt(real * real + imaginary * imaginary));
  });
}

function addScaled(image: Float32Array, fraction: Float32Array | undefined, level: number): void {
  if (!fraction || level === 0) return;
  for (let voxel = 0; voxel < image.length; voxel++)
    image[voxel] = (image[voxel] ?? 0) + level * (fraction[voxel] ?? 0);
}
