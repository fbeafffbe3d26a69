import { parentPort } from 'node:worker_threads';
import { serveFits, type ToWorker } from '@myelon/diffusion';

/** Entry of the worker threads: fits for the command line. */
const port = parentPort;
if (!port) throw new Error('this file is for worker threads');
serveFits({
  post: (message, transfer) => {
    port.postMessage(message, transfer);
  },
  listen: (listener) => {
    port.on('message', (message: ToWorker) => {
      listener(message);
    });
  },
});
