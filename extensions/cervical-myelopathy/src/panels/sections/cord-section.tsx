import { WORDS } from '../../words/en';
import { slicesLeftToCheck } from '../../reading/next-step';
import { CordShape } from '../parts/cord-shape';
import { LevelNames } from '../parts/level-names';
import { DrawingTools, SliceTools } from '../parts/outline-editing';
import { StoredOutlines } from '../parts/stored-outlines';
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
      {outlined && <SliceTools disabled={busy} />}
      {cord.refused && (
        <div className="myelon-problem" role="alert">
          <strong>{cord.refused.what}</strong>
          <p>{cord.refused.whatToDo}</p>
        </div>
      )}
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
      <SlicesToCheck />
      <StoredOutlines disabled={!possible || busy} />
      {outlined && <LevelNames />}
      {outlined && <CordShape />}
    </div>
  );
}

/** Slices the reader has to look at: why, the way there, and accepting them. */
function SlicesToCheck(): React.JSX.Element {
  const { actions } = useReading();
  const state = useReadingState((whole) => whole);
  return (
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
  );
}
