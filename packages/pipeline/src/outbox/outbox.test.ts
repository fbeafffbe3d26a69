import type { OutgoingObject } from '../report/outgoing';
import type { Delivery } from './deliver';
import { Outbox } from './outbox';
import { memoryOutbox, type OutboxStorage } from './outbox-storage';

const object = (uid: string): OutgoingObject => ({
  sopClassUID: '1.2',
  sopInstanceUID: uid,
  seriesInstanceUID: `${uid}.1`,
  description: uid,
  bytes: new Uint8Array([1, 2, 3]),
});
const to = { studyInstanceUID: '2.25.7', target: { name: 'PACS', url: 'http://pacs.test/dicom-web' } };
const forever = new AbortController().signal;
const LATER: Delivery = { kind: 'later', why: 'no answer' };
const REFUSED: Delivery = { kind: 'refused', why: 'not allowed', whatToDo: 'ask' };

/** An outbox whose archive answers as told, on a clock that is set by hand. */
function outboxWith(answers: Record<string, Delivery[]>, storage: OutboxStorage = memoryOutbox()) {
  const clock = { now: new Date('2026-03-01T10:00:00Z') };
  const tried: string[] = [];
  const outbox = new Outbox({
    storage,
    now: () => clock.now,
    random: () => 0.5,
    deliver: ({ sopInstanceUID }) => {
      tried.push(sopInstanceUID);
      return Promise.resolve(answers[sopInstanceUID]?.shift() ?? { kind: 'sent' });
    },
  });
  return { outbox, tried, clock, states: async () => (await outbox.items()).map(({ state }) => state.kind) };
}

describe('an outbox', () => {
  test('sends the objects of a save in their order', async () => {
    const { outbox, tried, states } = outboxWith({});
    await outbox.add(['seg', 'map', 'sr'].map(object), to);
    expect(await outbox.sendDue(forever)).toBeNull();
    expect(tried).toEqual(['seg', 'map', 'sr']);
    expect(await states()).toEqual(['sent', 'sent', 'sent']);
  });

  test('never sends what refers to an object before that object is there', async () => {
    const { outbox, tried, clock } = outboxWith({ seg: [LATER] });
    await outbox.add(['seg', 'sr'].map(object), to);
    const next = await outbox.sendDue(forever);
    expect(tried).toEqual(['seg']);
    expect(next!.getTime()).toBeGreaterThan(clock.now.getTime());
    await outbox.sendDue(forever);
    expect(tried).toEqual(['seg']);
    clock.now = next!;
    await outbox.sendDue(forever);
    expect(tried).toEqual(['seg', 'seg', 'sr']);
  });

  test('waits longer after every failure, up to some minutes', async () => {
    const { outbox, clock } = outboxWith({ seg: Array.from({ length: 12 }, () => LATER) });
    await outbox.add([object('seg')], to);
    const waits: number[] = [];
    for (let round = 0; round < 12; round++) {
      const next = (await outbox.sendDue(forever))!;
      waits.push(next.getTime() - clock.now.getTime());
      clock.now = next;
    }
    expect(waits.slice(0, 3)).toEqual([2000, 4000, 8000]);
    expect(Math.max(...waits)).toBe(300_000);
  });

  test('a refused save stops its own group only, and a retry takes it up again', async () => {
    const { outbox, tried, states } = outboxWith({ seg: [REFUSED] });
    const group = await outbox.add(['seg', 'sr'].map(object), to);
    await outbox.add([object('other')], to);
    expect(await outbox.sendDue(forever)).toBeNull();
    expect(await states()).toEqual(expect.arrayContaining(['refused', 'queued', 'sent']));
    await outbox.retry(group);
    await outbox.sendDue(forever);
    expect(tried.filter((uid) => uid !== 'other')).toEqual(['seg', 'seg', 'sr']);
    expect(new Set(await states())).toEqual(new Set(['sent']));
  });

  test('when the network is back, nothing waits', async () => {
    const { outbox, tried } = outboxWith({ seg: [LATER] });
    await outbox.add([object('seg')], to);
    await outbox.sendDue(forever);
    await outbox.hurry();
    await outbox.sendDue(forever);
    expect(tried).toEqual(['seg', 'seg']);
  });

  test('another program on the same storage takes up what was left', async () => {
    const storage = memoryOutbox();
    const first = outboxWith({ seg: [LATER] }, storage);
    await first.outbox.add(['seg', 'sr'].map(object), to);
    await first.outbox.sendDue(forever);
    const second = outboxWith({}, storage);
    second.clock.now = new Date('2026-03-02T10:00:00Z');
    expect(await second.outbox.sendDue(forever)).toBeNull();
    expect(second.tried).toEqual(['seg', 'sr']);
  });

  test('says so before anything is sent when the objects cannot be kept', async () => {
    const full: OutboxStorage = { ...memoryOutbox(), add: () => Promise.reject(new Error('disk full')) };
    const { outbox, tried } = outboxWith({}, full);
    await expect(outbox.add([object('seg')], to)).rejects.toThrow(/disk full.*free some space/);
    expect(tried).toEqual([]);
  });

  test('forgets a save only when told to', async () => {
    const { outbox, states } = outboxWith({});
    const group = await outbox.add([object('seg')], to);
    await outbox.sendDue(forever);
    expect(await states()).toEqual(['sent']);
    await outbox.discard(group);
    expect(await states()).toEqual([]);
  });
});
