import { WORDS } from '../../words/en';
import { clock } from '../../reading/summaries';
import type { ArchivedReport } from '../../reading/reading-state';
import { useReading, useReadingState } from '../reading-panel';

/** Reports of this study that the archive holds, newest first. */
export function ReportHistory(): React.JSX.Element {
  const { actions } = useReading();
  const { archived, historyProblem, looking } = useReadingState((state) => state.report);
  const none = historyProblem === null && archived.length === 0;
  return (
    <div>
      <h3>{WORDS.report.history}</h3>
      {historyProblem !== null && (
        <p className="myelon-look">
          {WORDS.report.historyFailed}: {historyProblem}
        </p>
      )}
      {none && <p className="myelon-quiet">{looking ? WORDS.report.looking : WORDS.report.noHistory}</p>}
      <ul className="myelon-list" data-history={archived.length}>
        {archived.map((report, index) => (
          <li key={report.sopInstanceUID || index} data-report={report.sopInstanceUID}>
            {report.problem ? (
              <div className="myelon-problem">
                <strong>{WORDS.report.unreadable}</strong>: {report.problem.what}
                <p>{report.problem.whatToDo}</p>
              </div>
            ) : (
              <Entry report={report} />
            )}
          </li>
        ))}
      </ul>
      <button type="button" disabled={looking} onClick={() => void actions.findReports()}>
        {WORDS.report.lookAgain}
      </button>
    </div>
  );
}

function Entry({ report }: { report: ArchivedReport }): React.JSX.Element {
  const { createdAt, verified, verifiedBy, predecessor, madeOn, values, statement } = report;
  const about = [
    verifiedBy === null ? null : WORDS.report.verifiedBy(verifiedBy.replaceAll('^', ' ').trim()),
    madeOn === null ? null : WORDS.report.madeOn(madeOn),
    predecessor === null ? null : WORDS.report.replaces,
  ].filter((part) => part !== null);
  return (
    <>
      <strong>{clock(createdAt)}</strong>{' '}
      <span className="myelon-badge">{verified ? WORDS.report.verified : WORDS.report.draft}</span>
      {about.length > 0 && <div className="myelon-quiet">{about.join(', ')}</div>}
      <div className="myelon-number">{values}</div>
      {statement !== '' && <div className="myelon-quiet">{statement}</div>}
    </>
  );
}
