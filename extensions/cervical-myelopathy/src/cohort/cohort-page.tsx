import type { HostFiles } from '../host/viewer-host';
import { useStore } from 'zustand';
import { COHORT_WORDS as WORDS } from './cohort-words';
import type { CohortState, CohortWork } from './cohort-state';
import { CohortInputs, type CohortCollector } from './cohort-inputs';
import { CohortResults } from './cohort-results';
import './cohort.css';

/** The page of a cohort: a file or a collection in, tables, plots and exports out. */
export function CohortPage({
  work,
  files,
  collector,
}: {
  work: CohortWork;
  files: HostFiles;
  collector: CohortCollector | null;
}): React.JSX.Element {
  const state = useStore(work.store);
  return (
    <main className="myelon-cohort">
      <header>
        <h1>{WORDS.title}</h1>
        <a href="../">{WORDS.back}</a>
      </header>
      <p className="myelon-cohort-warning">{WORDS.researchUse}</p>
      <p>{WORDS.lead}</p>
      <CohortInputs work={work} collector={collector} />
      <div aria-live="polite">
        <Status state={state} work={work} />
      </div>
      {state.kind === 'done' && <CohortResults name={state.name} findings={state.findings} files={files} />}
    </main>
  );
}

function Status({ state, work }: { state: CohortState; work: CohortWork }): React.JSX.Element | null {
  switch (state.kind) {
    case 'nothing':
    case 'done':
      return null;
    case 'working': {
      const percent = Math.round(100 * state.done);
      const task = state.task === 'collecting' ? WORDS.collecting : WORDS.working;
      return (
        <section className="myelon-cohort-status" aria-busy="true">
          <p>
            {task} {state.name}: {percent} %
          </p>
          <progress max={100} value={percent} aria-label={task} />
          <button
            type="button"
            onClick={() => {
              work.cancel();
            }}
          >
            {WORDS.cancel}
          </button>
        </section>
      );
    }
    case 'refused':
      return (
        <section className="myelon-cohort-status" role="alert">
          <h2>{WORDS.refused}</h2>
          <p>
            {state.where}: {state.what}
          </p>
          <p>{state.whatToDo}</p>
        </section>
      );
    case 'failed':
      return (
        <section className="myelon-cohort-status" role="alert">
          <h2>{WORDS.failed}</h2>
          <p>{state.message}</p>
        </section>
      );
  }
}
