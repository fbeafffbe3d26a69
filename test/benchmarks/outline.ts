/**
 * Speed of the cord outline: `node --import tsx test/benchmarks/outline.ts`. Stacks of the simulated patient, mean
 * diffusion-weighted image. CPU time of this process (one thread and what the engine adds), of the first run in a new
 * process and the best of the repeats; the first line on screen is that of the slice asked for first.
 */
import { outlineCord } from '@myelon/cord';
import { meanOfVolumes, type VoxelGrid } from '@myelon/diffusion';
import { cervicalCordPhantom } from '@myelon/phantom';

const REPEATS = 5;

interface Stack {
  readonly name: string;
  readonly image: Float32Array;
  readonly grid: VoxelGrid;
  /** Goal for the whole stack, s. */
  readonly goal: number;
}

function stacks(): Stack[] {
  const { dti } = cervicalCordPhantom({ seed: 1, snr: 30 });
  const weighted = [...Array(dti.gradients.count).keys()].filter(
    (volume) => dti.gradients.bValue(volume) > 50,
  );
  const image = meanOfVolumes(dti, weighted);
  return [
    { name: '15 slices', image, grid: dti.grid, goal: 1 },
    { name: '24 slices', ...remade(image, dti.grid, 64, 24), goal: 1 },
    { name: 'full field of 160 mm, 24 slices', ...remade(image, dti.grid, 178, 24), goal: 3 },
  ];
}

/** More slices by repeating them, a wider field by repeating its border. */
function remade(image: Float32Array, grid: VoxelGrid, size: number, slices: number) {
  const wide = { ...grid, columns: size, rows: size, slices };
  const margin = Math.floor((size - grid.columns) / 2);
  const within = (value: number, most: number) => Math.min(Math.max(value, 0), most - 1);
  const values = new Float32Array(size * size * slices);
  values.forEach((_, at) => {
    const column = within((at % size) - margin, grid.columns);
    const row = within((Math.floor(at / size) % size) - margin, grid.rows);
    const slice = Math.floor(at / (size * size)) % grid.slices;
    values[at] = image[(slice * grid.rows + row) * grid.columns + column] ?? 0;
  });
  return { image: values, grid: wide };
}

const cpuSeconds = (since: NodeJS.CpuUsage) => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
};

async function timed({ image, grid }: Stack): Promise<{ whole: number; firstLine: number }> {
  const start = process.cpuUsage();
  let firstLine = Infinity;
  await outlineCord(image, grid, {
    contrast: 'dwi',
    seeds: [],
    onDraft: () => {
      firstLine = Math.min(firstLine, cpuSeconds(start));
    },
  });
  return { whole: cpuSeconds(start), firstLine };
}

for (const stack of stacks()) {
  const runs: { whole: number; firstLine: number }[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat++) runs.push(await timed(stack));
  const best = (of: (run: (typeof runs)[number]) => number) => Math.min(...runs.map(of));
  const whole = best((run) => run.whole);
  console.log(
    `${stack.name}: ${whole.toFixed(2)} s (goal ${String(stack.goal)} s; ` +
      `${((1000 * whole) / stack.grid.slices).toFixed(0)} ms a slice), first run ${(runs[0]?.whole ?? 0).toFixed(2)} s; ` +
      `first line after ${(1000 * best((run) => run.firstLine)).toFixed(0)} ms, ` +
      `first run ${(1000 * (runs[0]?.firstLine ?? 0)).toFixed(0)} ms`,
  );
}
