import { expose } from 'comlink';
import { createAnalysisService } from './analysis-service';

/** Entry of the web worker: one session per worker. */
expose(createAnalysisService());
