import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Need } from './needs';

const versions = '/usr/lib/postgresql';

function programFolder(): string | null {
  if (!existsSync(versions)) return null;
  const newest = readdirSync(versions)
    .filter((name) => existsSync(join(versions, name, 'bin', 'initdb')))
    .sort((a, b) => Number(b) - Number(a))[0];
  return newest === undefined ? null : join(versions, newest, 'bin');
}

/** As a need of `describeNeeding`. */
export function needsPostgres(): Need {
  return programFolder() === null ? 'PostgreSQL is not installed' : null;
}

export interface RunningPostgres {
  /** `postgres://...` of an empty database. */
  readonly address: string;
  /** Ends the server and all it started as a power cut would (SIGKILL). */
  kill(): Promise<void>;
  startAgain(): Promise<void>;
  stop(): Promise<void>;
}

/** A real PostgreSQL of our own on a free port of 127.0.0.1, its data in a temporary folder. */
export async function startPostgres(): Promise<RunningPostgres> {
  const programs = programFolder();
  if (programs === null) throw new Error('PostgreSQL is not installed.');
  const folder = await mkdtemp(join(tmpdir(), 'myelon-postgres-'));
  const user = await serverUser(folder);
  const initialised = spawnSync(
    join(programs, 'initdb'),
    ['-D', join(folder, 'data'), '-U', 'myelon', '--auth=trust', '--no-sync', '-E', 'UTF8'],
    { ...user, encoding: 'utf8' },
  );
  if (initialised.status !== 0) throw new Error(`initdb: ${initialised.stderr}`);
  const port = await freePort();
  const start = async () => {
    const args = ['-D', join(folder, 'data'), '-p', String(port), '-k', folder, '-h', '127.0.0.1'];
    // Its own process group, so that it can be killed with all it started.
    const child = spawn(join(programs, 'postgres'), args, { ...user, stdio: 'ignore', detached: true });
    await untilListening(child, port);
    return child;
  };
  let child = await start();
  return {
    address: `postgres://myelon@127.0.0.1:${String(port)}/postgres`,
    kill: () => ended(child, 'SIGKILL'),
    startAgain: async () => {
      child = await start();
    },
    stop: async () => {
      await ended(child, 'SIGQUIT');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root. */
async function serverUser(folder: string): Promise<{ uid?: number; gid?: number }> {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout);
  const user = { uid: id('-u'), gid: id('-g') };
  await chown(folder, user.uid, user.gid);
  return user;
}

async function untilListening(child: ChildProcess, port: number): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null)
      throw new Error(`PostgreSQL ended with exit code ${String(child.exitCode)}.`);
    const isOpen = await new Promise<boolean>((done) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => {
        socket.destroy();
        done(true);
      });
      socket.once('error', () => {
        done(false);
      });
    });
    if (isOpen) return;
    await wait(100);
  }
  throw new Error('PostgreSQL did not answer within 30 s.');
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

async function ended(child: ChildProcess, signal: 'SIGKILL' | 'SIGQUIT'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const done = new Promise((resolve) => child.once('exit', resolve));
  process.kill(-child.pid, signal);
  await done;
}
