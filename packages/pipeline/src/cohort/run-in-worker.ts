import { proxy, wrap } from 'comlink';
import { valueOf } from '../worker/wire';
import type { CohortFindings, CohortInput } from './cohort-findings';
import type { CohortService } from './cohort-service';

/**
 * Analyses a cohort in a worker of its own, which ends with the analysis.
 * @param signal aborting it ends the worker at once
 * @throws InputRefused as {@link cohortFindings}; AbortError when cancelled
 */
export async function analyseCohortIn(
  worker: Worker,
  input: CohortInput,
  { onProgress, signal }: { onProgress: (fraction: number) => void; signal: AbortSignal },
): Promise<CohortFindings> {
  signal.throwIfAborted();
  const cancelled = new Promise<never>((_, reject) => {
    signal.addEventListener(
      'abort',
      () => {
        reject(signal.reason as Error);
      },
      { once: true },
    );
  });
  const broken = new Promise<never>((_, reject) => {
    worker.addEventListener('error', () => {
      reject(new Error('the worker for the analysis could not start: load the page again'));
    });
  });
  try {
    const service = wrap<CohortService>(worker);
    return valueOf(await Promise.race([service.analyse(input, proxy(onProgress)), cancelled, broken]));
  } finally {
    worker.terminate();
  }
}
