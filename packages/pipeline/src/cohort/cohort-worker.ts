import { expose } from 'comlink';
import { createCohortService } from './cohort-service';

/** Entry of the web worker of the cohort page. */
expose(createCohortService());
