import { WORDS } from '../../words/en';
import type { SeriesReading, Usability } from '../../reading/reading-state';
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
            missing={WORDS.data.missingTensor}
          />
          <Choice
            use="ivim"
            label={WORDS.data.ivimFrom}
            series={usable('ivim')}
            chosen={data.ivimSeriesUID}
            missing={WORDS.data.missingIvim}
          />
        </>
      )}
      <ul className="myelon-list">
        {data.series.map((series) => (
          <SeriesItem key={series.host.seriesInstanceUID} series={series} />
        ))}
      </ul>
    </div>
  );
}

interface ChoiceProps {
  readonly use: 'tensor' | 'ivim';
  readonly label: string;
  readonly series: readonly SeriesReading[];
  readonly chosen: string | null;
  readonly missing: string;
}

function Choice({ use, label, series, chosen, missing }: ChoiceProps): React.JSX.Element {
  const { actions } = useReading();
  if (series.length === 0) return <p className="myelon-look">{missing}</p>;
  return (
    <label className="myelon-row">
      <span>{label}</span>
      <select
        value={chosen ?? ''}
        onChange={(event) => {
          actions.chooseSeries(use, event.target.value || null);
        }}
      >
        {series.map(({ host }) => (
          <option key={host.seriesInstanceUID} value={host.seriesInstanceUID}>
            {seriesName(host)}
          </option>
        ))}
        <option value="">{WORDS.data.none}</option>
      </select>
    </label>
  );
}

function seriesName({ seriesNumber, description }: SeriesReading['host']): string {
  return seriesNumber === null ? description : `${String(seriesNumber)} ${description}`;
}

function SeriesItem({ series }: { series: SeriesReading }): React.JSX.Element {
  const { host, table, refusal, leftOut, warnings } = series;
  return (
    <li>
      <div className="myelon-row">
        <strong>{seriesName(host)}</strong>
        <span className="myelon-badges">
          {series.tensor.possible && <span className="myelon-badge">{WORDS.data.dti}</span>}
          {series.ivim.possible && <span className="myelon-badge">{WORDS.data.ivim}</span>}
        </span>
      </div>
      {table !== null && (
        <div>
          {table} <span className="myelon-quiet">({WORDS.data.instances(host.instanceCount)})</span>
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
    </li>
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
