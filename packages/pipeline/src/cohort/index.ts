export {
  cohortFindings,
  type CohortFindings,
  type CohortInput,
  type CohortRun,
  type MissingCell,
} from './cohort-findings';
export { analyseCohortIn } from './run-in-worker';
export { collectCohort, type CollectedCohort, type CollectRun } from './collect-cohort';
export type { CohortSource } from './find-reports';
export type { CollectionProblem } from './reported-patient';
