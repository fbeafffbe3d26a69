import { WORDS } from '../../words/en';
import type { SeriesReading, Usability } from '../../reading/reading-state';
import { DirectionSphere } from '../parts/direction-sphere';
import { SeriesGrouping } from '../parts/series-grouping';
import { TableReplacement } from '../parts/table-replacement';
import { useReading, useReadingState } from '../reading-panel';

/** Which series are diffusion, what is in them, what was left out and why; the choice for the two fits. */
export function DataSection(): React.JSX.Element {
  const data = useReadingState((state) => state.data);
  const usable = (role: 'tensor' | 'ivim') => data.series.filter((series) => series[role].possible);
  return (
    <div>
      {data.series.length > 0 && (
        <>
          <Choice
            use="tensor"
            label={WORDS.data.tensorFrom}
            series={usable('tensor')}
            chosen={data.tensorSeriesUID}
          />
          <Choice
            use="ivim"
            label={WORDS.data.ivimFrom}
            series={usable('ivim')}
            chosen={data.ivimSeriesUID}
          />
        </>
      )}
      {data.refused !== null && (
        <div className="myelon-problem" role="alert">
          <strong>{data.refused.what}</strong>
          <p>{data.refused.whatToDo}</p>
        </div>
      )}
      <ul className="myelon-list">
        {data.series.map((series) => (
          <SeriesItem key={series.key} series={series} />
        ))}
      </ul>
      <SeriesGrouping series={data.series} />
    </div>
  );
}

interface ChoiceProps {
  readonly use: 'tensor' | 'ivim';
  readonly label: string;
  readonly series: readonly SeriesReading[];
  readonly chosen: string | null;
}

/** Nothing to choose where no series serves: the line on top of the section says so. */
function Choice({ use, label, series, chosen }: ChoiceProps): React.JSX.Element | null {
  const { actions } = useReading();
  if (series.length === 0) return null;
  return (
    <label className="myelon-row">
      <span>{label}</span>
      <select
        value={chosen ?? ''}
        onChange={(event) => {
          actions.chooseSeries(use, event.target.value || null);
        }}
      >
        {series.map(({ key, name }) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
        <option value="">{WORDS.data.none}</option>
      </select>
    </label>
  );
}

function SeriesItem({ series }: { series: SeriesReading }): React.JSX.Element {
  const { actions } = useReading();
  const { name, table, refusal, leftOut, warnings } = series;
  return (
    <li>
      <div className="myelon-row">
        <strong>{name}</strong>
        <span className="myelon-badges">
          {series.tensor.possible && <span className="myelon-badge">{WORDS.data.dti}</span>}
          {series.ivim.possible && <span className="myelon-badge">{WORDS.data.ivim}</span>}
        </span>
      </div>
      {table !== null && (
        <div>
          {table} <span className="myelon-quiet">({WORDS.data.instances(series.images)})</span>
        </div>
      )}
      {refusal !== null && <p className="myelon-look">{refusal}</p>}
      {refusal === null && <Remarks what={WORDS.data.dti} usability={series.tensor} />}
      {refusal === null && <Remarks what={WORDS.data.ivim} usability={series.ivim} />}
      {warnings.map((warning) => (
        <p key={warning} className="myelon-look">
          {warning}
        </p>
      ))}
      {table !== null && (
        <details className="myelon-replace">
          <summary>{WORDS.data.table}</summary>
          <div className="myelon-table-and-sphere">
            <Shells shells={series.shells} />
            <DirectionSphere directions={series.directions} />
          </div>
        </details>
      )}
      {leftOut.length > 0 && (
        <details>
          <summary>
            {WORDS.data.leftOut} ({leftOut.length})
          </summary>
          <ul className="myelon-list">
            {leftOut.map(({ what, why }) => (
              <li key={what}>
                {what}: {why}
              </li>
            ))}
          </ul>
        </details>
      )}
      {series.joined && (
        <button type="button" onClick={() => void actions.separateSeries(series.key)}>
          {WORDS.data.separate}
        </button>
      )}
      {table !== null && <TableReplacement series={series} />}
    </li>
  );
}

function Shells({ shells }: Pick<SeriesReading, 'shells'>): React.JSX.Element {
  return (
    <table className="myelon-shells">
      <thead>
        <tr>
          <th scope="col">{WORDS.data.bValue}</th>
          <th scope="col">{WORDS.data.volumes}</th>
        </tr>
      </thead>
      <tbody>
        {shells.map(({ bValue, volumes }) => (
          <tr key={bValue}>
            <td>{Math.round(bValue)}</td>
            <td>{volumes}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Remarks({ what, usability }: { what: string; usability: Usability }): React.JSX.Element | null {
  if (usability.remarks.length === 0) return null;
  return (
    <p className="myelon-quiet">
      {usability.possible ? what : WORDS.data.notThis(what)}: {usability.remarks.join('; ')}
    </p>
  );
}
