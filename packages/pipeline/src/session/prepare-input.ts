import type { CordMask } from '@myelon/cord';
import { measuredVoxelsBySlice } from '../measure/regions';
import type { SessionInput } from './analysis-session';
import { voxelsToFit } from './fit-extent';
import type { ProgressListener } from './fit-models';
import { motionRegion } from './preparation-findings';
import { prepareSeries, type PreparationChoices } from './prepare-series';

/** What a prepared series was made with. */
export interface PreparedWith {
  readonly choices: PreparationChoices;
  readonly mask: CordMask | null;
}

/**
 * A series prepared as chosen, always from the images as they came; as it is when it was prepared just so. Motion is looked for
 * around the mask where there is one.
 * @throws InputRefused when a step cannot be done; the signal's reason when cancelled
 */
export async function preparedInput(
  input: SessionInput,
  choices: PreparationChoices,
  mask: CordMask | null,
  control: { readonly onProgress?: ProgressListener | undefined; readonly signal?: AbortSignal | undefined },
): Promise<SessionInput> {
  const { key, origin, prepared: before, volume } = input;
  if (before && before.with.mask === mask && sameChoices(before.with.choices, choices)) return input;
  const raw = before?.raw ?? volume;
  const cord = mask ? measuredVoxelsBySlice(mask.grid, mask.labels, raw.grid) : null;
  const field = voxelsToFit(raw, cord ?? [], 'field');
  const prepared = await prepareSeries(raw, choices, {
    measured: cord ? voxelsToFit(raw, cord, 'mask') : field,
    region: cord ? motionRegion(raw.grid, cord) : undefined,
    field,
    ...control,
  });
  return { key, origin, volume: prepared.volume, prepared: { ...prepared, raw, with: { choices, mask } } };
}

const STEPS = ['denoise', 'unring', 'rician', 'motion'] as const;

function sameChoices(one: PreparationChoices, other: PreparationChoices): boolean {
  return one.noise === other.noise && STEPS.every((step) => (one[step] ?? 'off') === (other[step] ?? 'off'));
}

/** Whether anything is to be done. */
export function preparesAnything(choices: PreparationChoices): boolean {
  return STEPS.some((step) => (choices[step] ?? 'off') !== 'off');
}
