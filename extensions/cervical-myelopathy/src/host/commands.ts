/** Actions of the reader that the viewer can trigger by key; each is a command `myelon<Name>` with a hotkey. */
export const READING_COMMANDS = [
  { name: 'findCord', label: 'Myelon: find cord', keys: ['g'] },
  { name: 'nextSliceToCheck', label: 'Myelon: next slice to check', keys: ['j'] },
  { name: 'acceptSlice', label: 'Myelon: accept slice', keys: ['k'] },
  { name: 'thresholdBrush', label: 'Myelon: threshold brush', keys: ['t'] },
  { name: 'drawContour', label: 'Myelon: draw a contour', keys: ['d'] },
  { name: 'drawSpline', label: 'Myelon: draw a spline', keys: ['s'] },
  { name: 'stopDrawing', label: 'Myelon: stop drawing', keys: ['w'] },
  { name: 'growBrush', label: 'Myelon: larger brush', keys: [']'] },
  { name: 'shrinkBrush', label: 'Myelon: smaller brush', keys: ['['] },
  { name: 'growSlice', label: 'Myelon: widen outline', keys: ['shift+g'] },
  { name: 'shrinkSlice', label: 'Myelon: narrow outline', keys: ['shift+h'] },
  { name: 'copyToNext', label: 'Myelon: copy outline to next slice', keys: ['n'] },
  { name: 'copyToPrevious', label: 'Myelon: copy outline to previous slice', keys: ['shift+n'] },
  { name: 'fillBetween', label: 'Myelon: interpolate missing slices', keys: ['shift+i'] },
  { name: 'redoSlice', label: 'Myelon: outline this slice again', keys: ['shift+r'] },
  { name: 'fit', label: 'Myelon: fit', keys: ['f'] },
  { name: 'nextMap', label: 'Myelon: next map', keys: ['m'] },
  { name: 'toggleOutline', label: 'Myelon: show or hide outline', keys: ['o'] },
  { name: 'toggleMap', label: 'Myelon: show or hide map', keys: ['p'] },
  { name: 'saveDraft', label: 'Myelon: save draft', keys: ['ctrl+shift+s'] },
] as const;

export type ReadingCommand = (typeof READING_COMMANDS)[number]['name'];

const handlers = new Map<ReadingCommand, () => void>();

/** Says what a command does; the last one told wins. Returns how to withdraw it. */
export function onCommand(name: ReadingCommand, handler: () => void): () => void {
  handlers.set(name, handler);
  return () => {
    if (handlers.get(name) === handler) handlers.delete(name);
  };
}

/** Name of a reading command among all commands of the viewer. */
export function viewerCommandName(name: ReadingCommand): string {
  return `myelon${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** Runs what was registered; a command nobody handles does nothing. */
export function runReadingCommand(name: ReadingCommand): void {
  handlers.get(name)?.();
}

/** For the viewer's hotkey dialog. */
export function readingHotkeys() {
  return READING_COMMANDS.map(({ name, label, keys }) => ({
    commandName: viewerCommandName(name),
    label,
    keys: [...keys],
    isEditable: true,
  }));
}
