import { InputRefused } from '@myelon/diffusion';
import type { OutgoingObject } from '../report/outgoing';
import type { Deliver, Delivery } from './deliver';
import { outboxEntries, type OutboxItem, type OutboxTarget } from './outbox-item';
import type { OutboxStorage } from './outbox-storage';

const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 5 * 60_000;
/** When another tab is sending, it is asked again after this. */
const OTHER_SENDER_MS = 1_000;

export interface OutboxOptions {
  readonly storage: OutboxStorage;
  readonly deliver: Deliver;
  readonly now?: () => Date;
  /** From 0 to 1; spreads the retries of many viewers over time. */
  readonly random?: () => number;
}

/**
 * What is to be stored, until the archive has it. Objects are kept before the first try and forgotten only when the
 * reader says so after they were sent, or discards them. Sending the same again is harmless: bytes and UIDs never
 * change, so an archive ends up with one copy whatever happened in between.
 */
export class Outbox {
  private readonly listeners = new Set<() => void>();
  private readonly now: () => Date;
  private readonly random: () => number;

  constructor(private readonly options: OutboxOptions) {
    this.now = options.now ?? (() => new Date());
    this.random = options.random ?? Math.random;
  }

  /**
   * Keeps the objects of one save, in the order they must arrive.
   * @throws InputRefused when they could not be kept (storage full ...): nothing was sent then
   * @returns the group they belong to
   */
  async add(
    objects: readonly OutgoingObject[],
    to: { readonly studyInstanceUID: string; readonly target: OutboxTarget },
  ): Promise<string> {
    const group = objects.at(-1)?.sopInstanceUID;
    if (group === undefined) throw new InputRefused('nothing to send', 'outbox', 'report this as a defect');
    try {
      await this.options.storage.add(outboxEntries(objects, { ...to, group, now: this.now() }));
    } catch (error) {
      throw new InputRefused(
        `the objects could not be kept for sending (${error instanceof Error ? error.message : String(error)})`,
        'outbox',
        'free some space and save again, or download the files',
      );
    }
    this.changed();
    return group;
  }

  /** Oldest save first, each in its order. */
  async items(): Promise<OutboxItem[]> {
    const items = await this.options.storage.list();
    return items.sort(
      (p, q) =>
        p.queuedAt.localeCompare(q.queuedAt) || p.group.localeCompare(q.group) || p.position - q.position,
    );
  }

  /**
   * Tries once whatever is due, in order. Groups do not wait for each other.
   * @returns when the next try is due: null when nothing is queued
   */
  async sendDue(signal: AbortSignal): Promise<Date | null> {
    const sent = await this.options.storage.exclusively(async () => {
      const groups = new Set((await this.items()).map(({ group }) => group));
      for (const group of groups) await this.sendGroup(group, signal);
      return true;
    });
    const next = nextTry(await this.items(), this.now());
    if (sent !== null || next === null) return next;
    return new Date(Math.max(next.getTime(), this.now().getTime() + OTHER_SENDER_MS));
  }

  /** Sends again at once what was refused or is waiting. @param group all groups when absent */
  async retry(group?: string): Promise<void> {
    for (const item of await this.items()) {
      if (item.state.kind === 'sent' || (group !== undefined && item.group !== group)) continue;
      await this.keep({ ...item, state: { kind: 'queued', notBefore: null, problem: null } });
    }
  }

  /** After a sign-in or when the network is back: waiting is over; what was refused stays so. */
  async hurry(): Promise<void> {
    for (const item of await this.items())
      if (item.state.kind === 'queued' && item.state.notBefore !== null)
        await this.keep({ ...item, state: { ...item.state, notBefore: null } });
  }

  /** Forgets saves that arrived whole and were last tried before a moment. */
  async discardSent(before: Date): Promise<void> {
    const items = await this.items();
    for (const group of new Set(items.map((item) => item.group))) {
      const all = items.filter((item) => item.group === group);
      if (all.every(({ state }) => state.kind === 'sent' && new Date(state.at) < before))
        await this.discard(group);
    }
  }

  /** Forgets a group, sent or not: the reader decided so. */
  async discard(group: string): Promise<void> {
    const items = (await this.items()).filter((item) => item.group === group);
    await this.options.storage.remove(items.map(({ sopInstanceUID }) => sopInstanceUID));
    this.changed();
  }

  /** The file of an object, for download. */
  file(sopInstanceUID: string): Promise<Uint8Array | null> {
    return this.options.storage.bytes(sopInstanceUID);
  }

  /** @returns the unsubscriber */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    const stopWatching = this.options.storage.onChange?.(listener);
    return () => {
      this.listeners.delete(listener);
      stopWatching?.();
    };
  }

  private async sendGroup(group: string, signal: AbortSignal): Promise<void> {
    const items = (await this.items()).filter((one) => one.group === group);
    if (items.every(({ state }) => state.kind === 'sent')) return;
    for (const item of items) {
      if (item.state.kind === 'sent') continue;
      if (!isDue(item, this.now())) return;
      const bytes = await this.options.storage.bytes(item.sopInstanceUID);
      const delivery = await this.tryOnce(item, bytes, signal);
      await this.keep(this.afterTry(item, delivery));
      if (delivery.kind !== 'sent') return;
    }
    // Patients' data stay no longer than they must.
    await this.options.storage.removeFiles?.(items.map(({ sopInstanceUID }) => sopInstanceUID));
  }

  /** A file that cannot be read must not hold up the other saves. */
  private async tryOnce(item: OutboxItem, bytes: Uint8Array | null, signal: AbortSignal): Promise<Delivery> {
    if (!bytes) return { kind: 'refused', why: 'its file is gone', whatToDo: 'save again' };
    try {
      return await this.options.deliver(item, bytes, signal);
    } catch (error) {
      if (!(error instanceof InputRefused)) throw error;
      return { kind: 'refused', why: `its file is damaged: ${error.message}`, whatToDo: 'save again' };
    }
  }

  private afterTry(item: OutboxItem, delivery: Delivery): OutboxItem {
    const attempts = item.attempts + 1;
    const at = this.now();
    if (delivery.kind === 'sent') return { ...item, attempts, state: { kind: 'sent', at: at.toISOString() } };
    if (delivery.kind === 'refused') {
      const { why, whatToDo } = delivery;
      return { ...item, attempts, state: { kind: 'refused', at: at.toISOString(), why, whatToDo } };
    }
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(item.attempts, 20));
    const notBefore = new Date(at.getTime() + wait * (0.75 + 0.5 * this.random())).toISOString();
    const { why: problem, signIn } = delivery;
    return { ...item, attempts, state: { kind: 'queued', notBefore, problem, ...(signIn && { signIn }) } };
  }

  private async keep(item: OutboxItem): Promise<void> {
    await this.options.storage.update(item);
    this.changed();
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}

function isDue({ state }: OutboxItem, now: Date): boolean {
  return state.kind === 'queued' && (state.notBefore === null || new Date(state.notBefore) <= now);
}

/** An item behind one that was refused waits for the reader, not for a time. */
function nextTry(items: readonly OutboxItem[], now: Date): Date | null {
  const first = new Map<string, OutboxItem>();
  for (const item of items)
    if (item.state.kind !== 'sent' && !first.has(item.group)) first.set(item.group, item);
  const times = [...first.values()].flatMap(({ state }) =>
    state.kind === 'queued' ? [state.notBefore === null ? now.getTime() : Date.parse(state.notBefore)] : [],
  );
  return times.length === 0 ? null : new Date(Math.min(...times));
}
