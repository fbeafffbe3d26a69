import { InputRefused, type DiffusionVolume } from '@myelon/diffusion';
import type { FitExtent } from './fit-extent';
import { fitIvim, fitTensor, type FitControl, type ProgressListener } from './fit-models';
import type { FitRequest } from './fit-outcome';

type Run = Pick<FitControl, 'signal' | 'runner' | 'firstSlices'> & {
  readonly onProgress: ProgressListener | undefined;
};

/**
 * Fits what is asked for, one model after the other.
 * @param maskOf the voxels to fit of a series
 * @throws InputRefused when nothing is asked for or a series cannot serve; the signal's reason when cancelled
 */
export async function fitRequested(
  { tensorKey, ivimKey, options = {} }: FitRequest,
  volumeOf: (key: string) => DiffusionVolume,
  maskOf: (key: string, extent: FitExtent) => Uint8Array,
  { onProgress, ...run }: Run,
): Promise<{
  tensor: Awaited<ReturnType<typeof fitTensor>> | null;
  ivim: Awaited<ReturnType<typeof fitIvim>> | null;
}> {
  if (tensorKey === null && ivimKey === null) {
    throw new InputRefused('no model to fit', 'fit', 'choose a series for the tensor, for IVIM, or both');
  }
  const both = tensorKey !== null && ivimKey !== null;
  const extent = options.extent ?? 'field';
  const control = (key: string, from: number, share: number): FitControl => ({
    mask: maskOf(key, extent),
    noise: options.noise,
    details: options.details ?? false,
    onProgress: (fraction) => onProgress?.(from + share * fraction),
    ...run,
  });
  const tensor =
    tensorKey === null
      ? null
      : await fitTensor(volumeOf(tensorKey), options.tensor ?? {}, control(tensorKey, 0, both ? 0.5 : 1));
  const ivim =
    ivimKey === null
      ? null
      : await fitIvim(
          volumeOf(ivimKey),
          options.ivim ?? {},
          control(ivimKey, both ? 0.5 : 0, both ? 0.5 : 1),
        );
  return { tensor, ivim };
}
