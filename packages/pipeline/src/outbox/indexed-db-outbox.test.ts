import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import type { OutgoingObject } from '../report/outgoing';
import type { Delivery } from './deliver';
import { browserOutbox } from './indexed-db-outbox';
import { Outbox } from './outbox';

const object = (uid: string): OutgoingObject => ({
  sopClassUID: '1.2',
  sopInstanceUID: uid,
  seriesInstanceUID: `${uid}.1`,
  description: 'Cord outline of Mustermann',
  bytes: new TextEncoder().encode(`patient name ${uid}`),
});
const to = { studyInstanceUID: '2.25.7', target: { name: 'PACS', url: 'http://pacs.test/dicom-web' } };
const forever = new AbortController().signal;
const REFUSED: Delivery = { kind: 'refused', why: 'not allowed', whatToDo: 'ask' };

let databases = 0;
const freshName = () => `outbox-${String(++databases)}`;

/** A tab: an outbox of its own on the storage of its origin. */
function tab(
  name: string,
  deliver: (uid: string) => Promise<Delivery> = () => Promise.resolve({ kind: 'sent' }),
) {
  const storage = browserOutbox({ name, locks: undefined, channel: undefined });
  const outbox = new Outbox({ storage, deliver: ({ sopInstanceUID }) => deliver(sopInstanceUID) });
  return { storage, outbox };
}

async function whatRests(name: string): Promise<string> {
  const database = await openDB(name);
  const all = await Promise.all([...database.objectStoreNames].map(async (store) => database.getAll(store)));
  database.close();
  const texts = all.flat().map((value) => {
    const bytes = (value as { bytes?: Uint8Array }).bytes;
    return bytes ? Buffer.from(bytes).toString('latin1') : JSON.stringify(value);
  });
  return texts.join('\n');
}

describe('the outbox of a browser', () => {
  test('a new page takes up what another left, byte for byte', async () => {
    const name = freshName();
    await tab(name).outbox.add(['1.1', '1.2'].map(object), to);
    const sent: string[] = [];
    const later = tab(name, (uid) => {
      sent.push(uid);
      return Promise.resolve({ kind: 'sent' });
    });
    expect(Buffer.from((await later.outbox.file('1.2'))!).toString()).toBe('patient name 1.2');
    await later.outbox.sendDue(forever);
    expect(sent).toEqual(['1.1', '1.2']);
  });

  test('keeps nothing readable, and after signing out nothing at all', async () => {
    const name = freshName();
    const { outbox, storage } = tab(name, () => Promise.resolve(REFUSED));
    await outbox.add([object('1.1')], to);
    await outbox.sendDue(forever);
    expect(await storage.isSealed()).toBe(true);
    expect(await whatRests(name)).not.toMatch(/patient|Mustermann|2\.25\.7|not allowed/);
    await storage.clear();
    expect(await whatRests(name)).toBe('');
    expect(await outbox.items()).toEqual([]);
    await outbox.add([object('1.2')], to);
    expect((await outbox.items()).map(({ sopInstanceUID }) => sopInstanceUID)).toEqual(['1.2']);
  });

  test('two tabs that open together agree on one key', async () => {
    const name = freshName();
    const tabs = [tab(name), tab(name), tab(name)];
    await Promise.all(tabs.map(({ outbox }, index) => outbox.add([object(`1.${String(index)}`)], to)));
    for (const { outbox } of tabs)
      expect((await outbox.items()).map(({ description }) => description)).toEqual(
        Array.from({ length: 3 }, () => 'Cord outline of Mustermann'),
      );
  });

  test('two tabs never send at once', async () => {
    const name = freshName();
    let sending = 0;
    let most = 0;
    const sent: string[] = [];
    const slowly = async (uid: string): Promise<Delivery> => {
      most = Math.max(most, ++sending);
      await new Promise((soon) => setTimeout(soon, 5));
      sending--;
      sent.push(uid);
      return { kind: 'sent' };
    };
    const tabs = [tab(name, slowly), tab(name, slowly)];
    await tabs[0]!.outbox.add(['1.1', '1.2', '1.3'].map(object), to);
    await Promise.all(tabs.map(({ outbox }) => outbox.sendDue(forever)));
    expect(most).toBe(1);
    expect(sent).toEqual(['1.1', '1.2', '1.3']);
  });

  test('the browser lets a second tab wait by its locks where it has them', async () => {
    const held = { request: (_name: string, _how: unknown, work: (lock: null) => unknown) => work(null) };
    const storage = browserOutbox({
      name: freshName(),
      locks: held as unknown as LockManager,
      channel: undefined,
    });
    const outbox = new Outbox({ storage, deliver: () => Promise.reject(new Error('not ours to send')) });
    await outbox.add([object('1.1')], to);
    const before = Date.now();
    expect((await outbox.sendDue(forever))!.getTime()).toBeGreaterThanOrEqual(before + 1000);
  });

  test('files leave the browser when the whole save has arrived, not before', async () => {
    const name = freshName();
    const answers: Record<string, Delivery> = { '1.2': REFUSED };
    const { outbox } = tab(name, (uid) => Promise.resolve(answers[uid] ?? { kind: 'sent' }));
    const group = await outbox.add(['1.1', '1.2'].map(object), to);
    await outbox.sendDue(forever);
    expect(await outbox.file('1.1')).not.toBeNull();
    delete answers['1.2'];
    await outbox.retry(group);
    await outbox.sendDue(forever);
    expect((await outbox.items()).map(({ state }) => state.kind)).toEqual(['sent', 'sent']);
    expect(await outbox.file('1.1')).toBeNull();
    await outbox.discardSent(new Date(Date.now() - 1000));
    expect(await outbox.items()).toHaveLength(2);
    await outbox.discardSent(new Date(Date.now() + 1000));
    expect(await outbox.items()).toHaveLength(0);
  });

  test('an object that was discarded while it was being sent stays discarded', async () => {
    const { outbox } = tab(freshName(), async () => {
      await outbox.discard('1.1');
      return { kind: 'later', why: 'no answer' };
    });
    await outbox.add([object('1.1')], to);
    await outbox.sendDue(forever);
    expect(await outbox.items()).toEqual([]);
  });

  test('a full disk keeps nothing of a save and says so', async () => {
    const name = freshName();
    const { outbox } = tab(name);
    await outbox.items();
    const put = jest.spyOn(IDBObjectStore.prototype, 'put').mockImplementationOnce(() => {
      throw new DOMException('no room', 'QuotaExceededError');
    });
    await expect(outbox.add(['1.1', '1.2'].map(object), to)).rejects.toThrow(
      /storage of this browser is full/,
    );
    put.mockRestore();
    expect(await outbox.items()).toEqual([]);
  });

  test('what cannot be read any more is shown, not hidden, and can be discarded', async () => {
    const name = freshName();
    await tab(name).outbox.add([object('1.1')], to);
    const database = await openDB(name);
    await database.clear('keys');
    database.close();
    const { outbox } = tab(name);
    const [item] = await outbox.items();
    expect(item).toMatchObject({ sopInstanceUID: '1.1', state: { kind: 'refused' } });
    await outbox.discard(item!.group);
    expect(await outbox.items()).toEqual([]);
  });
});
