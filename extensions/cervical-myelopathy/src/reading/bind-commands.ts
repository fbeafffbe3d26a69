import type { StoreApi } from 'zustand/vanilla';
import { onCommand } from '../host/commands';
import { slicesLeftToCheck } from './next-step';
import type { ReadingActions } from './reading-actions';
import type { ReadingState } from './reading-state';

/** Gives the viewer's hotkeys their meaning for this reading. Returns how to withdraw them. */
export function bindCommands(store: StoreApi<ReadingState>, actions: ReadingActions): (() => void)[] {
  let lastMap: ReadingState['maps']['shown'] = null;
  return [
    onCommand('findCord', () => void actions.findCord()),
    onCommand('fit', () => void actions.fit()),
    onCommand('saveDraft', () => void actions.saveDraft()),
    onCommand('nextMap', () => {
      actions.nextMap();
    }),
    onCommand('nextSliceToCheck', () => {
      const [next] = slicesLeftToCheck(store.getState());
      if (next) actions.goToSlice(next.slice);
    }),
    onCommand('acceptSlice', () => {
      const { currentSlice } = store.getState();
      if (slicesLeftToCheck(store.getState()).some(({ slice }) => slice === currentSlice)) {
        actions.acceptSlice(currentSlice ?? 0);
      }
    }),
    onCommand('toggleOutline', () => {
      actions.setOutlineVisible(!store.getState().cord.visible);
    }),
    onCommand('toggleMap', () => {
      const { shown, available } = store.getState().maps;
      lastMap = shown ?? lastMap;
      actions.showMap(shown === null ? (lastMap ?? available[0] ?? null) : null);
    }),
  ];
}
