export {
  cohortFindings,
  type CohortFindings,
  type CohortInput,
  type CohortRun,
  type MissingCell,
} from './cohort-findings';
export { analyseCohortIn } from './run-in-worker';
