import { WORDS } from '../../words/en';
import { clock } from '../../reading/summaries';
import { nextStep } from '../../reading/next-step';
import type { ArchivedReport } from '../../reading/reading-state';
import { useReading, useReadingState } from '../reading-panel';

/** What will be written and where, what became of it, and the reports that are there already. */
export function ReportSection(): React.JSX.Element {
  const { actions } = useReading();
  const state = useReadingState((whole) => whole);
  const { report, metrics } = state;
  const step = nextStep(state);
  const stale = report.savedRecordId !== null && report.savedRecordId !== metrics.record?.id;
  const canSave =
    metrics.record !== null &&
    report.target !== null &&
    report.savedRecordId !== metrics.record.id &&
    step.action !== 'none';
  return (
    <div>
      {metrics.record !== null && report.savedRecordId !== metrics.record.id && (
        <>
          <p>{WORDS.report.willWrite}</p>
          <ul className="myelon-list">
            <li>{WORDS.report.seg}</li>
            <li>{WORDS.report.sr}</li>
          </ul>
        </>
      )}
      <p>{report.target ? `${WORDS.report.to} ${report.target.name}` : WORDS.report.noTarget}</p>
      {stale && <p className="myelon-look">{WORDS.report.stale}</p>}
      <div className="myelon-row">
        <button type="button" disabled={!canSave} onClick={() => void actions.saveDraft()}>
          {WORDS.report.save}
        </button>
        <button
          type="button"
          disabled={metrics.record === null}
          onClick={() => void actions.downloadReport()}
        >
          {WORDS.report.download}
        </button>
      </div>
      <Outcomes />
      <History reports={report.archived} problem={report.historyProblem} />
    </div>
  );
}

function Outcomes(): React.JSX.Element | null {
  const outcomes = useReadingState((state) => state.report.outcomes);
  if (outcomes.length === 0) return null;
  return (
    <ul className="myelon-list" aria-live="polite">
      {outcomes.map(({ description, outcome }) => (
        <li key={outcome.sopInstanceUID} data-outcome={outcome.kind}>
          <strong>{description}</strong>
          {outcome.kind === 'confirmed' ? (
            <div>
              {WORDS.report.confirmed(clock(outcome.at))}, {outcome.target}
            </div>
          ) : (
            <div className="myelon-problem">
              {WORDS.report.refused} ({outcome.target}): {outcome.why}
              <p>{outcome.whatToDo}</p>
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

interface HistoryProps {
  readonly reports: readonly ArchivedReport[];
  readonly problem: string | null;
}

function History({ reports, problem }: HistoryProps): React.JSX.Element {
  return (
    <div>
      <h3>{WORDS.report.history}</h3>
      {problem !== null && (
        <p className="myelon-look">
          {WORDS.report.historyFailed}: {problem}
        </p>
      )}
      {problem === null && reports.length === 0 && <p className="myelon-quiet">{WORDS.report.noHistory}</p>}
      <ul className="myelon-list" data-history={reports.length}>
        {reports.map(({ sopInstanceUID, createdAt, verified, values, statement }) => (
          <li key={sopInstanceUID} data-report={sopInstanceUID}>
            <strong>{clock(createdAt)}</strong>{' '}
            <span className="myelon-badge">{verified ? WORDS.report.verified : WORDS.report.draft}</span>
            <div className="myelon-number">{values}</div>
            {statement !== '' && <div className="myelon-quiet">{statement}</div>}
          </li>
        ))}
      </ul>
    </div>
  );
}
