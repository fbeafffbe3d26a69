import type { StoreApi } from 'zustand/vanilla';
import { onCommand } from '../host/commands';
import type { OutlineTool } from '../ids';
import { slicesLeftToCheck } from './next-step';
import type { ReadingActions } from './reading-actions';
import type { ReadingState } from './reading-state';

/** Gives the viewer's hotkeys their meaning for this reading. Returns how to withdraw them. */
export function bindCommands(store: StoreApi<ReadingState>, actions: ReadingActions): (() => void)[] {
  let lastMap: ReadingState['maps']['shown'] = null;
  return [
    onCommand('findCord', () => void actions.findCord()),
    ...bindDrawing(store, actions),
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

/** Step by which keys make an outline wider or narrower, mm. */
const GROW_STEP_MM = 0.5;

function bindDrawing(store: StoreApi<ReadingState>, actions: ReadingActions): (() => void)[] {
  const toggle = (tool: OutlineTool) => () =>
    void actions.useTool(store.getState().cord.tool === tool ? 'none' : tool);
  return [
    onCommand('thresholdBrush', toggle('threshold')),
    onCommand('drawContour', toggle('freehand')),
    onCommand('drawSpline', toggle('spline')),
    onCommand('stopDrawing', () => void actions.useTool('none')),
    onCommand('growBrush', () => {
      actions.changeBrush(1);
    }),
    onCommand('shrinkBrush', () => {
      actions.changeBrush(-1);
    }),
    onCommand('growSlice', () => void actions.growSlice(GROW_STEP_MM)),
    onCommand('shrinkSlice', () => void actions.growSlice(-GROW_STEP_MM)),
    onCommand('copyToNext', () => void actions.copySlice(1)),
    onCommand('copyToPrevious', () => void actions.copySlice(-1)),
    onCommand('fillBetween', () => void actions.fillBetween()),
    onCommand('redoSlice', () => void actions.redoSlice()),
  ];
}
