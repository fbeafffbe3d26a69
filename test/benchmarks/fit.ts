/**
 * The goals of the fits, measured beside MRtrix3, dipy and SciPy in one run:
 * `node --import tsx test/benchmarks/fit.ts [--only WORD] [--json FILE]`.
 *
 * Speeds are CPU time of one thread; peers get fields of the same kind, smaller where they are slow. Compare ratios of one
 * run, not seconds of two. Writes the table to standard output and all figures to FILE (default test/output/bench-fit.json).
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { asText, together, type Findings } from './fit/goal';
import { ivimAccuracy, ivimSpeed } from './fit/ivim-goals';
import { osipiGoals } from './fit/osipi-goals';
import { robustSpeed, tensorAccuracy, tensorSpeedAndParity } from './fit/tensor-goals';

const PARTS: readonly (readonly [name: string, measure: (folder: string) => Promise<Findings>])[] = [
  ['tensor-60', (folder) => tensorSpeedAndParity(folder, 60)],
  ['tensor-30', (folder) => tensorSpeedAndParity(folder, 30)],
  ['tensor-accuracy', tensorAccuracy],
  ['robust-speed', robustSpeed],
  ['ivim-speed', ivimSpeed],
  ['ivim-accuracy', ivimAccuracy],
  ['osipi', osipiGoals],
];

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    json: {
      type: 'string',
      default: fileURLToPath(new URL('../output/bench-fit.json', import.meta.url)),
    },
  },
});
const found: Findings[] = [];
for (const [name, measure] of PARTS.filter(([part]) => part.includes(values.only))) {
  const folder = mkdtempSync(join(tmpdir(), 'myelon-benchmark-'));
  try {
    process.stderr.write(`measuring ${name}\n`);
    found.push(await measure(folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
const all = together(found);
console.log(asText(all));
mkdirSync(dirname(values.json), { recursive: true });
const machine = { processor: cpus()[0]?.model ?? '', processors: cpus().length, node: process.version };
writeFileSync(values.json, `${JSON.stringify({ ...machine, ...all }, null, 1)}\n`);
console.log(`\nall figures: ${values.json}`);
