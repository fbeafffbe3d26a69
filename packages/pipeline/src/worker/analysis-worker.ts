import { serveFits } from '@myelon/diffusion';
import { expose } from 'comlink';
import { createAnalysisService } from './analysis-service';
import { FIT_WORKER_NAME, fitWorkers, ownChannel } from './fit-workers';

/** Entry of the web worker: one session per worker; or, when it is one of that worker's own workers, fits for it. */
if (self.name === FIT_WORKER_NAME) serveFits(ownChannel());
else expose(createAnalysisService(fitWorkers(self.location.href)));
