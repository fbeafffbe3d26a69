import { InputRefused } from '@myelon/diffusion';
import type { StoreApi } from 'zustand/vanilla';
import type { Problem, ReadingState, SectionId, SectionState } from './reading-state';

type WorkingSection = Exclude<SectionId, 'prognosis'>;

/** Tells how far the work is: a new label, a fraction, or both. */
export type Report = (progress: { label?: string; fraction?: number | null }) => void;

/** The way on when an error has no advice of its own. */
const GENERAL_ADVICE =
  'Try again. If it happens again, reload the page: the outline and reports saved in the archive stay.';

export function problemOf(error: unknown): Problem {
  if (error instanceof InputRefused)
    return { what: `${error.where}: ${error.what}`, whatToDo: error.whatToDo };
  // An InputRefused that crossed from the worker keeps its fields but not its class.
  if (isRefusalShaped(error)) return { what: `${error.where}: ${error.what}`, whatToDo: error.whatToDo };
  return { what: error instanceof Error ? error.message : String(error), whatToDo: GENERAL_ADVICE };
}

function isRefusalShaped(error: unknown): error is { what: string; where: string; whatToDo: string } {
  return (
    typeof error === 'object' && error !== null && 'what' in error && 'where' in error && 'whatToDo' in error
  );
}

/** Runs the work of sections: one at a time per section, with progress, cancel and failure shown where it belongs. */
export class Tasks {
  private readonly running = new Map<WorkingSection, AbortController>();

  constructor(private readonly store: StoreApi<ReadingState>) {}

  /**
   * Runs `work` as the section's task. A task already running in the section is cancelled first. The section shows
   * `working`, then what `work` returns; on cancel what it showed before; on error the problem.
   * @returns true when the work was finished
   */
  async run(
    section: WorkingSection,
    label: string,
    work: (signal: AbortSignal, report: Report) => Promise<SectionState>,
  ): Promise<boolean> {
    this.cancel(section);
    const controller = new AbortController();
    this.running.set(section, controller);
    const before = this.store.getState()[section].state;
    const startedAt = Date.now();
    let progress = { label, fraction: null as number | null, startedAt };
    const report: Report = (change) => {
      if (controller.signal.aborted) return;
      progress = { ...progress, ...change };
      this.show(section, { kind: 'working', progress });
    };
    report({});
    try {
      const after = await work(controller.signal, report);
      controller.signal.throwIfAborted();
      this.show(section, after);
      return true;
    } catch (error) {
      if (controller.signal.aborted) {
        if (this.running.get(section) === controller) this.show(section, settled(before));
      } else this.show(section, { kind: 'failed', problem: problemOf(error) });
      return false;
    } finally {
      if (this.running.get(section) === controller) this.running.delete(section);
    }
  }

  cancel(section: SectionId): void {
    if (section !== 'prognosis') this.running.get(section)?.abort();
  }

  cancelAll(): void {
    for (const controller of this.running.values()) controller.abort();
  }

  private show(section: WorkingSection, state: SectionState): void {
    this.store.setState((whole) => ({ [section]: { ...whole[section], state } }));
  }
}

/** A cancelled task leaves what was there before it, never its own progress bar. */
function settled(before: SectionState): SectionState {
  return before.kind === 'working' ? { kind: 'ready' } : before;
}
