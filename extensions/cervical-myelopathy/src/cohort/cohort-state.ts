import { analyseCohortIn, type CohortFindings, type CohortInput } from '@myelon/pipeline';
import { InputRefused } from '@myelon/diffusion';
import { createStore, type StoreApi } from 'zustand/vanilla';

export type CohortState =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'working';
      readonly name: string;
      readonly task: 'collecting' | 'analysing';
      readonly done: number;
    }
  | {
      readonly kind: 'refused';
      readonly name: string;
      readonly what: string;
      readonly where: string;
      readonly whatToDo: string;
    }
  | { readonly kind: 'failed'; readonly name: string; readonly message: string }
  | { readonly kind: 'done'; readonly name: string; readonly findings: CohortFindings };

export interface CohortWork {
  readonly store: StoreApi<CohortState>;
  /** Analyses a file or what is collected; a run under way is cancelled first. */
  start(
    name: string,
    input: (
      signal: AbortSignal,
      onProgress: (fraction: number) => void,
    ) => Promise<CohortInput> | CohortInput,
  ): Promise<void>;
  cancel(): void;
}

/** Lives outside React, so that results outlast the page. */
export function cohortWork(startWorker: () => Worker): CohortWork {
  const store = createStore<CohortState>(() => ({ kind: 'nothing' }));
  let running: AbortController | null = null;
  return {
    store,
    async start(name, input) {
      running?.abort();
      const run = new AbortController();
      running = run;
      const show = (state: CohortState) => {
        if (running === run) store.setState(state, true);
      };
      const progress = (task: 'collecting' | 'analysing') => (done: number) => {
        if (!run.signal.aborted) show({ kind: 'working', name, task, done });
      };
      try {
        progress('collecting')(0);
        const collected = await input(run.signal, progress('collecting'));
        progress('analysing')(0);
        const findings = await analyseCohortIn(startWorker(), collected, {
          onProgress: progress('analysing'),
          signal: run.signal,
        });
        show({ kind: 'done', name, findings });
      } catch (problem) {
        show(stateOf(problem, name, run.signal));
      }
    },
    cancel() {
      running?.abort();
    },
  };
}

function stateOf(problem: unknown, name: string, signal: AbortSignal): CohortState {
  if (signal.aborted) return { kind: 'nothing' };
  if (problem instanceof InputRefused) {
    const { what, where, whatToDo } = problem;
    return { kind: 'refused', name, what, where, whatToDo };
  }
  return { kind: 'failed', name, message: problem instanceof Error ? problem.message : String(problem) };
}
