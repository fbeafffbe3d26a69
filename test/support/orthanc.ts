import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Need } from './needs';

const pluginFolders = ['/usr/share/orthanc/plugins', '/usr/lib/orthanc', '/usr/local/share/orthanc/plugins'];

function dicomWebPlugin(): string | null {
  for (const folder of pluginFolders) {
    if (!existsSync(folder)) continue;
    const name = readdirSync(folder).find((file) => /^libOrthancDicomWeb\.(so|dylib)/.test(file));
    if (name !== undefined) return join(folder, name);
  }
  return null;
}

/** As a need of `describeNeeding`. */
export function needsOrthanc(): Need {
  const program = spawnSync('which', ['Orthanc']).status === 0;
  if (!program) return 'Orthanc is not installed';
  return dicomWebPlugin() === null ? 'the DICOMweb plugin of Orthanc is not installed' : null;
}

export interface RunningOrthanc {
  /** DICOMweb root, without a slash at the end. */
  readonly dicomWebUrl: string;
  /** Orthanc's own REST root. */
  readonly rest: string;
  /** The Authorization header it asks for; null when it asks for none. */
  readonly authorization: string | null;
  /** Ends it, at once or in order, and starts it again on the same port and data. */
  restart(how: 'killed' | 'stopped'): Promise<void>;
  stop(): Promise<void>;
}

/** A real Orthanc with DICOMweb on a free port of 127.0.0.1, its data in a temporary folder. */
export async function startOrthanc(options: { password?: string } = {}): Promise<RunningOrthanc> {
  const plugin = dicomWebPlugin();
  if (plugin === null) throw new Error('The DICOMweb plugin of Orthanc is not installed.');
  const folder = await mkdtemp(join(tmpdir(), 'myelon-orthanc-'));
  const port = await freePort();
  const file = join(folder, 'orthanc.json');
  await writeFile(file, JSON.stringify(configuration(folder, port, plugin, options.password)));
  const rest = `http://127.0.0.1:${String(port)}`;
  const authorization =
    options.password === undefined
      ? null
      : `Basic ${Buffer.from(`myelon:${options.password}`).toString('base64')}`;
  const running = new OrthancProcess(file, rest, authorization);
  const stop = async () => {
    await running.end('SIGTERM');
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await running.start();
  } catch (error) {
    await stop();
    throw error;
  }
  const restart = async (how: 'killed' | 'stopped') => {
    await running.end(how === 'killed' ? 'SIGKILL' : 'SIGTERM');
    await running.start();
  };
  return { dicomWebUrl: `${rest}/dicom-web`, rest, authorization, restart, stop };
}

class OrthancProcess {
  private child: ChildProcess | null = null;

  constructor(
    private readonly configurationFile: string,
    private readonly rest: string,
    private readonly authorization: string | null,
  ) {}

  /** Returns when it answers. */
  async start(): Promise<void> {
    const child = spawn('Orthanc', [this.configurationFile], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    let log = '';
    const collect = (chunk: Buffer) => (log = (log + chunk.toString()).slice(-10_000));
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    try {
      await untilReady(child, this.rest, this.authorization);
    } catch (error) {
      throw new Error(`${String(error)}\n${log}`);
    }
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.child) await ended(this.child, signal);
  }
}

function configuration(folder: string, port: number, plugin: string, password?: string) {
  return {
    Name: 'Myelon test',
    StorageDirectory: join(folder, 'storage'),
    IndexDirectory: join(folder, 'index'),
    HttpServerEnabled: true,
    HttpPort: port,
    HttpBindAddresses: ['127.0.0.1'],
    RemoteAccessAllowed: password !== undefined,
    AuthenticationEnabled: password !== undefined,
    ...(password === undefined ? {} : { RegisteredUsers: { myelon: password } }),
    DicomServerEnabled: false,
    DefaultEncoding: 'Utf8',
    OverwriteInstances: false,
    Plugins: [plugin],
    DicomWeb: {
      Enable: true,
      Root: '/dicom-web/',
      StudiesMetadata: 'Full',
      SeriesMetadata: 'Full',
      QidoCaseSensitive: false,
    },
  };
}

async function untilReady(child: ChildProcess, rest: string, authorization: string | null): Promise<void> {
  const headers: Record<string, string> = authorization === null ? {} : { authorization };
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null) throw new Error(`Orthanc ended with exit code ${String(child.exitCode)}.`);
    const answer = await fetch(`${rest}/system`, { headers }).catch(() => null);
    // Another Orthanc on the same port would answer too: ours has a name.
    if (answer?.ok && ((await answer.json()) as { Name: string }).Name === 'Myelon test') return;
    await wait(100);
  }
  throw new Error('Orthanc did not answer within 30 s.');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => {
        resolve(port);
      });
    });
  });
}

async function ended(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const done = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await done;
  clearTimeout(timer);
}
