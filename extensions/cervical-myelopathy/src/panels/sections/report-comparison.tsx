import { useState } from 'react';
import { formatQuantity, QUANTITIES, type QuantityId } from '@myelon/diffusion';
import { changesBetween, type Change } from '../../reading/compare-reports';
import type { ArchivedReport } from '../../reading/reading-state';
import { clock } from '../../reading/summaries';
import { WORDS } from '../../words/en';
import { useReading, useReadingState } from '../reading-panel';

/** Two reports side by side, of this study or of others of the patient: what changed, and what a second scan may show. */
export function ReportComparison(): React.JSX.Element | null {
  const { actions } = useReading();
  const { archived, prior, priorProblem } = useReadingState((state) => state.report);
  const [picked, setPicked] = useState('');
  const readable = [...archived, ...(prior ?? [])].filter(({ analysis }) => analysis !== null);
  const [newest, ...others] = readable;
  if (!newest) return null;
  const other = others.find(({ sopInstanceUID }) => sopInstanceUID === picked) ?? others[0];
  return (
    <details className="myelon-compare">
      <summary>{WORDS.compare.title}</summary>
      {prior === null && (
        <button type="button" onClick={() => void actions.findPriorReports()}>
          {WORDS.compare.findPrior}
        </button>
      )}
      {priorProblem !== null && <p className="myelon-look">{priorProblem}</p>}
      {other ? (
        <>
          <label className="myelon-row">
            {WORDS.compare.with}
            <select
              value={other.sopInstanceUID}
              onChange={({ target }) => {
                setPicked(target.value);
              }}
            >
              {others.map((report) => (
                <option key={report.sopInstanceUID} value={report.sopInstanceUID}>
                  {titleOf(report, newest)}
                </option>
              ))}
            </select>
          </label>
          <Changes {...inOrder(newest, other)} />
        </>
      ) : (
        <p className="myelon-quiet">{prior === null ? WORDS.compare.onlyOne : WORDS.compare.nonePrior}</p>
      )}
    </details>
  );
}

function titleOf({ createdAt, studyInstanceUID }: ArchivedReport, newest: ArchivedReport): string {
  const where =
    studyInstanceUID === newest.studyInstanceUID ? WORDS.compare.thisStudy : WORDS.compare.otherStudy;
  return `${clock(createdAt)}, ${where}`;
}

function inOrder(p: ArchivedReport, q: ArchivedReport): { earlier: ArchivedReport; later: ArchivedReport } {
  return p.createdAt <= q.createdAt ? { earlier: p, later: q } : { earlier: q, later: p };
}

function Changes(dates: { earlier: ArchivedReport; later: ArchivedReport }): React.JSX.Element {
  const { earlier, later } = dates;
  const changes = earlier.analysis && later.analysis ? changesBetween(earlier.analysis, later.analysis) : [];
  if (changes.length === 0) return <p className="myelon-look">{WORDS.compare.nothingShared}</p>;
  return (
    <>
      <table className="myelon-table">
        <thead>
          <tr>
            <th scope="col">{WORDS.metrics.region}</th>
            <th scope="col">{clock(earlier.createdAt)}</th>
            <th scope="col">{clock(later.createdAt)}</th>
            <th scope="col">{WORDS.compare.change}</th>
            <th scope="col">{WORDS.compare.error}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => (
            <tr key={`${change.region} ${change.quantity}`} data-change={change.verdict}>
              <th scope="row">
                {change.region}, {QUANTITIES[change.quantity].symbol} {QUANTITIES[change.quantity].shownUnit}
              </th>
              <td className="myelon-number">{shown(change.quantity, change.earlier)}</td>
              <td className="myelon-number">{shown(change.quantity, change.later)}</td>
              <td className="myelon-number">{signed(change)}</td>
              <td className="myelon-number">{errorOf(change)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="myelon-quiet">{WORDS.compare.help}</p>
    </>
  );
}

function shown(quantity: QuantityId, value: number | null): string {
  return value === null ? '–' : formatQuantity(quantity, value);
}

function signed({ quantity, difference }: Change): string {
  if (difference === null) return '–';
  return `${difference > 0 ? '+' : ''}${formatQuantity(quantity, difference)}`;
}

function errorOf({ quantity, error, verdict }: Change): string {
  if (error === null) return WORDS.compare.notKnown;
  const words = verdict === 'beyond error' ? WORDS.compare.beyond : WORDS.compare.within;
  return `± ${formatQuantity(quantity, error)}, ${words}`;
}
