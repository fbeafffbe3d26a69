import { useState } from 'react';
import type { SeriesReading } from '../../reading/reading-state';
import { WORDS } from '../../words/en';
import { useReading } from '../reading-panel';

/** Reading several series as one, for when the rule did not see that they belong together. */
export function SeriesGrouping({ series }: { series: readonly SeriesReading[] }): React.JSX.Element | null {
  const { actions } = useReading();
  const [marked, setMarked] = useState<readonly string[]>([]);
  if (series.length < 2) return null;
  const keys = marked.filter((key) => series.some((one) => one.key === key));
  return (
    <details className="myelon-replace">
      <summary>{WORDS.data.join}</summary>
      {series.map(({ key, name }) => (
        <label key={key} className="myelon-check">
          <input
            type="checkbox"
            checked={keys.includes(key)}
            onChange={(event) => {
              setMarked(event.target.checked ? [...keys, key] : keys.filter((one) => one !== key));
            }}
          />
          {name}
        </label>
      ))}
      <button
        type="button"
        disabled={keys.length < 2}
        onClick={() => {
          setMarked([]);
          void actions.joinSeries(keys);
        }}
      >
        {WORDS.data.readAsOne}
      </button>
    </details>
  );
}
