import { spawn, type ChildProcess } from 'node:child_process';
import fs, { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { smallImage } from './dicomweb-contract-files';
import {
  answerOf,
  filesBelow,
  found,
  getJson,
  multipartBody,
  postBody,
  retrieve,
  store,
} from './dicomweb-contract-client';
import { startArchive } from './dicomweb-contract-servers';

const repository = resolve(__dirname, '../..');
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'myelon-archive-'));
});
afterEach(async () => {
  jest.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

/** A server in a process of its own. */
async function startProcess(): Promise<{ url: string; child: ChildProcess }> {
  const script = join(__dirname, 'dicomweb-contract-server.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, folder], {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolveUrl, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      resolveUrl(chunk.toString().trim());
    });
    child.once('exit', (code) => {
      reject(new Error(`the archive ended with code ${String(code)}`));
    });
  });
  return { url, child };
}

describe('killed while it stores', () => {
  const total = 80;
  const images = Array.from({ length: total }, (_, index) => smallImage(1, 1 + (index % 4), index + 1));
  const uidOf = (index: number) => `2.25.1.${1 + (index % 4)}.${index + 1}`;

  it('keeps all it called stored, holds nothing half stored, and takes the rest again', async () => {
    const { url, child } = await startProcess();
    const ended = new Promise((done) => child.once('exit', done));
    const acknowledged: string[] = [];
    const big = smallImage(2, 1, 1, { '00291010 OB': Buffer.alloc(3_000_000, 7), '00290010 LO': 'TEST' });
    const batch = postBody(url, multipartBody(Array.from({ length: 8 }, () => big)));
    const sender = async (start: number) => {
      for (let index = start; index < total; index += 4) {
        const { status, storedUids } = await store(url, [images[index]!]);
        if (status === 200) acknowledged.push(...storedUids);
        if (acknowledged.length === 20) child.kill('SIGKILL');
      }
    };
    const senders = [0, 1, 2, 3].map(sender);
    await Promise.allSettled([...senders, batch]);
    await ended;
    expect(acknowledged.length).toBeGreaterThanOrEqual(20);
    expect(acknowledged.length).toBeLessThan(total);

    const again = await startArchive({ folder });
    try {
      const kept = await found(again.url, '/studies/2.25.1/instances', '00080018');
      expect(kept).toEqual(expect.arrayContaining(acknowledged));
      expect(again.archive.restored.unreadable).toEqual([]);
      expect(await filesBelow(join(folder, 'incoming'))).toEqual([]);
      for (const uid of acknowledged) {
        const [, , , series] = uid.split('.');
        const path = `${again.url}/studies/2.25.1/series/2.25.1.${series}/instances/${uid}`;
        const { parts } = await retrieve(path, 'application/dicom');
        expect(parts[0]?.bytes.equals(images[Number(uid.split('.').at(-1)) - 1]!)).toBe(true);
      }
      for (const image of images)
        expect(answerOf(await store(again.url, [image]))).toEqual({ status: 200, listed: 1 });
      expect(await found(again.url, '/studies/2.25.1/instances', '00080018')).toEqual(
        images.map((_, i) => uidOf(i)).sort(),
      );
      expect((await filesBelow(join(folder, 'studies', '2.25.1'))).length).toBe(total);
    } finally {
      await again.stop();
    }
  }, 60_000);
});

describe('durability', () => {
  /** The real operations, in the order they finished; `hold` delays the flush of folders. */
  async function watched(hold: Promise<void>): Promise<string[]> {
    const log: string[] = [];
    const { open, rename } = fs;
    jest.spyOn(fs, 'rename').mockImplementation(async (from, to) => {
      await rename(from, to);
      log.push(`rename to ${basename(String(to))}`);
    });
    jest.spyOn(fs, 'open').mockImplementation(async (path, ...rest) => {
      const handle = await open(path, ...rest);
      const sync = handle.sync.bind(handle);
      const isFolder = (await handle.stat()).isDirectory();
      handle.sync = async () => {
        if (isFolder) await hold;
        await sync();
        log.push(isFolder ? `flush folder ${basename(String(path))}` : 'flush file');
      };
      return handle;
    });
    return Promise.resolve(log);
  }

  it('answers only when file, name and folders are flushed to the disk', async () => {
    const server = await startArchive({ folder });
    try {
      let release = () => undefined as void;
      const log = await watched(new Promise((done) => (release = done)));
      let answered = false;
      const answer = store(server.url, [smallImage(1, 2, 3)]).finally(() => (answered = true));
      while (!log.some((line) => line.startsWith('rename'))) await wait(5);
      await wait(200);
      expect(answered).toBe(false);
      expect(await getJson(server.url, '/studies')).toEqual([]);
      release();
      expect((await answer).status).toBe(200);
      expect(log).toEqual([
        'flush file',
        'rename to 2.25.1.2.3.dcm',
        'flush folder 2.25.1.2',
        'flush folder 2.25.1',
        'flush folder studies',
      ]);
    } finally {
      await server.stop();
    }
  });
});

describe('requests at the same time', () => {
  it('stores an instance once, whoever comes first', async () => {
    const server = await startArchive({ folder });
    const versions = Array.from({ length: 6 }, (_, index) =>
      smallImage(1, 1, 1, { '0008103E LO': `Version ${index % 2}` }),
    );
    const answers = await Promise.all(versions.map((file) => store(server.url, [file])));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 409, 409, 409]);
    const winner = answers.findIndex(({ status }) => status === 200) % 2;
    const [metadata] = await getJson(server.url, '/studies/2.25.1/metadata');
    expect(metadata?.['0008103E']?.Value).toEqual([`Version ${winner}`]);
    await server.stop();
  });
});
