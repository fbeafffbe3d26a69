import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileSource } from '../part10/byte-source';
import { checkComplete } from '../part10/integrity';
import { openPart10 } from '../part10/part10-file';
import type { ArchiveFolder } from './archive-folder';
import type { ArchiveIndex } from './archive-index';
import { journalEntry, type IndexJournal, type JournalEntry } from './index-journal';
import { recordOf } from './instance-record';

const atOnce = 16;

export interface RestoreReport {
  /** Files known from the journal, unchanged since. */
  readonly fromJournal: number;
  /** Files that had to be read. */
  readonly read: number;
  /** Files under `studies` that are no readable DICOM: path relative to the archive folder, and why. */
  readonly unreadable: readonly { readonly file: string; readonly why: string }[];
}

async function* storedFiles(folder: ArchiveFolder): AsyncGenerator<string> {
  for (const study of await readdir(folder.studies, { withFileTypes: true })) {
    if (!study.isDirectory()) continue;
    for (const series of await readdir(join(folder.studies, study.name), { withFileTypes: true })) {
      if (!series.isDirectory()) continue;
      for (const name of await readdir(join(folder.studies, study.name, series.name))) {
        if (name.endsWith('.dcm')) yield join('studies', study.name, series.name, name);
      }
    }
  }
}

async function readEntry(folder: ArchiveFolder, file: string): Promise<JournalEntry> {
  const path = join(folder.root, file);
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const part10 = await openPart10(fileSource(handle, size));
    await checkComplete(part10);
    const record = recordOf(part10);
    if (folder.pathOf(record) !== path) throw new Error('its UIDs are not those of its file name');
    return await journalEntry(file, path, record);
  } finally {
    await handle.close();
  }
}

/**
 * Fills the index from what lies in the folder. The journal is believed only for files whose size and time of
 * modification are still the same; all others are read. Afterwards the journal says exactly what is there.
 */
export async function restoreIndex(
  folder: ArchiveFolder,
  journal: IndexJournal,
  index: ArchiveIndex,
): Promise<RestoreReport> {
  const known = await journal.read();
  const entries: JournalEntry[] = [];
  const unreadable: { file: string; why: string }[] = [];
  let fromJournal = 0;
  const take = async (file: string) => {
    const cached = known.get(file);
    const { size, mtimeMs } = await stat(join(folder.root, file));
    if (cached?.size === size && cached.modifiedMs === mtimeMs) {
      fromJournal++;
      entries.push(cached);
      return;
    }
    try {
      entries.push(await readEntry(folder, file));
    } catch (error) {
      unreadable.push({ file, why: String(error) });
    }
  };
  let batch: string[] = [];
  for await (const file of storedFiles(folder)) {
    batch.push(file);
    if (batch.length < atOnce) continue;
    await Promise.all(batch.map(take));
    batch = [];
  }
  await Promise.all(batch.map(take));
  // Which file came first decides what a study is called, so the order must be the same after every start.
  entries.sort((a, b) => a.modifiedMs - b.modifiedMs || (a.file < b.file ? -1 : 1));
  for (const entry of entries) index.add(entry.record);
  if (fromJournal !== known.size || entries.length !== fromJournal) await journal.rewrite(entries);
  return { fromJournal, read: entries.length - fromJournal, unreadable };
}
