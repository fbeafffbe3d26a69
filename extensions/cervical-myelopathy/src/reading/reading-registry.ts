import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AnalysisClient } from '@myelon/pipeline';
import type { ViewerHost } from '../host/viewer-host';
import { createReading, type BoundReading } from './reading-controller';

/** Readings kept when the reader moves on to another study: each holds its images in a worker. */
const KEPT_READINGS = 2;

/** The reading of the study on screen; lives as long as the page, so leaving tab or mode loses nothing. */
export interface ReadingRegistry {
  readonly current: StoreApi<BoundReading | null>;
}

const registries = new WeakMap<ViewerHost, ReadingRegistry>();

/** The registry of a viewer; made at the first call. */
export function readingRegistry(host: ViewerHost, startEngine: () => AnalysisClient): ReadingRegistry {
  const known = registries.get(host);
  if (known) return known;
  const current = createStore<BoundReading | null>(() => null);
  const kept = new Map<string, BoundReading>();
  let shownStudy: string | null = null;
  let detach: (() => void) | null = null;

  const follow = () => {
    const study = host.studies.currentStudyInstanceUID();
    if (study === shownStudy) return;
    shownStudy = study;
    detach?.();
    const reading = study === null ? null : (kept.get(study) ?? createReading(host, startEngine()));
    if (study !== null && reading) keep(kept, study, reading);
    detach = reading?.attach() ?? null;
    current.setState(reading, true);
  };
  host.studies.onChange(follow);
  follow();
  const registry = { current };
  registries.set(host, registry);
  return registry;
}

/** Keeps the newest readings; the oldest gives its worker back. */
function keep(kept: Map<string, BoundReading>, study: string, reading: BoundReading): void {
  kept.delete(study);
  kept.set(study, reading);
  for (const [oldest, old] of kept) {
    if (kept.size <= KEPT_READINGS) return;
    kept.delete(oldest);
    old.end();
  }
}
