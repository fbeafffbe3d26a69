import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { withLock } from '../lock';
import { preparePlugins } from '../plugins/prepare-plugins';
import { printProgress } from '../progress';
import { removeTemporaryFiles } from '../temporary';
import { prepareViewer } from '../viewer/prepare-viewer';

/** What a start prepares, without starting: `node --import tsx platform-config/src/launch/prepare.ts`. */
const repository = fileURLToPath(new URL('../../..', import.meta.url));
const work = join(repository, '.myelon');
process.once('exit', removeTemporaryFiles);
await withLock(join(work, 'preparing.lock'), printProgress, async () => {
  await prepareViewer(work, printProgress);
  await preparePlugins(repository, work, printProgress);
});
printProgress('ready', 'viewer and plugins');
