import type { ReadingActions } from './reading-actions';
import { patch, type ReadingContext } from './reading-context';
import { copySliceTo, fillBetween, growSliceBy, redoSlice, useTool } from './steps/edit-outline';
import { importOutline } from './steps/import-outline';
import { cordState, outlineCord, pointAtCord } from './steps/outline-cord';

const BRUSH_DIAMETERS_MM = [1, 20] as const;

type CordActions = Pick<
  ReadingActions,
  | 'findCord'
  | 'pointAtCord'
  | 'stopPointing'
  | 'acceptSlice'
  | 'useTool'
  | 'changeBrush'
  | 'setOutlineVisible'
  | 'copySlice'
  | 'growSlice'
  | 'fillBetween'
  | 'redoSlice'
  | 'importOutline'
  | 'undo'
  | 'redo'
>;

/** Finding, correcting and accepting the outline. */
export function cordActions(context: ReadingContext): CordActions {
  const { host, store } = context;
  let pointing: AbortController | null = null;
  return {
    findCord: () => outlineCord(context, []),
    pointAtCord: async () => {
      pointing?.abort();
      pointing = new AbortController();
      await pointAtCord(context, pointing.signal);
    },
    stopPointing: () => {
      pointing?.abort();
    },
    acceptSlice: (slice) => {
      patch(context, 'cord', { acceptedSlices: [...store.getState().cord.acceptedSlices, slice] });
      patch(context, 'cord', { state: cordState(context) });
    },
    useTool: (tool) => useTool(context, tool),
    changeBrush: (stepMm) => {
      const { tool, brushDiameterMm } = store.getState().cord;
      const [least, most] = BRUSH_DIAMETERS_MM;
      const next = Math.min(most, Math.max(least, brushDiameterMm + stepMm));
      patch(context, 'cord', { brushDiameterMm: next });
      if (tool !== 'none') host.drawing.activate(tool, next);
    },
    setOutlineVisible: (visible) => {
      host.outline.setVisible(visible);
      patch(context, 'cord', { visible });
    },
    copySlice: (step) => copySliceTo(context, step),
    growSlice: (byMm) => growSliceBy(context, byMm),
    fillBetween: () => fillBetween(context),
    redoSlice: () => redoSlice(context),
    importOutline: (object) => importOutline(context, object),
    undo: () => {
      host.drawing.undo();
    },
    redo: () => {
      host.drawing.redo();
    },
  };
}
