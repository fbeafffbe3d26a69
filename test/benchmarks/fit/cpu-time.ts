import { spawnSync } from 'node:child_process';

const REPEATS = 3;

/** CPU seconds of this process for `run`, the best of some repeats. */
export async function cpuSeconds(run: () => Promise<unknown>, repeats = REPEATS): Promise<number> {
  let best = Infinity;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const started = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(started);
    best = Math.min(best, (user + system) / 1e6);
  }
  return best;
}

/** CPU seconds (user and system) of a program that runs to its end, as bash counts them; the best of some repeats. */
export function cpuSecondsOfProgram(
  command: readonly string[],
  folder: string,
  env: Readonly<Record<string, string>> = {},
  repeats = REPEATS,
): number {
  let best = Infinity;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const script = 'TIMEFORMAT="%U %S"; time "$@"';
    const { status, stderr } = spawnSync('bash', ['-c', script, 'time', ...command], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
    const [user = NaN, system = NaN] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
    if (status !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
    best = Math.min(best, user + system);
  }
  return best;
}
