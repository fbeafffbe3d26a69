/** The embedded archive as a process of its own, for tests that kill it: prints its address when it listens. */
import { startArchive } from './dicomweb-contract-servers';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: dicomweb-contract-server.ts FOLDER');
void startArchive({ folder }).then(({ url }) => {
  console.log(url);
});
