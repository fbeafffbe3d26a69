import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startViewer } from '../support/viewer';

const repository = resolve(__dirname, '../..');
const program = join(repository, 'platform-config', 'start.mjs');
const minutes = 60_000;

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    env: { ...process.env, MYELON_NO_INSTALL: '1' },
    timeout: 2 * minutes,
  });
}

describe('the start program', () => {
  test.each([
    [['--prot', '3000'], '--prot'],
    [['--port', 'abc'], '--port abc'],
    [['--port', '70000'], '--port 70000'],
    [['--port'], '--port'],
    [['--pacs', 'pacs.example'], '--pacs pacs.example'],
    [['--pacs', 'http://me:secret@pacs/dicom-web'], 'MYELON_PACS_AUTHORIZATION'],
    [['--pacs', 'http://pacs/dicom-web', '--site', 'x.json'], 'exclude each other'],
    [['--data='], '--data'],
    [['here'], 'here'],
  ])('refuses %j with exit code 2, names what is wrong and where help is', (args, named) => {
    const { status, stdout, stderr } = run(...args);
    expect(status).toBe(2);
    expect(stderr).toContain(named);
    expect(stderr).toContain('--help');
    expect(stdout).toBe('');
  });

  test('explains every option', () => {
    const { status, stdout } = run('--help');
    expect(status).toBe(0);
    for (const option of ['--port', '--pacs', '--no-demo', '--data', '--site', '--host']) {
      expect(stdout).toContain(option);
    }
  });

  test('a site configuration with faults is refused with file, place and reason', () => {
    const { status, stderr } = run('--port', '0', '--site', 'package.json');
    expect(status).toBe(1);
    expect(stderr).toContain('package.json');
    expect(stderr).toContain('sources: ');
    expect(stderr).not.toContain('    at ');
  });

  test('a missing secret is found at the start', () => {
    const { status, stderr } = run('--port', '0', '--site', 'platform-config/sites/orthanc.json');
    expect(status).toBe(1);
    expect(stderr).toContain('ORTHANC_AUTHORIZATION');
  }, 120_000);

  test('says that the port is taken and what to do', async () => {
    const other = createServer();
    const port = await new Promise<number>((done) => {
      other.listen(0, '127.0.0.1', () => {
        const address = other.address();
        done(typeof address === 'object' && address ? address.port : 0);
      });
    });
    const { status, stderr } = run('--port', String(port));
    expect(status).toBe(1);
    expect(stderr).toContain(`Port ${String(port)} is taken`);
    expect(stderr).toContain('--port');
    other.close();
  });

  test('loads the demo study once, stops on SIGTERM and leaves nothing behind', async () => {
    const data = await mkdtemp(join(tmpdir(), 'myelon-start-test-'));
    const before = temporaryFiles();
    const first = await startViewer({ data, demo: true, timeoutMs: 5 * minutes });
    const studies = (await (await fetch(`${first.url}/dicom-web/archive/studies`)).json()) as unknown[];
    expect(studies).toHaveLength(1);
    expect(first.output()).toMatch(/demo +\d+ images loaded/);
    expect(await first.stop()).toBe(0);
    await expect(fetch(first.url)).rejects.toThrow();

    const start = performance.now();
    const second = await startViewer({ data, demo: true });
    const seconds = (performance.now() - start) / 1000;
    console.log(`second start: ${seconds.toFixed(1)} s`);
    expect(second.output()).not.toContain('demo ');
    expect(await (await fetch(`${second.url}/dicom-web/archive/studies`)).json()).toHaveLength(1);
    expect(await second.stop()).toBe(0);
    // A machine under load still starts in this; a rebuild or a second simulation does not.
    expect(seconds).toBeLessThan(20);

    expect(temporaryFiles()).toEqual(before);
    expect((await readdir(data)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    await rm(data, { recursive: true });
  }, 600_000);
});

/** Half-prepared viewers and locks of this clone. */
function temporaryFiles(): string[] {
  const viewer = join(repository, '.myelon', 'viewer');
  const half = existsSync(viewer) ? readdirSync(viewer).filter((name) => name.startsWith('preparing')) : [];
  const locks = readdirSync(join(repository, '.myelon')).filter((name) => name.endsWith('.lock'));
  return [...half, ...locks];
}
