import { pointOnCourse, type DiscName } from '@myelon/cord';
import type { KnownDisc } from '@myelon/pipeline';
import { patch, type ReadingContext } from '../reading-context';
import { describeShape, namedLevels } from './describe-shape';
import { measure } from './measure';

/** Puts a disc somewhere: a slice, or a point in the patient. The others follow. */
export async function nameDisc(context: ReadingContext, disc: KnownDisc): Promise<void> {
  const { levels } = context.store.getState().cord;
  await useDiscs(context, [...levels.known.filter(({ name }) => name !== disc.name), disc]);
}

/** Moves a disc along the cord by a distance, mm; positive is down. It is known from then on. */
export async function moveDiscBy(context: ReadingContext, name: DiscName, byMm: number): Promise<void> {
  const { record } = context.store.getState().cord.levels;
  const disc = record?.discs.find((one) => one.name === name);
  const pointMm = disc && pointOnCourse(context.course, disc.positionMm + byMm);
  if (pointMm) await nameDisc(context, { name, at: { pointMm } });
}

/** Takes back what a person said of a disc: it is proposed again, or there are no levels any more. */
export async function forgetDisc(context: ReadingContext, name: DiscName): Promise<void> {
  const { known } = context.store.getState().cord.levels;
  await useDiscs(
    context,
    known.filter((one) => one.name !== name),
  );
}

/** Waits for one click on a disc in the sagittal T2. */
export async function pickDisc(context: ReadingContext, name: DiscName, signal: AbortSignal): Promise<void> {
  const picking = (next: DiscName | null) => {
    patch(context, 'cord', { levels: { ...context.store.getState().cord.levels, picking: next } });
  };
  picking(name);
  try {
    const pointMm = await context.host.anatomy.pickPoint(signal);
    picking(null);
    await nameDisc(context, { name, at: { pointMm } });
  } catch (error) {
    if (!signal.aborted && !(error instanceof DOMException && error.name === 'AbortError')) throw error;
  } finally {
    picking(null);
  }
}

/** Discs that contradict each other are refused, and those before them stay. */
async function useDiscs(context: ReadingContext, known: readonly KnownDisc[]): Promise<void> {
  context.sagittal ??= await context.host.anatomy.sagittalImage().catch(() => null);
  const { levels } = context.store.getState().cord;
  const { refused } = namedLevels(context, known);
  patch(context, 'cord', { levels: refused ? { ...levels, refused } : { ...levels, known } });
  if (refused) return;
  describeShape(context);
  await measure(context);
}
