import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, truncate, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { ForPeople } from '../for-people';
import { auditEvent, type AuditedEvent } from './audit-event';

/** Each record holds the hash of the line before it, so that a line taken out or changed shows. */
const previousHash = 'urn:myelon:audit:previous-line-sha256';
const emptyHash = '0'.repeat(64);
const fileName = /^audit-\d{4}-\d{2}\.jsonl$/;

/** An append-only log: a file for every month, a FHIR AuditEvent on every line, readable by its owner alone. */
export class AuditLog {
  private last: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly folder: string,
    private readonly site: string,
    private hash: string,
  ) {}

  /**
   * @param site name of the site, as the observer in every record
   * @throws ForPeople when the folder cannot be written, or what is there was changed
   */
  static async open(folder: string, site: string): Promise<AuditLog> {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw new ForPeople(`The audit records cannot be written to ${folder}: ${String(error)}`);
    }
    await cutUnfinishedRecord(folder);
    const { fault, lastHash } = await checkAuditLog(folder);
    if (fault !== null) {
      throw new ForPeople(
        `The audit records are not as this server wrote them: ${fault}. Keep the folder ${folder} as it is, find out what happened, and start with an empty one.`,
      );
    }
    return new AuditLog(folder, site, lastHash);
  }

  /** Writes one record; when the promise resolves it survives a power cut. */
  append(event: AuditedEvent): Promise<void> {
    const done = this.last.then(async () => {
      const at = new Date();
      const record = auditEvent(event, at, this.site);
      const line = JSON.stringify({
        ...record,
        extension: [{ url: previousHash, valueString: this.hash }],
      });
      const file = await open(join(this.folder, `audit-${at.toISOString().slice(0, 7)}.jsonl`), 'a', 0o600);
      try {
        await writeWhole(file, `${line}\n`);
      } finally {
        await file.close();
      }
      this.hash = hashOf(line);
    });
    this.last = done.catch(() => undefined);
    return done;
  }
}

/** What a power cut left of a record whose request was never answered. */
async function cutUnfinishedRecord(folder: string): Promise<void> {
  const newest = (await auditFiles(folder)).at(-1);
  if (newest === undefined) return;
  const path = join(folder, newest);
  const bytes = await readFile(path);
  const end = bytes.lastIndexOf('\n') + 1;
  if (end < bytes.length) await truncate(path, end);
}

/** A line that did not get out whole is taken back: half a record would break the chain. */
async function writeWhole(file: FileHandle, text: string): Promise<void> {
  const { size } = await file.stat();
  try {
    await file.writeFile(text);
    await file.datasync();
  } catch (error) {
    await file.truncate(size);
    throw error;
  }
}

export interface AuditLogCheck {
  readonly records: number;
  /** The first place where the records do not follow from each other; null when all do. */
  readonly fault: string | null;
  readonly lastHash: string;
}

/** Reads all records in order and checks that each follows from the one before. */
export async function checkAuditLog(folder: string): Promise<AuditLogCheck> {
  const files = await auditFiles(folder);
  let lastHash = emptyHash;
  let records = 0;
  for (const name of files) {
    const text = await readFile(join(folder, name), 'utf8');
    const lines = text.split('\n');
    if (lines.pop() !== '') return { records, fault: `${name} ends inside a record`, lastHash };
    for (const [index, line] of lines.entries()) {
      if (hashNamedIn(line) !== lastHash) {
        const fault = `line ${String(index + 1)} of ${name} does not follow from the line before it`;
        return { records, fault, lastHash };
      }
      lastHash = hashOf(line);
      records += 1;
    }
  }
  return { records, fault: null, lastHash };
}

async function auditFiles(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => fileName.test(name)).sort();
}

function hashOf(line: string): string {
  return createHash('sha256').update(line).digest('hex');
}

function hashNamedIn(line: string): string | undefined {
  try {
    const record = JSON.parse(line) as { extension?: { url?: string; valueString?: string }[] };
    return record.extension?.find(({ url }) => url === previousHash)?.valueString;
  } catch {
    return undefined;
  }
}
