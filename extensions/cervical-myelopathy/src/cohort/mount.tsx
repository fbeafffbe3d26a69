import { createRoot } from 'react-dom/client';
import type { ViewerHost } from '../host/viewer-host';
import { CohortPage } from './cohort-page';
import { cohortWork, type CohortWork } from './cohort-state';

/** One for the life of the page: leaving it and coming back keeps results. */
let work: CohortWork | null = null;

/** Draws the cohort page into `element`. Returns how to take it down. */
export function mountCohortPage(element: HTMLElement, host: Pick<ViewerHost, 'files'>): () => void {
  work ??= cohortWork(startCohortWorker);
  const root = createRoot(element);
  root.render(<CohortPage work={work} files={host.files} collector={null} />);
  return () => {
    root.unmount();
  };
}

function startCohortWorker(): Worker {
  return new Worker(new URL('./cohort-worker-entry.ts', import.meta.url), {
    type: 'module',
    name: 'myelon-cohort',
  });
}
