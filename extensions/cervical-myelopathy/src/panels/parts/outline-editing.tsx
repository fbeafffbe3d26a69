import { WORDS } from '../../words/en';
import { useReading, useReadingState } from '../reading-panel';

const TOOLS = ['brush', 'eraser', 'threshold', 'freehand', 'spline'] as const;
/** Step by which an outline is made wider or narrower, mm. */
const GROW_STEP_MM = 0.5;

/** What the mouse draws, and how wide. */
export function DrawingTools({ disabled }: { disabled: boolean }): React.JSX.Element {
  const { actions } = useReading();
  const { tool, brushDiameterMm, threshold } = useReadingState((state) => state.cord);
  return (
    <div>
      <div className="myelon-row" role="group" aria-label={WORDS.cord.tools}>
        {TOOLS.map((kind) => (
          <button
            key={kind}
            type="button"
            disabled={disabled}
            aria-pressed={tool === kind}
            data-tool={kind}
            onClick={() => void actions.useTool(tool === kind ? 'none' : kind)}
          >
            {WORDS.cord[kind]}
          </button>
        ))}
        <BrushSize disabled={disabled} diameterMm={brushDiameterMm} />
      </div>
      {tool !== 'none' && (
        <p className="myelon-quiet" role="status">
          {WORDS.cord.toolHelp[tool]}{' '}
          {tool === 'threshold' &&
            threshold &&
            WORDS.cord.thresholdRange(...threshold.range, threshold.cord, threshold.surroundings)}
        </p>
      )}
    </div>
  );
}

function BrushSize({ disabled, diameterMm }: { disabled: boolean; diameterMm: number }): React.JSX.Element {
  const { actions } = useReading();
  const step = (label: string, sign: string, stepMm: number) => (
    <button
      type="button"
      disabled={disabled}
      aria-label={label}
      onClick={() => {
        actions.changeBrush(stepMm);
      }}
    >
      {sign}
    </button>
  );
  return (
    <span className="myelon-row">
      {step(WORDS.cord.shrink, '−', -1)}
      <span className="myelon-number">{WORDS.cord.diameter(diameterMm)}</span>
      {step(WORDS.cord.grow, '+', 1)}
    </span>
  );
}

/** What can be done to the outline of the slice on screen as a whole. */
export function SliceTools({ disabled }: { disabled: boolean }): React.JSX.Element {
  const { actions } = useReading();
  const slice = useReadingState((state) => state.currentSlice);
  const voxels = useReadingState((state) => state.cord.voxelsPerSlice);
  const here = slice !== null && (voxels[slice] ?? 0) > 0;
  const button = (label: string, possible: boolean, act: () => unknown) => (
    <button type="button" disabled={disabled || !possible} onClick={() => void act()}>
      {label}
    </button>
  );
  return (
    <div className="myelon-row" role="group" aria-label={WORDS.cord.sliceTools}>
      {slice !== null && (
        <>
          {slice > 0 && button(WORDS.cord.copyTo(slice), here, () => actions.copySlice(-1))}
          {slice + 1 < voxels.length &&
            button(WORDS.cord.copyTo(slice + 2), here, () => actions.copySlice(1))}
          {button(WORDS.cord.widen, here, () => actions.growSlice(GROW_STEP_MM))}
          {button(WORDS.cord.narrow, here, () => actions.growSlice(-GROW_STEP_MM))}
          {button(WORDS.cord.redoSlice, true, () => actions.redoSlice())}
        </>
      )}
      {button(WORDS.cord.fillBetween, true, () => actions.fillBetween())}
      {button(WORDS.cord.undo, true, () => {
        actions.undo();
      })}
      {button(WORDS.cord.redo, true, () => {
        actions.redo();
      })}
    </div>
  );
}
