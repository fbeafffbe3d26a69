import type { OutboxEntry, OutboxItem } from './outbox-item';

/** Keeps what is to be sent where it survives a reload or a crash. Every method rejects when it could not do it. */
export interface OutboxStorage {
  /** Keeps all entries or, when it fails, none. */
  add(entries: readonly OutboxEntry[]): Promise<void>;
  /** Every item, in no order. */
  list(): Promise<OutboxItem[]>;
  /** The file of an item; null when there is none. */
  bytes(sopInstanceUID: string): Promise<Uint8Array | null>;
  /** Replaces what is known of an item; the file stays. Nothing happens when the item is gone. */
  update(item: OutboxItem): Promise<void>;
  remove(sopInstanceUIDs: readonly string[]): Promise<void>;
  /** Lets go of the files of a save that has arrived whole; absent where files stay until the save is discarded. */
  removeFiles?(sopInstanceUIDs: readonly string[]): Promise<void>;
  /** Runs `work` unless another tab or process is sending from the same storage; then gives null at once. */
  exclusively<Value>(work: () => Promise<Value>): Promise<Value | null>;
  /** Called when another tab changed something. Returns the unsubscriber. */
  onChange?(listener: () => void): () => void;
}

/** Keeps nothing beyond this page or process. */
export function memoryOutbox(): OutboxStorage {
  const kept = new Map<string, OutboxEntry>();
  return {
    add: (entries) => {
      for (const entry of entries) kept.set(entry.item.sopInstanceUID, entry);
      return Promise.resolve();
    },
    list: () => Promise.resolve([...kept.values()].map(({ item }) => item)),
    bytes: (uid) => Promise.resolve(kept.get(uid)?.bytes ?? null),
    update: (item) => {
      const entry = kept.get(item.sopInstanceUID);
      if (entry) kept.set(item.sopInstanceUID, { ...entry, item });
      return Promise.resolve();
    },
    remove: (uids) => {
      for (const uid of uids) kept.delete(uid);
      return Promise.resolve();
    },
    exclusively: (work) => work(),
  };
}
