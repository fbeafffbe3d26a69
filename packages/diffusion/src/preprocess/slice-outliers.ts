import { signalOfVolume, type DiffusionVolume } from '../data/diffusion-volume';
import { medianInPlace } from '../fitting/median';
import { leaveOneOutPrediction } from './signal-prediction';

/** A slice of one volume whose signal does not belong to the others. */
export interface OutlierSlice {
  readonly volume: number;
  readonly slice: number;
  /** Its signal over what the other volumes predict; far below 1 is a dropout by motion. */
  readonly gain: number;
}

/** A slice is an outlier when its gain is this many robust standard deviations of the slice's volumes off, and ... */
const LIMIT = 5;

/** ... by at least this: a scanner's gain drifts by a few percent. */
const SMALLEST_DIFFERENCE = 0.15;

/** Voxels darker than this share of the brightest predicted are background. */
const FOREGROUND = 0.3;

const MAD_TO_SD = 1.4826;

/** Finding outliers is repeated without those found, for they spoil predictions of others. */
const ROUNDS = 2;

/**
 * Finds slices that lost (or gained) signal as a whole, and puts what the other volumes predict in their place, so that they
 * carry no weight of their own in any fit.
 *
 * Compare Andersson et al., NeuroImage 2016;141:556-572 (detection by slice and replacement by prediction).
 *
 * @param region one number per voxel, non-zero = look here; foreground without it
 */
export function replaceOutlierSlices(
  volume: DiffusionVolume,
  region?: Uint8Array,
): { readonly volume: DiffusionVolume; readonly outliers: readonly OutlierSlice[] } {
  const { columns, rows, slices } = volume.grid;
  const n = volume.gradients.count;
  const size = columns * rows;
  const prediction = leaveOneOutPrediction(volume.gradients);
  const signal = Float32Array.from(volume.signal);
  const outliers: OutlierSlice[] = [];
  for (let slice = 0; slice < slices; slice++) {
    const original = Array.from({ length: n }, (_, v) =>
      signalOfVolume(volume, v).subarray(slice * size, (slice + 1) * size),
    );
    const cleaned = original.map((image) => Float32Array.from(image));
    const here = region?.subarray(slice * size, (slice + 1) * size);
    let found: OutlierSlice[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const predicted = predictAll(cleaned, prediction);
      const gains = original.map((image, v) => gainOf(image, predicted[v] ?? image, here));
      found = judge(gains).map((v) => ({ volume: v, slice, gain: gains[v] ?? Number.NaN }));
      for (const one of found) cleaned[one.volume]?.set(predicted[one.volume] ?? []);
    }
    for (const one of found) signal.set(cleaned[one.volume] ?? [], (one.volume * slices + slice) * size);
    outliers.push(...found);
  }
  return { volume: outliers.length === 0 ? volume : { ...volume, signal }, outliers };
}

function predictAll(images: readonly Float32Array[], prediction: Float64Array): Float32Array[] {
  const n = images.length;
  return images.map((image, v) => {
    const sum = new Float32Array(image.length);
    images.forEach((other, w) => {
      const weight = prediction[v * n + w] ?? 0;
      if (weight !== 0)
        for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] ?? 0) + weight * (other[at] ?? 0);
    });
    for (let at = 0; at < sum.length; at++) sum[at] = Math.max(sum[at] ?? 0, 0);
    return sum;
  });
}

function gainOf(image: Float32Array, predicted: Float32Array, region: Uint8Array | undefined): number {
  let brightest = 0;
  for (const value of predicted) brightest = Math.max(brightest, value);
  let cross = 0;
  let square = 0;
  predicted.forEach((p, at) => {
    if (region ? region[at] === 0 : p < FOREGROUND * brightest) return;
    cross += p * (image[at] ?? 0);
    square += p * p;
  });
  return square > 0 ? cross / square : 1;
}

/** Volumes whose gain stands out. */
function judge(gains: readonly number[]): number[] {
  const centre = medianInPlace(Float64Array.from(gains), gains.length);
  const deviations = Float64Array.from(gains, (gain) => Math.abs(gain - centre));
  const limit = Math.max(LIMIT * MAD_TO_SD * medianInPlace(deviations, gains.length), SMALLEST_DIFFERENCE);
  return gains.flatMap((gain, v) => (Math.abs(gain - centre) > limit ? [v] : []));
}
