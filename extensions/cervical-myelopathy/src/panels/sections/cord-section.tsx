import { WORDS } from '../../words/en';
import { slicesLeftToCheck } from '../../reading/next-step';
import { useReading, useReadingState } from '../reading-panel';

/** Finding, correcting and accepting the outline. */
export function CordSection(): React.JSX.Element {
  const { actions } = useReading();
  const state = useReadingState((whole) => whole);
  const { cord, data } = state;
  const outlined = cord.voxelsPerSlice.some((count) => count > 0);
  const possible = data.tensorSeriesUID !== null || data.ivimSeriesUID !== null;
  const busy = cord.state.kind === 'working';
  return (
    <div>
      <div className="myelon-row">
        <button type="button" disabled={!possible || busy} onClick={() => void actions.findCord()}>
          {outlined ? WORDS.cord.findAgain : WORDS.cord.find}
        </button>
        <button
          type="button"
          disabled={!possible || busy}
          aria-pressed={cord.picking}
          onClick={() => {
            if (cord.picking) actions.stopPointing();
            else void actions.pointAtCord();
          }}
        >
          {WORDS.cord.point}
        </button>
        <label>
          <input
            type="checkbox"
            checked={cord.visible}
            onChange={(event) => {
              actions.setOutlineVisible(event.target.checked);
            }}
          />
          {WORDS.cord.show}
        </label>
      </div>
      {cord.picking && (
        <p className="myelon-look" role="status">
          {WORDS.cord.pointing}
        </p>
      )}
      <DrawingTools disabled={!possible || busy} />
      {outlined && (
        <p className="myelon-quiet">
          {WORDS.cord.summary(
            cord.voxelsPerSlice.filter((count) => count > 0).length,
            cord.voxelsPerSlice.length,
            slicesLeftToCheck(state).length,
          )}
          , {cord.edited ? WORDS.cord.edited : WORDS.cord.automatic}
        </p>
      )}
      <ul className="myelon-list">
        {slicesLeftToCheck(state).map(({ slice, why }) => (
          <li key={slice} className="myelon-row">
            <span className="myelon-look">{WORDS.cord.toCheck(slice + 1, why)}</span>
            <span className="myelon-row">
              <button
                type="button"
                onClick={() => {
                  actions.goToSlice(slice);
                }}
              >
                {WORDS.cord.goThere}
              </button>
              <button
                type="button"
                onClick={() => {
                  actions.acceptSlice(slice);
                }}
              >
                {WORDS.cord.accept}
              </button>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function DrawingTools({ disabled }: { disabled: boolean }): React.JSX.Element {
  const { actions } = useReading();
  const { tool, brushDiameterMm } = useReadingState((state) => state.cord);
  return (
    <div className="myelon-row" role="group" aria-label={`${WORDS.cord.brush}, ${WORDS.cord.eraser}`}>
      {(['brush', 'eraser'] as const).map((kind) => (
        <button
          key={kind}
          type="button"
          disabled={disabled}
          aria-pressed={tool === kind}
          onClick={() => {
            actions.useTool(tool === kind ? 'none' : kind);
          }}
        >
          {WORDS.cord[kind]}
        </button>
      ))}
      <button
        type="button"
        disabled={disabled}
        aria-label={WORDS.cord.shrink}
        onClick={() => {
          actions.changeBrush(-1);
        }}
      >
        −
      </button>
      <span className="myelon-number">{WORDS.cord.diameter(brushDiameterMm)}</span>
      <button
        type="button"
        disabled={disabled}
        aria-label={WORDS.cord.grow}
        onClick={() => {
          actions.changeBrush(1);
        }}
      >
        +
      </button>
    </div>
  );
}
