import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { asOneSender, type LeaseBook } from './one-sender';
import type { OutboxEntry, OutboxItem } from './outbox-item';
import type { OutboxStorage } from './outbox-storage';
import { newSealingKey, open, seal, type Sealed } from './sealing';

const NAME = 'myelon-outbox';
const VERSION = 1;
const KEY = 'sealing-key';
const LEASE = 'lease';

interface Schema extends DBSchema {
  /** What is known of an object, by its UID: JSON, sealed. */
  items: { key: string; value: Sealed };
  /** Part 10 files, by UID, sealed. */
  files: { key: string; value: Sealed };
  keys: { key: typeof KEY; value: CryptoKey };
  leases: { key: typeof LEASE; value: { readonly holder: string; readonly untilMs: number } };
}

/** An outbox that a browser keeps. */
export interface BrowserOutboxStorage extends OutboxStorage {
  /** Whether what rests here is encrypted: not in pages without a secure connection. */
  isSealed(): Promise<boolean>;
  /** Forgets everything, key first: what a disk still holds of it cannot be read any more. */
  clear(): Promise<void>;
}

export interface BrowserOutboxOptions {
  readonly name?: string;
  /** Web Locks; those of the browser when absent. */
  readonly locks?: LockManager | undefined;
  /** Tells other tabs of changes; a channel of the browser when absent. */
  readonly channel?: Pick<BroadcastChannel, 'postMessage' | 'addEventListener'> | undefined;
}

/**
 * An outbox in IndexedDB: survives reload, crash and a closed tab, is shared by all tabs of an origin, and encrypted
 * with a key that stays in this browser.
 */
export function browserOutbox(options: BrowserOutboxOptions = {}): BrowserOutboxStorage {
  const { name = NAME, locks = webLocks(), channel = broadcastChannel(name) } = options;
  const database = connection(name);
  const key = async () => sealingKey(await database());
  const tell = () => {
    channel?.postMessage('changed');
  };
  return {
    add: async (entries) => {
      await addAll(await database(), await key(), entries);
      tell();
    },
    list: async () => listed(await database(), await key()),
    bytes: async (uid) => {
      const sealed = await (await database()).get('files', uid);
      return sealed ? open(await key(), uid, sealed) : null;
    },
    update: async (item) => {
      const sealed = await sealedItem(await key(), item);
      const change = (await database()).transaction('items', 'readwrite', DURABLE);
      // A discarded item must not come back because a try was under way.
      if ((await change.store.getKey(item.sopInstanceUID)) !== undefined)
        await change.store.put(sealed, item.sopInstanceUID);
      await change.done;
      tell();
    },
    remove: async (uids) => {
      const change = (await database()).transaction(['items', 'files'], 'readwrite', DURABLE);
      for (const uid of uids) {
        void change.objectStore('items').delete(uid);
        void change.objectStore('files').delete(uid);
      }
      await change.done;
      tell();
    },
    removeFiles: async (uids) => {
      const change = (await database()).transaction('files', 'readwrite');
      for (const uid of uids) void change.store.delete(uid);
      await change.done;
    },
    exclusively: (work) => asOneSender(locks, leaseBook(database), work),
    onChange: (listener) => {
      const controller = new AbortController();
      channel?.addEventListener('message', listener, { signal: controller.signal });
      return () => {
        controller.abort();
      };
    },
    isSealed: async () => (await key()) !== null,
    clear: async () => {
      const change = (await database()).transaction(
        ['keys', 'items', 'files', 'leases'],
        'readwrite',
        DURABLE,
      );
      for (const store of ['keys', 'items', 'files', 'leases'] as const)
        void change.objectStore(store).clear();
      await change.done;
      tell();
    },
  };
}

/** The browser answers when the disk has it, not only the memory. */
const DURABLE: IDBTransactionOptions = { durability: 'strict' };

type Database = IDBPDatabase<Schema>;

/** Opens at the first use, and again when the browser closed the connection. */
function connection(name: string): () => Promise<Database> {
  let opened: Promise<Database> | null = null;
  const close = () => {
    void opened?.then((database) => {
      database.close();
    });
    opened = null;
  };
  return () => {
    opened ??= openDB<Schema>(name, VERSION, {
      upgrade: (database) => {
        for (const store of ['items', 'files', 'keys', 'leases'] as const) database.createObjectStore(store);
      },
      // A newer version of Myelon in another tab.
      blocking: close,
      terminated: () => {
        opened = null;
      },
    }).catch((error: unknown) => {
      opened = null;
      throw error;
    });
    return opened;
  };
}

/**
 * The key of this browser: made once, even when two tabs ask for the first time together. Asked for anew every time:
 * another tab may have signed out.
 */
async function sealingKey(database: Database): Promise<CryptoKey | null> {
  const known = await database.get('keys', KEY);
  if (known) return known;
  const made = await newSealingKey();
  const change = database.transaction('keys', 'readwrite', DURABLE);
  const there = await change.store.get(KEY);
  if (!there && made) await change.store.put(made, KEY);
  await change.done;
  return there ?? made;
}

async function addAll(
  database: Database,
  key: CryptoKey | null,
  entries: readonly OutboxEntry[],
): Promise<void> {
  const sealed = await Promise.all(
    entries.map(async ({ item, bytes }) => ({
      uid: item.sopInstanceUID,
      item: await sealedItem(key, item),
      file: await seal(key, item.sopInstanceUID, bytes),
    })),
  );
  const change = database.transaction(['items', 'files'], 'readwrite', DURABLE);
  try {
    await Promise.all(
      sealed.flatMap(({ uid, item, file }) => [
        change.objectStore('items').put(item, uid),
        change.objectStore('files').put(file, uid),
      ]),
    );
    await change.done;
  } catch (error) {
    await takeBack(change);
    throw isQuota(error) ? new Error('the storage of this browser is full') : error;
  }
}

/** All of a save or nothing. */
async function takeBack(change: { abort(): void; readonly done: Promise<void> }): Promise<void> {
  try {
    change.abort();
  } catch {
    // The browser has aborted it already.
  }
  await change.done.catch(() => undefined);
}

function isQuota(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError';
}

function sealedItem(key: CryptoKey | null, item: OutboxItem): Promise<Sealed> {
  return seal(key, itemName(item.sopInstanceUID), new TextEncoder().encode(JSON.stringify(item)));
}

const itemName = (uid: string) => `item ${uid}`;

async function listed(database: Database, key: CryptoKey | null): Promise<OutboxItem[]> {
  const reading = database.transaction('items');
  const [uids, values] = await Promise.all([reading.store.getAllKeys(), reading.store.getAll()]);
  return Promise.all(
    uids.map(async (uid, index) => {
      const sealed = values[index];
      try {
        if (!sealed) throw new Error('gone');
        return JSON.parse(new TextDecoder().decode(await open(key, itemName(uid), sealed))) as OutboxItem;
      } catch {
        return unreadable(uid);
      }
    }),
  );
}

/** Never hidden: the reader must know that something was here. */
function unreadable(sopInstanceUID: string): OutboxItem {
  return {
    sopInstanceUID,
    seriesInstanceUID: '',
    studyInstanceUID: '',
    sopClassUID: '',
    description: 'An object that cannot be read any more',
    target: { name: '', url: '' },
    group: sopInstanceUID,
    position: 0,
    queuedAt: '',
    attempts: 0,
    state: {
      kind: 'refused',
      at: '',
      why: 'the key it was encrypted with is not in this browser any more',
      whatToDo: 'discard it, and save the report of its study again',
    },
  };
}

function leaseBook(database: () => Promise<Database>): LeaseBook {
  return {
    take: async (holder, untilMs, nowMs) => {
      const change = (await database()).transaction('leases', 'readwrite');
      const held = await change.store.get(LEASE);
      const free = !held || held.holder === holder || held.untilMs <= nowMs;
      if (free) await change.store.put({ holder, untilMs }, LEASE);
      await change.done;
      return free;
    },
    giveBack: async (holder) => {
      const change = (await database()).transaction('leases', 'readwrite');
      if ((await change.store.get(LEASE))?.holder === holder) await change.store.delete(LEASE);
      await change.done;
    },
  };
}

/** Missing in pages without a secure connection and in Node. */
function webLocks(): LockManager | undefined {
  return (globalThis.navigator as Partial<Navigator> | undefined)?.locks;
}

function broadcastChannel(name: string): BroadcastChannel | undefined {
  // Node has one too, but a program must be able to end.
  return typeof document === 'undefined' ? undefined : new BroadcastChannel(name);
}
