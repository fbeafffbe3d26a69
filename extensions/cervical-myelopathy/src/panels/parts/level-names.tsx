import { DISC_NAMES, type DiscName } from '@myelon/cord';
import { useState } from 'react';
import { WORDS } from '../../words/en';
import { useReading, useReadingState } from '../reading-panel';

/** Step by which a disc is moved along the cord, mm. */
const STEP_MM = 1;

/** Naming levels: a disc the reader knows, by a click or by its slice; the others follow and can be moved. */
export function LevelNames(): React.JSX.Element {
  const levels = useReadingState((state) => state.cord.levels);
  const { record, refused } = levels;
  return (
    <details className="myelon-details" open={record !== null || undefined}>
      <summary>
        {WORDS.levels.title}
        {record === null && <span className="myelon-quiet"> {WORDS.levels.none}</span>}
      </summary>
      <KnownDiscEntry />
      {refused && (
        <div className="myelon-problem" role="alert">
          <strong>{refused.what}</strong>
          <p>{refused.whatToDo}</p>
        </div>
      )}
      {record && <DiscTable />}
    </details>
  );
}

function KnownDiscEntry(): React.JSX.Element {
  const { actions } = useReading();
  const [name, setName] = useState<DiscName>('C2/3');
  const slice = useReadingState((state) => state.currentSlice);
  const here = useReadingState(
    ({ currentSlice, cord }) => currentSlice !== null && (cord.voxelsPerSlice[currentSlice] ?? 0) > 0,
  );
  const picking = useReadingState((state) => state.cord.levels.picking);
  return (
    <div className="myelon-row">
      <label className="myelon-row">
        {WORDS.levels.disc}
        <select
          value={name}
          data-disc-choice
          onChange={({ target }) => {
            setName(DISC_NAMES.find((one) => one === target.value) ?? name);
          }}
        >
          {DISC_NAMES.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </label>
      <button
        type="button"
        aria-pressed={picking !== null}
        onClick={() => {
          if (picking !== null) actions.stopPickingDisc();
          else void actions.pickDisc(name);
        }}
      >
        {WORDS.levels.click}
      </button>
      {slice !== null && (
        <button type="button" disabled={!here} onClick={() => void actions.nameDisc(name, { slice })}>
          {WORDS.levels.putHere(slice + 1)}
        </button>
      )}
      {picking !== null && (
        <p className="myelon-look" role="status">
          {WORDS.levels.picking(picking)}
        </p>
      )}
    </div>
  );
}

function DiscTable(): React.JSX.Element | null {
  const { actions } = useReading();
  const record = useReadingState((state) => state.cord.levels.record);
  if (!record) return null;
  const nearest = (name: DiscName) => record.slices.find(({ disc }) => disc === name)?.slice;
  return (
    <>
      <table className="myelon-table myelon-statistics" data-levels>
        <thead>
          <tr>
            <th scope="col">{WORDS.levels.disc}</th>
            <th scope="col">{WORDS.levels.position}</th>
            <th scope="col">{WORDS.metrics.position}</th>
            <th scope="col">{WORDS.levels.move}</th>
            <th scope="col">{WORDS.levels.by}</th>
          </tr>
        </thead>
        <tbody>
          {record.discs.map(({ name, positionMm, known }) => {
            const slice = nearest(name);
            return (
              <tr key={name} data-disc-row={name}>
                <th scope="row">{name}</th>
                <td>{positionMm.toFixed(0)}</td>
                <td>
                  {slice === undefined ? (
                    '–'
                  ) : (
                    <button
                      type="button"
                      onClick={() => {
                        actions.goToSlice(slice);
                      }}
                    >
                      {slice + 1}
                    </button>
                  )}
                </td>
                <td>
                  <Mover name={name} label={WORDS.levels.up(name)} sign="↑" byMm={-STEP_MM} />
                  <Mover name={name} label={WORDS.levels.down(name)} sign="↓" byMm={STEP_MM} />
                </td>
                <td>
                  {known ? (
                    <button
                      type="button"
                      aria-label={WORDS.levels.forgetDisc(name)}
                      onClick={() => void actions.forgetDisc(name)}
                    >
                      {WORDS.levels.forget}
                    </button>
                  ) : (
                    <span className="myelon-quiet">{WORDS.levels.proposed}</span>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className="myelon-quiet">{WORDS.levels.basis[record.basis]}</p>
    </>
  );
}

interface MoverProps {
  readonly name: DiscName;
  readonly label: string;
  readonly sign: string;
  readonly byMm: number;
}

function Mover({ name, label, sign, byMm }: MoverProps): React.JSX.Element {
  const { actions } = useReading();
  return (
    <button
      type="button"
      className="myelon-mover"
      aria-label={label}
      onClick={() => void actions.moveDisc(name, byMm)}
    >
      {sign}
    </button>
  );
}
