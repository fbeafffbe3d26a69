import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** npm could not install; the message is for people. */
export class InstallFailed extends Error {}

/**
 * Runs `npm ci` when node_modules is missing or is not what package-lock.json says. A stamp inside node_modules
 * makes the usual case one hash. MYELON_NO_INSTALL=1 leaves node_modules alone whatever is in it.
 * @param {string} repository
 */
export async function installPackages(repository) {
  if (process.env.MYELON_NO_INSTALL === '1') return;
  const lockFile = join(repository, 'package-lock.json');
  const stampFile = join(repository, 'node_modules', '.myelon-installed');
  const lock = readFileSync(lockFile, 'utf8');
  const wanted = createHash('sha256').update(lock).digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return;
  if (!isInstalled(repository, JSON.parse(lock))) {
    console.log('  install   packages (npm ci; takes a minute or two the first time)');
    await runNpm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], repository);
  }
  writeFileSync(stampFile, wanted);
}

/** Compares with the list npm keeps of what it installed; what is optional may be absent on this platform. */
function isInstalled(repository, lock) {
  const installedFile = join(repository, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  return Object.entries(lock.packages)
    .filter(([path, entry]) => path.includes('node_modules/') && !entry.optional && !entry.link)
    .every(([path, entry]) => installed[path]?.version === entry.version);
}

function runNpm(args, cwd) {
  // Under `npm start` npm says where it is; this also works where `npm` is a script of the shell (Windows).
  const npm = process.env.npm_execpath;
  const [program, programArgs] = npm?.endsWith('js') ? [process.execPath, [npm, ...args]] : ['npm', args];
  return new Promise((resolve, reject) => {
    const child = spawn(program, programArgs, {
      cwd,
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: program === 'npm' && process.platform === 'win32',
    });
    child.once('error', (error) => {
      reject(
        new InstallFailed(`npm could not be started: ${error.message}. Is it installed and on the PATH?`),
      );
    });
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else
        reject(
          new InstallFailed(
            `npm ci failed with exit code ${code}; its message is above. Without a network nothing can be installed.`,
          ),
        );
    });
  });
}
