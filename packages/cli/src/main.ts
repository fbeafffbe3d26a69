import { runMyelon } from './program';
import { processTerminal } from './terminal';

const interrupt = new AbortController();
process.once('SIGINT', () => {
  interrupt.abort(new DOMException('interrupted', 'AbortError'));
});
// A reader that closes early (`myelon ... | head`) is no reason for a stack trace.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await runMyelon(process.argv.slice(2), processTerminal(), interrupt.signal);
