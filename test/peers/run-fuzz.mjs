/** `npm run fuzz [-- RUNS]`: damages DICOM files and reads them, 10 000 times of each kind when no number is given. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const jest = fileURLToPath(new URL('../../node_modules/jest/bin/jest.js', import.meta.url));
const { status } = spawnSync(
  process.execPath,
  [jest, '--selectProjects', 'system', '--runInBand', '--verbose', 'test/peers/dicom-damaged'],
  { stdio: 'inherit', env: { ...process.env, MYELON_FUZZ_RUNS: process.argv[2] ?? '10000' } },
);
process.exitCode = status ?? 1;
