import { createRoot } from 'react-dom/client';
import type { ViewerHost } from '../host/viewer-host';
import { collectCohort, type CohortSource } from '@myelon/pipeline';
import type { CohortCollector } from './cohort-inputs';
import { CohortPage } from './cohort-page';
import { cohortWork, type CohortWork } from './cohort-state';

/** One for the life of the page: leaving it and coming back keeps results. */
let work: CohortWork | null = null;

/** Draws the cohort page into `element`. Returns how to take it down. */
export function mountCohortPage(
  element: HTMLElement,
  host: Pick<ViewerHost, 'files' | 'cohortSources'>,
): () => void {
  work ??= cohortWork(startCohortWorker);
  const root = createRoot(element);
  root.render(<CohortPage work={work} files={host.files} collector={collectorOf(host.cohortSources())} />);
  return () => {
    root.unmount();
  };
}

function collectorOf(sources: readonly CohortSource[]): CohortCollector | null {
  if (sources.length === 0) return null;
  return {
    sources: sources.map(({ name }) => name),
    async collect(names, run) {
      const chosen = sources.filter(({ name }) => names.includes(name));
      const { cohort } = await collectCohort(chosen, run);
      return { kind: 'collected', cohort };
    },
  };
}

function startCohortWorker(): Worker {
  return new Worker(new URL('./cohort-worker-entry.ts', import.meta.url), {
    type: 'module',
    name: 'myelon-cohort',
  });
}
