import { InputRefused, voxelToPatient } from '@myelon/diffusion';
import type { DiffusionFrame, LeftOut } from './diffusion-frame';
import { sameMeasurement, type FrameGroup } from './group-volumes';
import type { SliceStack } from './slice-stack';

/**
 * The volumes that hold every slice once, and what is missing or there twice, by volume and position.
 * @throws InputRefused when no volume is complete
 */
export function completeVolumes(
  groups: readonly FrameGroup[],
  stack: SliceStack,
  name: string,
): { volumes: DiffusionFrame[][]; incomplete: LeftOut[] } {
  const { slices } = stack.grid;
  const volumes: DiffusionFrame[][] = [];
  const partial: { readonly index: number; readonly volume: DiffusionFrame[] }[] = [];
  const incomplete: LeftOut[] = [];
  for (const [index, group] of groups.entries()) {
    const volume = [...Array(slices).keys()].flatMap((slice) => group.frames.get(slice) ?? []);
    if (volume.length === slices) volumes.push(volume);
    else if (volume.length > 0) partial.push({ index, volume });
    incomplete.push(...group.surplus.map((frame) => surplusImage(frame, index, stack)));
  }
  if (volumes.length === 0)
    throw new InputRefused(
      `no complete volume of ${String(slices)} slices${missingFromFirst(partial[0]?.volume, stack)}`,
      name,
      'images are missing: fetch the whole series',
    );
  for (const { index, volume } of partial) {
    const twin = volumes.findIndex(([frame]) => frame && volume[0] && sameMeasurement(frame, volume[0]));
    const repeated = twin >= 0 && volume.length <= slices / 2;
    incomplete.push(repeated ? secondImages(volume, twin, stack) : missingSlices(index, volume, stack));
  }
  return { volumes, incomplete };
}

function surplusImage(frame: DiffusionFrame, index: number, stack: SliceStack): LeftOut {
  const slice = stack.sliceOf(frame);
  return {
    what: `1 image of volume ${String(index + 1)} (${frame.name})`,
    why:
      slice === undefined ? 'its position is outside the stack' : `${placeOf(slice, stack)} is there twice`,
  };
}

/** A few images beside a whole volume of the same weighting: no unfinished repeat, but slices that came twice. */
function secondImages(volume: readonly DiffusionFrame[], twin: number, stack: SliceStack): LeftOut {
  const [first] = volume;
  const slice = (first && stack.sliceOf(first)) ?? 0;
  const more = volume.length > 1 ? ` and ${String(volume.length - 1)} more` : '';
  return {
    what: `${images(volume.length)} beside volume ${String(twin + 1)} (${weighting(volume)}, ${first?.name ?? ''}${more})`,
    why: `${placeOf(slice, stack)}${more} is there twice with the same weighting`,
  };
}

function missingSlices(index: number, volume: readonly DiffusionFrame[], stack: SliceStack): LeftOut {
  const absent = absentSlices(volume, stack);
  return {
    what: `volume ${String(index + 1)} (${weighting(volume)}, ${images(volume.length)})`,
    why: `incomplete: ${String(absent.length)} of ${String(stack.grid.slices)} slices missing (${listed(absent, stack)})`,
  };
}

function missingFromFirst(volume: readonly DiffusionFrame[] | undefined, stack: SliceStack): string {
  return volume ? ` (of the first, ${listed(absentSlices(volume, stack), stack)} missing)` : '';
}

function absentSlices(volume: readonly DiffusionFrame[], stack: SliceStack): number[] {
  const present = new Set(volume.map((frame) => stack.sliceOf(frame)));
  return [...Array(stack.grid.slices).keys()].filter((slice) => !present.has(slice));
}

/** "slice 3 at (-10.0, -20.0, 10.0) mm, slice 4 at ... and 7 more". */
function listed(slices: readonly number[], stack: SliceStack): string {
  const named = slices.slice(0, 3).map((slice) => placeOf(slice, stack));
  return named.join(', ') + (slices.length > 3 ? ` and ${String(slices.length - 3)} more` : '');
}

/** Position of the first pixel in LPS, as in Image Position (Patient). */
function placeOf(slice: number, { grid }: SliceStack): string {
  const at = voxelToPatient(grid, [0, 0, slice]).map((coordinate) => coordinate.toFixed(1));
  return `slice ${String(slice + 1)} at (${at.join(', ')}) mm`;
}

function weighting(volume: readonly DiffusionFrame[]): string {
  return `b ${(volume[0]?.gradient?.bValue ?? Number.NaN).toFixed(0)}`;
}

export function images(count: number): string {
  return count === 1 ? '1 image' : `${String(count)} images`;
}
