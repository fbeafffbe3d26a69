import type { ReadingActions } from './reading-actions';
import type { ReadingContext } from './reading-context';
import { forgetDisc, moveDiscBy, nameDisc, pickDisc } from './steps/name-levels';

type LevelActions = Pick<
  ReadingActions,
  'nameDisc' | 'pickDisc' | 'stopPickingDisc' | 'moveDisc' | 'forgetDisc'
>;

/** Naming levels by the discs the reader knows. */
export function levelActions(context: ReadingContext): LevelActions {
  let picking: AbortController | null = null;
  return {
    nameDisc: (name, at) => nameDisc(context, { name, at }),
    pickDisc: async (name) => {
      picking?.abort();
      picking = new AbortController();
      await pickDisc(context, name, picking.signal);
    },
    stopPickingDisc: () => {
      picking?.abort();
    },
    moveDisc: (name, byMm) => moveDiscBy(context, name, byMm),
    forgetDisc: (name) => forgetDisc(context, name),
  };
}
