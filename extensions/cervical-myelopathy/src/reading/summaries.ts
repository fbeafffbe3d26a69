import { formatQuantity, QUANTITIES, type QuantityId } from '@myelon/diffusion';
import type { RegionRecord, RegionStatistics } from '@myelon/pipeline';
import { WORDS } from '../words/en';
import { slicesLeftToCheck } from './next-step';
import type { ReadingState, SectionId, SectionState } from './reading-state';

/** Slices as people name them: [7, 8, 10] (from 0) -> "8-9, 11". */
export function sliceList(slices: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const slice of [...slices].sort((p, q) => p - q)) {
    const last = runs.at(-1);
    if (last && slice === last[1] + 1) last[1] = slice;
    else runs.push([slice, slice]);
  }
  return runs.map(([a, b]) => (a === b ? String(a + 1) : `${String(a + 1)}-${String(b + 1)}`)).join(', ');
}

/** Statistics of a quantity over a region; null when they are missing. */
export function statisticsOf(
  region: RegionRecord | undefined,
  quantity: QuantityId,
): RegionStatistics | null {
  const found = region?.statistics.find((entry) => entry.quantity === quantity);
  return found && !('missing' in found) ? found : null;
}

/** Why a region has no value of a quantity. */
export function missingReason(region: RegionRecord, quantity: QuantityId): string {
  const found = region.statistics.find((entry) => entry.quantity === quantity);
  return found && 'missing' in found ? found.missing : 'not computed';
}

/** "FA 0.38" with unit, no method: for one-line summaries. */
export function shortValue(region: RegionRecord | undefined, quantity: QuantityId): string {
  const statistics = statisticsOf(region, quantity);
  const { symbol, shownUnit } = QUANTITIES[quantity];
  if (!statistics) return `${symbol} –`;
  return `${symbol} ${formatQuantity(quantity, statistics.mean)}${shownUnit ? ` ${shownUnit}` : ''}`;
}

/** The region judged by the statement, or the whole cord. */
export function leadingRegion(state: ReadingState): RegionRecord | undefined {
  const regions = state.metrics.record?.regions ?? [];
  return (
    regions.find(({ kind }) => kind === 'compression') ?? regions.find(({ kind }) => kind === 'whole-cord')
  );
}

/** State of a section; the statement's follows from the others. */
export function sectionState(state: ReadingState, section: SectionId): SectionState {
  if (section !== 'prognosis') return state[section].state;
  const { record, compressionSlices } = state.metrics;
  if (!record || compressionSlices.length === 0) return { kind: 'nothing', why: WORDS.prognosis.waits };
  const { outline, level, quality } = state.confirmations;
  if (!(outline && level && quality)) return { kind: 'ready' };
  return record.prognosis.kind === 'abstained'
    ? { kind: 'needs-look', what: record.prognosis.reasons[0] ?? WORDS.prognosis.abstained }
    : { kind: 'done' };
}

/** One line that says everything when the section is closed. */
export function sectionSummary(state: ReadingState, section: SectionId): string {
  const status = sectionState(state, section);
  if (status.kind === 'failed') return status.problem.what;
  if (status.kind === 'working') return status.progress.label;
  if (status.kind === 'nothing') return status.why;
  return SUMMARIES[section](state);
}

const SUMMARIES: Record<SectionId, (state: ReadingState) => string> = {
  data: ({ data }) => {
    const chosen = new Set([data.tensorSeriesUID, data.ivimSeriesUID]);
    return data.series
      .filter(({ key }) => chosen.has(key))
      .map(({ table }) => table)
      .filter((table) => table !== null)
      .join('; ');
  },
  cord: (state) => {
    const { voxelsPerSlice } = state.cord;
    const outlined = voxelsPerSlice.filter((count) => count > 0).length;
    if (voxelsPerSlice.length === 0) return WORDS.states.ready;
    return WORDS.cord.summary(outlined, voxelsPerSlice.length, slicesLeftToCheck(state).length);
  },
  maps: ({ maps }) => maps.method || WORDS.states.ready,
  metrics: (state) => {
    const region = leadingRegion(state);
    if (!region) return WORDS.metrics.nothing;
    return `${region.name}: ${shortValue(region, 'fa')}, ${shortValue(region, 'ivim_f')}`;
  },
  prognosis: ({ metrics, confirmations }) => {
    const prognosis = metrics.record?.prognosis;
    if (!prognosis || prognosis.kind === 'abstained') return WORDS.prognosis.abstained;
    if (!(confirmations.outline && confirmations.level && confirmations.quality))
      return WORDS.prognosis.locked;
    return PATTERN_WORDS[prognosis.pattern];
  },
  report: ({ report, metrics }) => {
    if (report.savedRecordId !== null) {
      if (report.savedRecordId !== metrics.record?.id) return WORDS.report.stale;
      const times = report.kept.flatMap(({ state }) => (state.kind === 'sent' ? [state.at] : []));
      const last = times.sort().at(-1);
      return last === undefined ? WORDS.next.saved : WORDS.report.confirmed(clock(last));
    }
    const waiting = report.kept.filter(({ state }) => state.kind !== 'sent').length;
    if (waiting > 0) return WORDS.report.notSent(waiting);
    const newest = report.archived.find(({ problem }) => problem === null);
    return newest
      ? WORDS.report.summaryFound(newest.verified, clock(newest.createdAt))
      : WORDS.report.summaryNone;
  },
};

const PATTERN_WORDS = {
  both: 'FA and f at or above the cut-offs',
  'fa-only': 'FA at or above, f below',
  'f-only': 'f at or above, FA below',
  neither: 'both below the cut-offs',
} as const;

/** A moment as a reader writes it, in the local zone. */
export function clock(iso: string): string {
  const moment = new Date(iso);
  return Number.isNaN(moment.getTime())
    ? iso
    : moment.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
}
