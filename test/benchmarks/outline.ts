/**
 * Speed of the cord outline: `node --import tsx test/benchmarks/outline.ts`. A stack of the simulated patient, mean
 * diffusion-weighted image; CPU time of this process on one thread, best of the repeats, and of the first run.
 */
import { outlineCord } from '@myelon/cord';
import { meanOfVolumes } from '@myelon/diffusion';
import { cervicalCordPhantom } from '@myelon/phantom';

const REPEATS = 5;

const { dti } = cervicalCordPhantom({ seed: 1, snr: 30 });
const weighted = [...Array(dti.gradients.count).keys()].filter((volume) => dti.gradients.bValue(volume) > 50);
const image = meanOfVolumes(dti, weighted);

const seconds: number[] = [];
for (let repeat = 0; repeat < REPEATS; repeat++) {
  const start = process.cpuUsage();
  await outlineCord(image, dti.grid, { contrast: 'dwi', seeds: [] });
  const { user, system } = process.cpuUsage(start);
  seconds.push((user + system) / 1e6);
}
const { columns, rows, slices } = dti.grid;
const best = Math.min(...seconds);
console.log(
  `outline of ${String(slices)} slices of ${String(columns)} x ${String(rows)}: ${best.toFixed(2)} s ` +
    `(${((1000 * best) / slices).toFixed(0)} ms a slice), first run ${(seconds[0] ?? 0).toFixed(2)} s`,
);
