import http from 'node:http';
import { appendFile, cp, mkdtemp, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createArchive } from '@myelon/platform-config/archive';
import { identifiers, imageAttributes, part10, smallImage } from './dicomweb-contract-files';
import {
  filesBelow,
  getJson,
  multipartBody,
  multipartDicom,
  postBody,
  store,
} from './dicomweb-contract-client';
import { startArchive } from './dicomweb-contract-servers';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'myelon-archive-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('restart', () => {
  const images = [smallImage(1, 1, 1), smallImage(1, 1, 2), smallImage(2, 1, 1)];

  async function filled(): Promise<void> {
    const archive = await createArchive({ folder });
    for (const image of images) expect((await archive.storeFile(image)).status).toBe('stored');
    await archive.close();
  }

  async function reopened() {
    const archive = await createArchive({ folder });
    const result = { ...archive.restored, ...archive.counts() };
    await archive.close();
    return result;
  }

  const all = { studies: 2, series: 2, instances: 3, unreadable: [] };

  it('knows all instances without reading the files again', async () => {
    await filled();
    expect(await reopened()).toEqual({ ...all, fromJournal: 3, read: 0 });
  });

  it('reads the files again without its journal', async () => {
    await filled();
    await rm(join(folder, 'index.jsonl'));
    expect(await reopened()).toEqual({ ...all, fromJournal: 0, read: 3 });
    expect(await reopened()).toEqual({ ...all, fromJournal: 3, read: 0 });
  });

  it('bears a journal that breaks off, and lines of other programs', async () => {
    await filled();
    const journal = join(folder, 'index.jsonl');
    await truncate(journal, (await stat(journal)).size - 30);
    await appendFile(journal, '\n{"version":99}\nnull\n');
    expect(await reopened()).toEqual({ ...all, fromJournal: 2, read: 1 });
    expect(await reopened()).toEqual({ ...all, fromJournal: 3, read: 0 });
  });

  it('notices files that changed, came or went, and says which it cannot read', async () => {
    await filled();
    const path = (study: number, series: number, instance: number) =>
      join(
        folder,
        'studies',
        `2.25.${study}`,
        `2.25.${study}.${series}`,
        `2.25.${study}.${series}.${instance}.dcm`,
      );
    await utimes(path(1, 1, 1), new Date(1000), new Date(1000));
    await truncate(path(1, 1, 2), 300);
    await rm(path(2, 1, 1));
    const elsewhere = join(folder, 'studies', '2.25.1', '2.25.1.1', '2.25.99.dcm');
    await cp(path(1, 1, 1), elsewhere);
    const result = await reopened();
    expect(result).toMatchObject({ fromJournal: 0, read: 1, studies: 1, instances: 1 });
    expect(result.unreadable.map(({ file }) => basename(file)).sort()).toEqual([
      '2.25.1.1.2.dcm',
      '2.25.99.dcm',
    ]);
    expect(result.unreadable.map(({ why }) => why).join()).toMatch(/file name/);
  });

  it('takes a damaged file again', async () => {
    await filled();
    const [damaged] = (await filesBelow(join(folder, 'studies', '2.25.1'))).sort();
    await truncate(join(folder, 'studies', '2.25.1', '2.25.1.1', damaged!), images[0]!.length - 20);
    const archive = await createArchive({ folder });
    expect(archive.restored.unreadable.map(({ file }) => basename(file))).toEqual([damaged]);
    expect((await archive.storeFile(images[0]!)).status).toBe('stored');
    await archive.close();
    expect(await reopened()).toEqual({ ...all, fromJournal: 3, read: 0 });
  });

  it('calls a study what its first instance called it, before and after', async () => {
    const names = async (archive: Awaited<ReturnType<typeof startArchive>>) => {
      const [study] = await getJson(archive.url, '/studies');
      await archive.stop();
      return study?.['00081030']?.Value;
    };
    const first = await startArchive({ folder });
    await store(first.url, [smallImage(1, 9, 9)]);
    await wait(10);
    await store(first.url, [smallImage(1, 1, 1, { '00081030 LO': 'Renamed', '00080060 CS': 'SR' })]);
    expect(await names(first)).toEqual(['Cervical spine']);
    await rm(join(folder, 'index.jsonl'));
    expect(await names(await startArchive({ folder }))).toEqual(['Cervical spine']);
  });
});

describe('refuses', () => {
  it.each([
    ['a path upwards', '../../../outside'],
    ['an empty component', '1..2'],
    ['a parent folder', '..'],
    ['a slash', '1/2'],
    ['nothing', ''],
    ['65 characters', '1'.repeat(65)],
    ['letters', 'con'],
  ])('UIDs that are no UIDs: %s', async (_name, uid) => {
    const archive = await createArchive({ folder: join(folder, 'archive') });
    for (const key of ['0020000D UI', '0020000E UI', '00080018 UI']) {
      const outcome = await archive.storeFile(smallImage(1, 1, 1, { [key]: uid }));
      expect(outcome).toMatchObject({ status: 'failed', reason: 0xc000 });
    }
    await archive.close();
    expect(archive.counts().instances).toBe(0);
    expect(await filesBelow(folder)).toEqual(['index.jsonl']);
  });

  it('paths that lead out of the archive', async () => {
    const server = await startArchive({ folder });
    await writeFile(join(folder, 'secret.dcm'), smallImage(1, 1, 1));
    for (const path of [
      '/studies/..%2F..',
      '/studies/..%2Fsecret.dcm/metadata',
      '/studies/%2e%2e/series/%2e%2e/metadata',
    ]) {
      expect((await fetch(server.url + path)).status).toBe(404);
    }
    await server.stop();
  });

  it('a file cut off anywhere', async () => {
    const archive = await createArchive({ folder });
    const nested = { '00081140 SQ': { items: [{ '00081155 UI': '2.25.7' }, { '00081155 UI': '2.25.8' }] } };
    const kinds = [
      smallImage(1, 1, 1, nested),
      smallImage(1, 1, 1, nested, '1.2.840.10008.1.2'),
      smallImage(1, 1, 1, nested, '1.2.840.10008.1.2.2'),
      smallImage(1, 1, 1, nested, '1.2.840.10008.1.2.1.99'),
      part10(
        {
          ...identifiers(1, 1, 1),
          ...imageAttributes(4, 6),
          '7FE00010 OB': { fragments: [Buffer.alloc(50, 1), Buffer.alloc(20, 2)] },
        },
        '1.2.840.10008.1.2.4.70',
      ),
    ];
    for (const file of kinds) {
      for (let length = 0; length < file.length; length += 7) {
        const outcome = await archive.storeFile(file.subarray(0, length));
        expect([length, outcome]).toMatchObject([length, { status: 'failed', reason: 0xc000 }]);
      }
    }
    expect(archive.counts().instances).toBe(0);
    await archive.close();
  }, 60_000);

  it('an image with fewer pixels than its size says', async () => {
    const archive = await createArchive({ folder });
    const outcome = await archive.storeFile(smallImage(1, 1, 1, { '00280010 US': [5] }));
    expect(outcome).toMatchObject({
      status: 'failed',
      reason: 0xc000,
      message: expect.stringMatching(/48 bytes.*60/),
    });
    await archive.close();
  });

  it.each([
    ['many files', Array.from({ length: 20 }, (_, index) => smallImage(1, 1, index + 1))],
    ['a big file', [smallImage(1, 1, 1, { '00420011 OB': Buffer.alloc(3_000_000) })]],
  ])('more than its limit, keeping nothing of it: %s', async (_name, images) => {
    const server = await startArchive({ folder, maxUploadBytes: 5000 });
    // The server need not read the rest of what it refuses: the client may see the connection close instead.
    const answer = await postBody(server.url, multipartBody(images)).catch(() => ({ status: 413 }));
    expect(answer.status).toBe(413);
    expect(await getJson(server.url, '/studies')).toEqual([]);
    expect((await store(server.url, [smallImage(2, 1, 1)])).status).toBe(200);
    await server.stop();
    expect(await filesBelow(join(folder, 'incoming'))).toEqual([]);
  });

  it('nothing of an upload whose sender goes away', async () => {
    const server = await startArchive({ folder });
    const body = multipartBody([
      smallImage(1, 1, 1),
      smallImage(1, 1, 2, { '00420011 OB': Buffer.alloc(3_000_000) }),
    ]);
    const request = http.request(`${server.url}/studies`, {
      method: 'POST',
      headers: { 'content-type': multipartDicom, 'content-length': body.length },
    });
    request.on('error', () => undefined);
    request.write(body.subarray(0, 2_000_000));
    while ((await filesBelow(join(folder, 'incoming'))).length < 2) await wait(10);
    request.destroy();
    while ((await filesBelow(join(folder, 'incoming'))).length > 0) await wait(10);
    expect(await getJson(server.url, '/studies')).toEqual([]);
    await server.stop();
  });
});
