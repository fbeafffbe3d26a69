import type { CordMask } from '@myelon/cord';
import { signalToNoiseOfRepeats } from '@myelon/diffusion';
import type { SeriesQuality } from '../analysis-record';
import { measuredVoxelsBySlice } from '../measure/regions';
import type { SessionInput } from './analysis-session';
import { voxelsToFit } from './fit-extent';
import { medianBySlice } from './preparation-findings';

/** SNR of unweighted images in the cord below which FA is pushed up too far for a statement, and below which it is told. */
const SNR_TO_STATE = 10;
const SNR_ADVISED = 15;

/** Quality of the images of a series, of which nothing is measured here but the images as they came. */
export function qualityOf({ volume, prepared }: SessionInput, mask: CordMask | null): SeriesQuality {
  const raw = prepared?.raw ?? volume;
  const cord = mask ? measuredVoxelsBySlice(mask.grid, mask.labels, raw.grid) : [];
  const where = voxelsToFit(raw, cord, cord.flat().length > 0 ? 'mask' : 'field');
  const found = where.some((inside) => inside !== 0)
    ? signalToNoiseOfRepeats(raw, where)
    : { missing: 'no voxel to measure in' };
  return {
    input: volume.name,
    signalToNoise:
      'missing' in found ? found : { ...found, noise: [...found.noise], ratio: [...found.ratio] },
    preparation: [...(prepared?.steps ?? [])],
    ...(prepared?.shifts && { shiftsMm: prepared.shifts }),
    outlierSlices: [...(prepared?.outliers ?? [])],
  };
}

function medianRatio({ signalToNoise }: SeriesQuality): number | null {
  return 'missing' in signalToNoise ? null : medianBySlice(signalToNoise.ratio);
}

export function qualityWarnings(quality: SeriesQuality): string[] {
  const { input, outlierSlices } = quality;
  const ratio = medianRatio(quality);
  return [
    ...(ratio !== null && ratio < SNR_ADVISED
      ? [`${input}: SNR of unweighted images is ${ratio.toFixed(0)}, 15 is advised: noise raises FA`]
      : []),
    ...(outlierSlices.length > 0
      ? [`${input}: ${String(outlierSlices.length)} slices lost signal and were replaced by prediction`]
      : []),
  ];
}

/** Why the images are too noisy for a statement. */
export function signalProblems(qualities: readonly SeriesQuality[]): string[] {
  return qualities.flatMap((quality) => {
    const ratio = medianRatio(quality);
    return ratio !== null && ratio < SNR_TO_STATE
      ? [
          `${quality.input}: SNR of unweighted images is ${ratio.toFixed(0)}, at least ${String(SNR_TO_STATE)} is needed`,
        ]
      : [];
  });
}
