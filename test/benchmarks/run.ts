/** `npm run bench`: every benchmark, one after the other. Run it on a quiet machine; compare ratios, not seconds. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BENCHMARKS = ['fit.ts', 'outline.ts', 'files-to-volume.ts', 'archive.ts', 'reading.ts'];

const asked = process.argv.slice(2);
for (const name of BENCHMARKS.filter(
  (file) => asked.length === 0 || asked.some((word) => file.includes(word)),
)) {
  console.log(`\n== ${name}`);
  const file = fileURLToPath(new URL(name, import.meta.url));
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', file], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
