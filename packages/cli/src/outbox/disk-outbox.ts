import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutboxEntry, OutboxItem, OutboxStorage } from '@myelon/pipeline';

const LOCK = 'sending.lock';
/** A save that was being written when the program ended; it was never promised to anyone. */
const UNFINISHED = /\.unfinished$/;

/**
 * An outbox in a folder: one folder per save, one `<SOP Instance UID>.dcm` and `.json` per object. A save appears
 * whole or not at all: it is written and flushed under another name first.
 */
export function diskOutbox(folder: string): OutboxStorage {
  return {
    add: (entries) => addSave(folder, entries),
    list: async () => {
      const items: OutboxItem[] = [];
      for (const save of await savesIn(folder))
        for (const file of await readdir(join(folder, save)))
          if (file.endsWith('.json'))
            items.push(JSON.parse(await readFile(join(folder, save, file), 'utf8')) as OutboxItem);
      return items;
    },
    bytes: async (uid) => {
      const save = await saveOf(folder, uid);
      return save === null ? null : new Uint8Array(await readFile(join(save, `${uid}.dcm`)));
    },
    update: async (item) => {
      const save = await saveOf(folder, item.sopInstanceUID);
      if (save === null) return;
      const file = join(save, `${item.sopInstanceUID}.json`);
      await writeFlushed(`${file}.new`, JSON.stringify(item));
      await rename(`${file}.new`, file);
    },
    remove: async (uids) => {
      for (const uid of uids) {
        const save = await saveOf(folder, uid);
        if (save === null) continue;
        for (const ending of ['.json', '.dcm']) await rm(join(save, uid + ending), { force: true });
        if ((await readdir(save)).length === 0) await rm(save, { recursive: true });
      }
    },
    exclusively: (work) => withLock(folder, work),
  };
}

async function addSave(folder: string, entries: readonly OutboxEntry[]): Promise<void> {
  const group = entries[0]?.item.group;
  if (group === undefined) return;
  const unfinished = join(folder, `${group}.unfinished`);
  await mkdir(unfinished, { recursive: true });
  try {
    for (const { item, bytes } of entries) {
      await writeFlushed(join(unfinished, `${item.sopInstanceUID}.dcm`), bytes);
      await writeFlushed(join(unfinished, `${item.sopInstanceUID}.json`), JSON.stringify(item));
    }
    await rename(unfinished, join(folder, group));
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
}

async function writeFlushed(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function savesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !UNFINISHED.test(entry.name))
    .map(({ name }) => name);
}

async function saveOf(folder: string, uid: string): Promise<string | null> {
  for (const save of await savesIn(folder)) {
    const found = await stat(join(folder, save, `${uid}.dcm`)).catch(() => null);
    if (found) return join(folder, save);
  }
  return null;
}

/** One process at a time; the lock of a process that is gone is taken over. */
async function withLock<Value>(folder: string, work: () => Promise<Value>): Promise<Value | null> {
  await mkdir(folder, { recursive: true });
  const lock = join(folder, LOCK);
  if (!(await taken(lock))) return null;
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function taken(lock: string): Promise<boolean> {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      await writeFile(lock, String(process.pid), { flag: 'wx' });
      return true;
    } catch {
      const holder = Number(await readFile(lock, 'utf8').catch(() => ''));
      if (isRunning(holder)) return false;
      await rm(lock, { force: true });
    }
  }
  return false;
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
