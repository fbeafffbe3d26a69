import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const repository = resolve(__dirname, '../..');
const bundle = join(repository, 'packages/cli/dist/myelon.mjs');
const program = join(repository, 'packages/cli/bin/myelon.mjs');

/** What a run of `myelon` gave. */
export interface CommandLineRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Builds the command line unless it is newer than every source file. Call it in `beforeAll`. */
export function buildCommandLine(): void {
  if (existsSync(bundle) && statSync(bundle).mtimeMs > newestSource()) return;
  const webpack = join(repository, 'node_modules/webpack/bin/webpack.js');
  const configuration = join(repository, 'packages/cli/webpack.config.mjs');
  const built = spawnSync(process.execPath, [webpack, '--config', configuration], {
    cwd: repository,
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(`The command line does not build:\n${built.stdout}${built.stderr}`);
}

function newestSource(): number {
  const rooms = readdirSync(join(repository, 'packages'));
  const times = rooms.flatMap((room) => {
    const source = join(repository, 'packages', room, 'src');
    return readdirSync(source, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => statSync(join(source, file)).mtimeMs);
  });
  return Math.max(...times);
}

/** Runs the built program as a user would. */
export function myelon(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CommandLineRun> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [program, ...args], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.once('error', fail);
    child.once('close', (exitCode) => {
      done({ exitCode, stdout, stderr });
    });
  });
}
