import {
  carryOutline,
  checkOnOtherImage,
  outlineCord,
  type CordMask,
  type CordOutline,
  type OutlineOptions,
  type SliceShift,
} from '@myelon/cord';
import { meanOfVolumes, type DiffusionVolume, type Vector3, type VoxelGrid } from '@myelon/diffusion';
import type { ProgressListener } from './fit-models';

/** Choices for an automatic outline, and a way to see it grow. */
export type OutlineChoices = Pick<OutlineOptions, 'offsetMm' | 'firstSlice' | 'onDraft'>;

/** An outline of another image of the session, to be carried onto a diffusion series. */
export interface OutlineOfOtherImage {
  readonly shape: CordMask | CordOutline;
  /** For people and the record: name of the file or series. */
  readonly name: string;
}

/** Where a carried outline came from and how its slices were moved. */
export interface CarriedFrom {
  readonly image: string;
  readonly shifts: readonly (SliceShift | null)[];
}

interface ImageToOutline {
  /** What is outlined. */
  readonly image: Float32Array;
  readonly grid: VoxelGrid;
}

interface SeriesToOutline extends ImageToOutline {
  readonly volume: DiffusionVolume;
}

interface Run {
  readonly onProgress?: ProgressListener | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Share of the time that goes into the outline; the rest into checking it. */
const OUTLINE_SHARE = 0.8;
/** Volumes up to this b-value show the cord dark in bright fluid, s/mm2. */
const UNWEIGHTED_UP_TO = 50;

/** Outlines the mean diffusion-weighted image, and checks the outline on the unweighted one where there is one. */
export async function outlineSeries(
  { volume, image, grid }: SeriesToOutline,
  seeds: readonly Vector3[],
  choices: OutlineChoices,
  { onProgress, signal }: Run,
): Promise<CordOutline> {
  const outline = await outlineCord(image, grid, {
    ...choices,
    contrast: 'dwi',
    seeds,
    ...(signal ? { signal } : {}),
    onProgress: (fraction) => onProgress?.(OUTLINE_SHARE * fraction),
  });
  const { gradients } = volume;
  const unweighted = [...Array(gradients.count).keys()].filter(
    (index) => gradients.bValue(index) <= UNWEIGHTED_UP_TO,
  );
  const checked =
    unweighted.length === 0
      ? outline
      : await checkOnOtherImage(outline, {
          image: meanOfVolumes(volume, unweighted),
          contrast: 't2',
          name: 'the unweighted image',
          signal,
        });
  onProgress?.(1);
  return checked;
}

/**
 * The outline of another image on the slices of a diffusion series.
 * @throws InputRefused when they do not meet
 */
export async function carryOntoSeries(
  { image, grid }: ImageToOutline,
  { shape, name }: OutlineOfOtherImage,
  { onProgress, signal }: Run,
): Promise<{ outline: CordOutline; carriedFrom: CarriedFrom }> {
  const { outline, shifts } = await carryOutline(shape, image, grid, {
    contrast: 'dwi',
    ...(onProgress ? { onProgress } : {}),
    ...(signal ? { signal } : {}),
  });
  return { outline, carriedFrom: { image: name, shifts } };
}
