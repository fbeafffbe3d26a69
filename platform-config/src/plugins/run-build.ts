import { spawn, type ChildProcess } from 'node:child_process';
import { ForPeople } from '../for-people';

const running = new Set<ChildProcess>();
const longestOutput = 20_000;

/** `npm run build` of the plugins alone, quietly; what it printed is shown when it fails. */
export async function runBuild(repository: string): Promise<void> {
  const npm = process.env['npm_execpath'];
  const [program, args] = npm?.endsWith('js') ? [process.execPath, [npm]] : ['npm', []];
  const isWindows = process.platform === 'win32';
  const child = spawn(program, [...args, 'run', 'build', '--', '--config-name', 'plugins'], {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: isWindows && program === 'npm',
    // Its own process group, so that a stop reaches what npm starts.
    detached: !isWindows,
  });
  running.add(child);
  let output = '';
  const collect = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-longestOutput);
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (code !== 0)
      throw new ForPeople(`${output}\nThe build failed (npm run build, exit code ${String(code)}).`);
  } finally {
    running.delete(child);
  }
}

/** Ends builds that are still running; for the end of the program. */
export function stopBuilds(): void {
  for (const child of running) {
    if (child.pid === undefined) continue;
    try {
      process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGTERM');
    } catch {
      // It has ended by itself meanwhile.
    }
  }
}
