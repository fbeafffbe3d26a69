import { clock } from '../../reading/summaries';
import { WORDS } from '../../words/en';
import { useReading, useReadingState } from '../reading-panel';

/** Segmentations and structure sets of the study, each to be taken as the outline. */
export function StoredOutlines({ disabled }: { disabled: boolean }): React.JSX.Element | null {
  const { actions } = useReading();
  const stored = useReadingState((state) => state.cord.stored);
  if (stored.length === 0) return null;
  return (
    <details className="myelon-details" data-stored={stored.length}>
      <summary>{WORDS.cord.stored(stored.length)}</summary>
      <ul className="myelon-list">
        {stored.map((object) => (
          <li key={object.sopInstanceUID} className="myelon-row">
            <span>
              {object.modality} {object.description}
              {object.madeAt !== '' && `, ${clock(object.madeAt)}`}
            </span>
            <button
              type="button"
              disabled={disabled}
              aria-label={`${WORDS.cord.use} ${object.description} ${object.madeAt}`}
              onClick={() => void actions.importOutline(object)}
            >
              {WORDS.cord.use}
            </button>
          </li>
        ))}
      </ul>
      <p className="myelon-quiet">{WORDS.cord.resampled}</p>
    </details>
  );
}
