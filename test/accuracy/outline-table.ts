/**
 * Every goal of the cord outline against a fresh measurement: `npm run accuracy`. Seeds are hashes of the case and of
 * `--salt WORD`: a new word gives cases that nobody has seen. `--seeds N` (default 4) per shape and noise level.
 */
import { parseArgs } from 'node:util';
import { outlinedCase, SHAPES, unseenSeed } from './outline-cases';
import { phantomFindings, type Finding } from './outline-goals';
import { realDiffusionFindings, maskFindings } from './outline-on-real-data';

const { values } = parseArgs({
  options: {
    salt: { type: 'string', default: 'first' },
    seeds: { type: 'string', default: '4' },
    only: { type: 'string', default: '' },
  },
});
const SNRS = [30, 10, 6, 3];

async function phantomTable(): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const snr of SNRS)
    for (const shape of SHAPES) {
      const slices = [];
      for (let index = 0; index < Number(values.seeds); index++)
        slices.push(
          ...(await outlinedCase({ shape, snr, seed: unseenSeed(values.salt, shape, snr, index) })),
        );
      findings.push(...phantomFindings(`SNR ${String(snr)}, ${shape}`, snr, slices));
    }
  return findings;
}

function print(title: string, findings: readonly Finding[]): void {
  console.log(`\n${title}`);
  for (const { what, goal, measured, met } of findings)
    console.log(
      `${what.padEnd(72)} ${goal.padEnd(10)} ${measured.padEnd(14)} ${met === null ? '' : met ? 'met' : 'NOT MET'}`,
    );
}

const tables: readonly (readonly [string, () => Promise<Finding[]> | Finding[]])[] = [
  ['Phantoms, mean DWI', phantomTable],
  ['Expert masks', maskFindings],
  ['Real cervical DTI', realDiffusionFindings],
];
let unmet = 0;
for (const [title, measure] of tables.filter(([name]) => name.toLowerCase().includes(values.only))) {
  const findings = await measure();
  print(title, findings);
  unmet += findings.filter(({ met }) => met === false).length;
}
console.log(`\n${String(unmet)} goals not met`);
