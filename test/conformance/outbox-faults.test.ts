import 'fake-indexeddb/auto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diskOutbox } from '@myelon/cli';
import { DicomWebClient, parsePart10, string, Tag } from '@myelon/dicom';
import {
  browserOutbox,
  deliverByDicomWeb,
  isSameObject,
  Outbox,
  type OutboxItem,
  type OutboxStorage,
  type OutgoingObject,
} from '@myelon/pipeline';
import { startAwkwardPacs, type Awkwardness, type AwkwardPacs } from '../support/awkward-pacs';
import { describeNeeding } from '../support/needs';
import { needsOrthanc, startOrthanc, type RunningOrthanc } from '../support/orthanc';
import { sampleObjects } from './report-objects-sample';

/** Random sequences of faults for each way of keeping; many more by environment variable. */
const SEQUENCES = Number(process.env['MYELON_FAULT_SEQUENCES'] ?? 6);
const FAULTS: readonly Awkwardness[] = [
  ...[401, 403, 404, 409, 413, 429, 500, 502, 503].map((status) => ({
    kind: 'refuse-store' as const,
    status,
  })),
  ...[202, 400, 500, 504].map((status) => ({ kind: 'answer-lost' as const, status })),
  ...[0x0110, 0xa700, 0xa900].map((reason) => ({ kind: 'failed-sequence' as const, reason })),
  { kind: 'lie' },
  { kind: 'away' },
  { kind: 'cut-request' },
  { kind: 'cut-answer' },
  { kind: 'silent', passedOn: true },
  { kind: 'silent', passedOn: false },
  { kind: 'slow' },
  { kind: 'crawl' },
];

/** Seeded numbers from 0 to 1 (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** SEG, map and SR of a new made-up study, as a save sends them. */
function newSave(): { objects: OutgoingObject[]; studyInstanceUID: string } {
  const made = sampleObjects({ columns: 15, rows: 15, slices: 3, encoding: 'classic' });
  const objects = [made.segmentation, made.map, made.report].map((bytes): OutgoingObject => {
    const { dataset } = parsePart10(bytes);
    const text = (tag: string) => string(dataset, tag)!;
    return {
      bytes,
      sopClassUID: text(Tag.SOPClassUID),
      sopInstanceUID: text(Tag.SOPInstanceUID),
      seriesInstanceUID: text(Tag.SeriesInstanceUID),
      description: text(Tag.SeriesDescription),
    };
  });
  return { objects, studyInstanceUID: string(made.source, Tag.StudyInstanceUID)! };
}

jest.setTimeout(Math.max(180_000, SEQUENCES * 10_000));

describeNeeding('the outbox, before a real archive behind an awkward network', [needsOrthanc()], () => {
  let orthanc: RunningOrthanc;
  let pacs: AwkwardPacs;
  let direct: DicomWebClient;
  let folder: string;
  beforeAll(async () => {
    orthanc = await startOrthanc();
    pacs = await startAwkwardPacs(orthanc.dicomWebUrl);
    direct = new DicomWebClient({ baseUrl: orthanc.dicomWebUrl });
    folder = mkdtempSync(join(tmpdir(), 'myelon-outbox-'));
  });
  afterAll(async () => {
    await pacs.stop();
    await orthanc.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const target = () => ({ name: 'awkward', url: pacs.dicomWebUrl });
  const clientWith = (timeoutMs: number) =>
    deliverByDicomWeb(({ url }) => new DicomWebClient({ baseUrl: url, timeoutMs }));

  /** Held by the archive itself, and the object that was sent. */
  async function isThere(item: OutboxItem, objects: readonly OutgoingObject[]): Promise<boolean> {
    const back = await direct
      .instance(item.studyInstanceUID, item.seriesInstanceUID, item.sopInstanceUID)
      .catch(() => null);
    const sent = objects.find(({ sopInstanceUID }) => sopInstanceUID === item.sopInstanceUID)?.bytes;
    return back !== null && sent !== undefined && isSameObject(sent, back);
  }

  /** As the command line keeps it, and as a viewer without Web Locks does. */
  const storages = {
    'on disk': (seed: number) => () => diskOutbox(join(folder, String(seed))),
    'in a browser': (seed: number) => () =>
      browserOutbox({ name: `faults ${String(seed)}`, locks: undefined, channel: undefined }),
  };

  /** One save through random faults and ends of the program, then through a network that works again. */
  async function sequence(
    seed: number,
    storage: () => OutboxStorage,
  ): Promise<{ falselySent: number; lost: number; doubled: number }> {
    const random = randomNumbers(seed);
    const clock = { now: new Date() };
    const open = (timeoutMs: number) =>
      new Outbox({ storage: storage(), deliver: clientWith(timeoutMs), now: () => clock.now, random });
    const { objects, studyInstanceUID } = newSave();
    let outbox = open(400);
    await outbox.add(objects, { studyInstanceUID, target: target() });
    let falselySent = 0;
    const rounds = 2 + Math.floor(random() * 5);
    for (let round = 0; round < rounds; round++) {
      const faults = Array.from({ length: 1 + Math.floor(random() * 4) }, () =>
        random() < 0.6 ? FAULTS[Math.floor(random() * FAULTS.length)]! : { kind: 'none' as const },
      );
      pacs.behaveNext(faults);
      const controller = new AbortController();
      const end =
        random() < 0.2 ? setTimeout(() => controller.abort(new Error('closed')), random() * 60) : null;
      const restarted =
        random() < 0.05 ? orthanc.restart(random() < 0.5 ? 'killed' : 'stopped') : Promise.resolve();
      const next = await outbox.sendDue(controller.signal).catch(() => null);
      await restarted;
      if (end !== null) {
        clearTimeout(end);
        // The tab is gone; a new one opens on what is kept.
        outbox = open(400);
      }
      if (next && next > clock.now) clock.now = next;
      if (random() < 0.3) await outbox.retry();
      for (const item of await outbox.items())
        if (item.state.kind === 'sent' && !(await isThere(item, objects))) falselySent++;
    }
    pacs.behaveNext([]);
    outbox = open(60_000);
    await outbox.retry();
    await outbox.sendDue(new AbortController().signal);
    const items = await outbox.items();
    const there = await Promise.all(
      items.map((item) => item.state.kind === 'sent' && isThere(item, objects)),
    );
    const copies = await Promise.all(
      objects.map(
        async ({ seriesInstanceUID }) =>
          (await direct.searchInstances(studyInstanceUID, seriesInstanceUID)).length,
      ),
    );
    return {
      falselySent,
      lost: objects.length - there.filter(Boolean).length,
      doubled: copies.filter((count) => count !== 1).length,
    };
  }

  test.each(Object.entries(storages))(
    `${String(SEQUENCES)} random sequences, kept %s: nothing lost, nothing doubled, nothing falsely "sent"`,
    async (_kept, storage) => {
      const failures: string[] = [];
      for (let seed = 1; seed <= SEQUENCES; seed++) {
        const { falselySent, lost, doubled } = await sequence(seed, storage(seed));
        if (falselySent + lost + doubled > 0)
          failures.push(`seed ${String(seed)}: ${JSON.stringify({ falselySent, lost, doubled })}`);
      }
      expect(failures).toEqual([]);
    },
  );

  test('an archive that says "stored" and stores nothing is not believed', async () => {
    const { outbox, state } = await oneObject();
    pacs.behaveNext([{ kind: 'lie' }]);
    await outbox.sendDue(new AbortController().signal);
    expect(await state()).toMatchObject({
      kind: 'queued',
      problem: expect.stringMatching(/does not give it back/),
    });
  });

  test('an object of another content under the same UID is refused, never "sent"', async () => {
    const { outbox, state, object } = await oneObject();
    const other = Uint8Array.from(object.bytes);
    // The last byte of the pixels of a map, or of the last text.
    other[other.length - 2] = (other[other.length - 2]! + 1) % 256;
    await direct.store(other);
    await outbox.sendDue(new AbortController().signal);
    expect(await state()).toMatchObject({ kind: 'refused', why: expect.stringMatching(/another object/) });
  });

  test('"there already" counts when what is there is ours', async () => {
    const { outbox, state, object } = await oneObject();
    await direct.store(object.bytes);
    pacs.behaveNext([{ kind: 'failed-sequence', reason: 0x0111 }]);
    await outbox.sendDue(new AbortController().signal);
    expect(await state()).toMatchObject({ kind: 'sent' });
  });

  test.each([
    [401, 'queued'],
    [403, 'refused'],
    [404, 'refused'],
    [413, 'refused'],
    [429, 'queued'],
    [502, 'queued'],
  ])('after %i the object is %s', async (status, kind) => {
    const { outbox, state } = await oneObject();
    pacs.behaveNext([{ kind: 'refuse-store', status }]);
    await outbox.sendDue(new AbortController().signal);
    expect((await state()).kind).toBe(kind);
  });

  async function oneObject() {
    const { objects, studyInstanceUID } = newSave();
    const object = objects[1]!;
    const outbox = new Outbox({
      storage: diskOutbox(join(folder, object.sopInstanceUID)),
      deliver: clientWith(60_000),
    });
    await outbox.add([object], { studyInstanceUID, target: target() });
    return { outbox, object, state: async () => (await outbox.items())[0]!.state };
  }
});
