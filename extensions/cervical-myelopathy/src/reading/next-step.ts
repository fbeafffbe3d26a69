import { WORDS } from '../words/en';
import type { ReadingState, SectionId } from './reading-state';

/** What the primary button of the run-through bar does next. */
export type NextAction =
  'read-data' | 'find-cord' | 'fit' | 'check-slice' | 'mark-compression' | 'confirm' | 'save-draft' | 'none';

export interface NextStep {
  readonly action: NextAction;
  readonly label: string;
  /** Why the button cannot be used; null when it can. */
  readonly blocked: string | null;
  /** Section the step belongs to. */
  readonly section: SectionId;
  /** Slice (from 0) the step is about. */
  readonly slice?: number;
}

/**
 * Slices to look at, from the first: where the automatic outline was unsure and nobody has edited it since, and where
 * the outline as it is now jumps, leaks or vanishes; without those the reader has accepted.
 */
export function slicesLeftToCheck({ cord }: ReadingState): { slice: number; why: string }[] {
  const { outline, acceptedSlices, editedSlices, findings } = cord;
  const doubted = (outline?.slicesToCheck ?? []).filter(({ slice }) => !editedSlices.includes(slice));
  const found = findings.filter(({ slice }) => !doubted.some((one) => one.slice === slice));
  return [...doubted, ...found]
    .filter(({ slice }) => !acceptedSlices.includes(slice))
    .map(({ slice, why }) => ({ slice, why }))
    .sort((p, q) => p.slice - q.slice);
}

/** The next sensible thing to do, from the state alone. */
export function nextStep(state: ReadingState): NextStep {
  const working = (['data', 'cord', 'maps', 'metrics', 'report'] as const).find(
    (section) => state[section].state.kind === 'working',
  );
  if (working) {
    return { action: 'none', label: WORDS.next.working, blocked: WORDS.next.workingWhy, section: working };
  }
  return dataStep(state) ?? cordStep(state) ?? mapsStep(state) ?? reviewStep(state) ?? reportStep(state);
}

function dataStep({ data }: ReadingState): NextStep | null {
  if (data.state.kind === 'failed') {
    return { action: 'read-data', label: WORDS.next.readAgain, blocked: null, section: 'data' };
  }
  if (data.tensorSeriesUID === null && data.ivimSeriesUID === null) {
    const why = data.state.kind === 'nothing' ? data.state.why : WORDS.data.noneUsable;
    return { action: 'none', label: WORDS.next.findCord, blocked: why, section: 'data' };
  }
  return null;
}

function cordStep({ cord }: ReadingState): NextStep | null {
  if (cord.voxelsPerSlice.some((count) => count > 0)) return null;
  return { action: 'find-cord', label: WORDS.next.findCord, blocked: null, section: 'cord' };
}

function mapsStep({ maps }: ReadingState): NextStep | null {
  if (maps.available.length > 0) return null;
  return { action: 'fit', label: WORDS.next.fit, blocked: null, section: 'maps' };
}

function reviewStep(state: ReadingState): NextStep | null {
  const [check] = slicesLeftToCheck(state);
  if (check) {
    const label = WORDS.next.checkSlice(check.slice + 1);
    return { action: 'check-slice', label, blocked: null, section: 'cord', slice: check.slice };
  }
  if (state.metrics.compressionSlices.length === 0) {
    return {
      action: 'mark-compression',
      label: WORDS.next.markCompression,
      blocked: null,
      section: 'metrics',
    };
  }
  const { outline, level, quality } = state.confirmations;
  if (!(outline && level && quality)) {
    return { action: 'confirm', label: WORDS.next.confirm, blocked: null, section: 'prognosis' };
  }
  return null;
}

function reportStep({ report, metrics }: ReadingState): NextStep {
  const step = { action: 'save-draft', label: WORDS.next.saveDraft, section: 'report' } as const;
  if (report.target === null) return { ...step, blocked: WORDS.report.noTarget };
  if (metrics.record === null) return { ...step, blocked: WORDS.metrics.nothing };
  if (report.savedRecordId === metrics.record.id) {
    return { ...step, label: WORDS.next.saved, blocked: WORDS.next.savedWhy };
  }
  if (report.queued?.recordId === metrics.record.id)
    return { ...step, label: WORDS.next.sendAgain, blocked: null };
  return { ...step, blocked: null };
}
