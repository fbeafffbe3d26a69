import { createAnalysisClient, type AnalysisClient } from '@myelon/pipeline';

/** Starts the worker in which everything heavy runs. */
export function startAnalysisWorker(): AnalysisClient {
  return createAnalysisClient(
    new Worker(new URL('./analysis-worker-entry.ts', import.meta.url), {
      type: 'module',
      name: 'myelon-analysis',
    }),
  );
}
