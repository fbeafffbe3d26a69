import { outcomeOf, type Outcome } from '../worker/wire';
import { cohortFindings, type CohortFindings, type CohortInput } from './cohort-findings';

/** A cohort's analysis as a worker offers it: one worker per analysis, which is cancelled by ending the worker. */
export interface CohortService {
  analyse(input: CohortInput, onProgress: (fraction: number) => void): Promise<Outcome<CohortFindings>>;
}

export function createCohortService(): CohortService {
  return {
    analyse: (input, onProgress) => outcomeOf(() => cohortFindings(input, { onProgress })),
  };
}
