import {
  diffusionAcquisitions,
  diffusionParts,
  joinAcquisitions,
  type DiffusionAcquisition,
  type HeaderSeries,
} from '@myelon/dicom';
import { InputRefused } from '@myelon/diffusion';
import { patch, type ReadingContext } from '../reading-context';
import { problemOf } from '../tasks';

/** Which images are read as one series: by the data's own rule, then as the reader asked. */
export function acquisitionsOf(
  context: ReadingContext,
  series: readonly HeaderSeries[],
): DiffusionAcquisition[] {
  const { grouping } = context.store.getState().data;
  const parts = diffusionParts(series);
  const apart = diffusionAcquisitions(series).flatMap((one) =>
    grouping.apart.includes(one.key) ? parts.filter((part) => isPartOf(part, one)) : [one],
  );
  const taken: (readonly string[])[] = [];
  let acquisitions = apart;
  for (const keys of grouping.together) {
    try {
      acquisitions = together(acquisitions, keys);
      taken.push(keys);
    } catch (problem) {
      if (!(problem instanceof InputRefused)) throw problem;
      patch(context, 'data', { refused: problemOf(problem) });
    }
  }
  if (taken.length < grouping.together.length)
    patch(context, 'data', { grouping: { ...grouping, together: taken } });
  return acquisitions;
}

/** Joined series stand where the first of them stood. */
function together(
  acquisitions: readonly DiffusionAcquisition[],
  keys: readonly string[],
): DiffusionAcquisition[] {
  const members = acquisitions.filter(({ key }) => keys.includes(key));
  if (members.length < 2) return [...acquisitions];
  const joined = joinAcquisitions(members);
  return acquisitions.flatMap((one) => (one === members[0] ? [joined] : members.includes(one) ? [] : [one]));
}

function isPartOf(part: DiffusionAcquisition, whole: DiffusionAcquisition): boolean {
  const [first] = part.datasets;
  return first !== undefined && whole.datasets.includes(first);
}
