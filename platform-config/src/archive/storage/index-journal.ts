import { createReadStream } from 'node:fs';
import { open, rename, stat, type FileHandle } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { InstanceRecord } from './instance-record';

/** One line of the journal: a file as it was when it was read. */
export interface JournalEntry {
  /** Layout of the lines; others are read again from the files. */
  readonly version: 1;
  /** Relative to the archive folder. */
  readonly file: string;
  readonly size: number;
  readonly modifiedMs: number;
  readonly record: InstanceRecord;
}

const version = 1;

function parsed(line: string): JournalEntry | undefined {
  try {
    const entry = JSON.parse(line) as Partial<JournalEntry> | null;
    return entry?.version === version && typeof entry.file === 'string' && entry.record
      ? (entry as JournalEntry)
      : undefined;
  } catch {
    // The process was killed while it wrote this line; the file itself is read instead.
    return undefined;
  }
}

/**
 * The index on disk: a line of JSON per stored file, appended as files come. It only saves reading all files at
 * the start; a line that does not fit its file any more is ignored, so nothing depends on it.
 */
export class IndexJournal {
  private constructor(
    private readonly path: string,
    private handle: FileHandle,
  ) {}

  static async open(path: string): Promise<IndexJournal> {
    return new IndexJournal(path, await open(path, 'a'));
  }

  /** Entries by file, the last line winning, in the order of the lines. */
  async read(): Promise<Map<string, JournalEntry>> {
    const entries = new Map<string, JournalEntry>();
    const lines = createInterface({
      input: createReadStream(this.path),
      crlfDelay: Number.POSITIVE_INFINITY,
    });
    for await (const line of lines) {
      const entry = parsed(line);
      if (entry) entries.set(entry.file, entry);
    }
    return entries;
  }

  async append(entries: readonly JournalEntry[]): Promise<void> {
    if (entries.length === 0) return;
    await this.handle.appendFile(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  }

  /** Replaces all lines. */
  async rewrite(entries: Iterable<JournalEntry>): Promise<void> {
    const temporary = `${this.path}.new`;
    const next = await open(temporary, 'w');
    try {
      let batch: string[] = [];
      for (const entry of entries) {
        batch.push(`${JSON.stringify(entry)}\n`);
        if (batch.length < 500) continue;
        await next.appendFile(batch.join(''));
        batch = [];
      }
      await next.appendFile(batch.join(''));
    } finally {
      await next.close();
    }
    await this.handle.close();
    await rename(temporary, this.path);
    this.handle = await open(this.path, 'a');
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

/** The entry of a file just read. `file` is relative to the archive folder, `path` is where it lies. */
export async function journalEntry(
  file: string,
  path: string,
  record: InstanceRecord,
): Promise<JournalEntry> {
  const { size, mtimeMs } = await stat(path);
  return { version, file, size, modifiedMs: mtimeMs, record };
}
