/**
 * `npm start`: from a fresh clone to a running viewer. Everything up to `installPackages` needs Node alone.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { installPackages, InstallFailed } from './src/launch/install.mjs';
import { help, parseOptions, UsageError } from './src/launch/options.mjs';

const oldestNode = 20;
const repository = fileURLToPath(new URL('..', import.meta.url));

const nodeMajor = Number(process.versions.node.split('.')[0]);
if (nodeMajor < oldestNode) {
  console.error(
    `Myelon needs Node.js ${oldestNode} or newer; this is ${process.version}. Install a newer one from nodejs.org.`,
  );
  process.exit(1);
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === 'help') {
    console.log(help);
    process.exit(0);
  }
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  console.log(`Myelon ${version}. Research use only: not a medical device.`);
  await installPackages(repository);
  const { register } = await import('tsx/esm/api');
  register();
  const { start } = await import('./src/start.ts');
  await start({ ...options, repository });
} catch (error) {
  if (error instanceof UsageError) {
    console.error(`${error.message}\nTry: npm start -- --help`);
    process.exit(2);
  }
  console.error(error instanceof InstallFailed || error?.isForPeople ? error.message : error);
  process.exit(1);
}
