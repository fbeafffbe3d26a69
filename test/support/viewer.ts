import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const startProgram = join(repository, 'platform-config', 'start.mjs');

export interface ViewerOptions {
  /** A site configuration: a file of `platform-config/sites`, or its content. */
  readonly site?: string | Record<string, unknown>;
  /** DICOMweb address of a PACS to use instead of the embedded archive. */
  readonly pacs?: string;
  /** Folder of the embedded archive; a new temporary one by default, removed on stop. */
  readonly data?: string;
  /** Load the demo study; by default not, tests bring their own. */
  readonly demo?: boolean;
  readonly environment?: Record<string, string>;
  readonly timeoutMs?: number;
}

export interface RunningViewer {
  /** Origin, without a slash at the end: `http://127.0.0.1:1234`. */
  readonly url: string;
  /** Everything the program has printed so far. */
  output(): string;
  /** Sends SIGTERM, waits for the end, removes temporary files. Gives the exit code. */
  stop(): Promise<number | null>;
}

/** Starts the real program, as `npm start` does, on a free port of 127.0.0.1. */
export async function startViewer(options: ViewerOptions = {}): Promise<RunningViewer> {
  const scratch = await mkdtemp(join(tmpdir(), 'myelon-viewer-test-'));
  const args = ['--port', '0', '--data', options.data ?? join(scratch, 'data')];
  if (!options.demo) args.push('--no-demo');
  if (options.pacs !== undefined) args.push('--pacs', options.pacs);
  if (options.site !== undefined) args.push('--site', await siteFile(options.site, scratch));
  const child = spawn(process.execPath, [startProgram, ...args], {
    cwd: repository,
    // Tests run with the packages that are here.
    env: { ...process.env, MYELON_NO_INSTALL: '1', ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (chunk: Buffer) => (output += chunk.toString());
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);

  const stop = async () => {
    const code = await endOf(child);
    await rm(scratch, { recursive: true, force: true });
    return code;
  };
  try {
    const url = await addressOf(child, () => output, options.timeoutMs ?? 300_000);
    return { url, output: () => output, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function siteFile(site: string | Record<string, unknown>, folder: string): Promise<string> {
  if (typeof site === 'string') return site;
  const file = join(folder, 'site.json');
  await writeFile(file, JSON.stringify(site));
  return file;
}

function addressOf(child: ChildProcess, output: () => string, timeoutMs: number): Promise<string> {
  return new Promise((resolveAddress, reject) => {
    const fail = (why: string) => {
      clearTimeout(timer);
      reject(new Error(`The viewer did not start: ${why}\n${output()}`));
    };
    const timer = setTimeout(() => {
      fail(`no address after ${String(timeoutMs)} ms`);
    }, timeoutMs);
    child.once('exit', (code) => {
      fail(`exit code ${String(code)}`);
    });
    child.stdout?.on('data', () => {
      const address = /Myelon is ready: (http:\/\/\S+?)\/?\s/.exec(output())?.[1];
      if (address === undefined) return;
      clearTimeout(timer);
      resolveAddress(address);
    });
  });
}

async function endOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
  const code = await ended;
  clearTimeout(timer);
  return code;
}
