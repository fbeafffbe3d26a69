import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** The servers, the browser, the validators and the peers the system tests run against. */
const packages = [
  'chromium',
  'fonts-dejavu-core',
  'orthanc',
  'orthanc-dicomweb',
  'dcmtk',
  'dicom3tools',
  'dcm2niix',
  'mrtrix3',
  'python3-dipy',
  'python3-nibabel',
  'python3-pydicom',
  'libpixelmed-java',
  'pixelmed-apps',
  'r-cran-proc',
  'r-cran-brglm2',
  'postgresql',
];

/**
 * On Debian as root: installs what is missing. Elsewhere nothing is touched. Never fails the run: tests whose
 * program is missing are skipped, with the reason in their title.
 */
export function installDebianPackages() {
  if (!isDebian()) return say('this is not Debian: tests use the programs that are here');
  const missing = packages.filter((name) => !isInstalled(name));
  if (missing.length === 0) return say('all programs the tests need are installed');
  if (process.getuid?.() !== 0) return say(`not root, so these stay missing: ${missing.join(' ')}`);
  say(`installing ${missing.join(' ')}`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const run = (...args) =>
    spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env: environment }).status === 0;
  if (!run('update', '-qq')) say('apt-get update failed; trying with the package lists that are here');
  if (run('install', '-y', '-qq', '--no-install-recommends', ...missing)) return;
  say('apt-get could not install all of them at once; trying one by one');
  for (const name of missing) {
    if (!run('install', '-y', '-qq', '--no-install-recommends', name)) say(`${name} could not be installed`);
  }
}

function isDebian() {
  // Ubuntu's chromium package is a stand-in for a snap, which does not run in containers.
  const release = '/etc/os-release';
  return existsSync(release) && /^ID="?debian"?$/m.test(readFileSync(release, 'utf8'));
}

function isInstalled(name) {
  const asked = spawnSync('dpkg-query', ['-W', '-f=${Status}', name], { encoding: 'utf8' });
  return asked.stdout?.includes('install ok installed') ?? false;
}

function say(text) {
  console.log(`  programs  ${text}`);
}
