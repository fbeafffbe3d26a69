import { WORDS } from '../../words/en';
import { nextStep } from '../../reading/next-step';
import type { ReportChoice } from '../../reading/reading-state';
import { OutboxList } from '../parts/outbox-list';
import { useReading, useReadingState } from '../reading-panel';
import { ReportComparison } from './report-comparison';
import { ReportHistory } from './report-history';

const CHOICES = ['maps', 'slices', 'pdf', 'keyObject'] as const satisfies readonly (keyof ReportChoice)[];

/** What will be written and where, what became of it, and the reports that are there already. */
export function ReportSection(): React.JSX.Element {
  const { actions } = useReading();
  const state = useReadingState((whole) => whole);
  const { report, metrics } = state;
  const step = nextStep(state);
  const stale = report.savedRecordId !== null && report.savedRecordId !== metrics.record?.id;
  const isNew = metrics.record !== null && report.queued?.recordId !== metrics.record.id;
  const canSave = isNew && report.target !== null && step.action !== 'none';
  return (
    <div>
      {isNew && report.savedRecordId !== metrics.record?.id && <Objects />}
      <p>{report.target ? `${WORDS.report.to} ${report.target.name}` : WORDS.report.noTarget}</p>
      {report.restoredFrom !== null && !stale && (
        <p className="myelon-quiet" data-restored>
          {WORDS.report.restored(report.restoredFrom)}
        </p>
      )}
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
      <OutboxList
        items={report.kept}
        actions={{
          retry: (group) => void actions.sendAgain(group),
          discard: (group) => void actions.discardSave(group),
          download: (item) => void actions.downloadKept(item),
          signIn: () => {
            actions.signIn();
          },
        }}
      />
      <ReportHistory />
      <ReportComparison />
    </div>
  );
}

function Objects(): React.JSX.Element {
  const { actions } = useReading();
  const choice = useReadingState((state) => state.report.choice);
  return (
    <fieldset className="myelon-confirm">
      <legend>{WORDS.report.willWrite}</legend>
      {[WORDS.report.seg, WORDS.report.sr].map((what) => (
        <label key={what} className="myelon-check">
          <input type="checkbox" checked disabled />
          {what} ({WORDS.report.always})
        </label>
      ))}
      {CHOICES.map((what) => (
        <label key={what} className="myelon-check">
          <input
            type="checkbox"
            data-object={what}
            checked={choice[what]}
            onChange={({ target }) => {
              actions.chooseObjects({ [what]: target.checked });
            }}
          />
          {WORDS.report.objects[what]}
        </label>
      ))}
    </fieldset>
  );
}
