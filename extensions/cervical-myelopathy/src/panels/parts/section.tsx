import { useEffect, useState } from 'react';
import { WORDS } from '../../words/en';
import type { Progress, SectionId, SectionState } from '../../reading/reading-state';
import { sectionState, sectionSummary } from '../../reading/summaries';
import { useReading, useReadingState } from '../reading-panel';

/** One section: a heading with its state and one-line summary, and the body when open. */
export function Section({ id, children }: { id: SectionId; children: React.ReactNode }): React.JSX.Element {
  const { actions } = useReading();
  const state = useReadingState((whole) => whole);
  const open = state.open[id];
  const status = sectionState(state, id);
  const summary = sectionSummary(state, id);
  return (
    <section className="myelon-section" data-section={id} data-state={status.kind}>
      <h2 className="myelon-heading">
        <button
          type="button"
          aria-expanded={open}
          aria-controls={`myelon-${id}`}
          onClick={() => {
            actions.toggleSection(id);
          }}
        >
          <StateMark kind={status.kind} />
          <span className="myelon-title">{WORDS.sections[id]}</span>
          <span className="myelon-summary" title={summary}>
            {summary}
          </span>
        </button>
      </h2>
      <div id={`myelon-${id}`} className="myelon-body" hidden={!open}>
        {open && <Status id={id} status={status} />}
        {open && children}
      </div>
    </section>
  );
}

/** A shape per state, so that nothing depends on colour alone. */
function StateMark({ kind }: { kind: SectionState['kind'] }): React.JSX.Element {
  const marks = {
    nothing: '○',
    ready: '◔',
    working: '◌',
    done: '●',
    'needs-look': '▲',
    failed: '✕',
  } as const;
  return (
    <span className={`myelon-mark myelon-mark-${kind}`} role="img" aria-label={WORDS.states[kind]}>
      {marks[kind]}
    </span>
  );
}

function Status({ id, status }: { id: SectionId; status: SectionState }): React.JSX.Element | null {
  switch (status.kind) {
    case 'working':
      return <Working id={id} progress={status.progress} />;
    case 'failed':
      return (
        <div className="myelon-problem" role="alert">
          <strong>{status.problem.what}</strong>
          <p>{status.problem.whatToDo}</p>
        </div>
      );
    case 'needs-look':
      return (
        <p className="myelon-look" role="status">
          {status.what}
        </p>
      );
    case 'nothing':
    case 'ready':
    case 'done':
      return null;
  }
}

function Working({ id, progress }: { id: SectionId; progress: Progress }): React.JSX.Element {
  const { actions } = useReading();
  const left = useSecondsLeft(progress);
  const { fraction, label } = progress;
  return (
    <div className="myelon-working">
      <div className="myelon-working-line">
        <span role="status">{label}</span>
        <span className="myelon-number">{left === null ? '' : WORDS.secondsLeft(left)}</span>
        <button
          type="button"
          onClick={() => {
            actions.cancel(id);
          }}
        >
          {WORDS.cancel}
        </button>
      </div>
      <progress aria-label={label} max={1} {...(fraction === null ? {} : { value: fraction })} />
    </div>
  );
}

/** Time left from the pace so far; null until a tenth is done and a second has passed. */
function useSecondsLeft({ fraction, startedAt }: Progress): number | null {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now());
    }, 500);
    return () => {
      clearInterval(timer);
    };
  }, []);
  const passed = (now - startedAt) / 1000;
  if (fraction === null || fraction < 0.1 || passed < 1) return null;
  return Math.ceil((passed / fraction) * (1 - fraction));
}
