import { open } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileSource } from '../part10/byte-source';
import { MalformedDataSet } from '../part10/data-set-reader';
import { checkComplete } from '../part10/integrity';
import { openPart10, uidOf } from '../part10/part10-file';
import { ArchiveFolder, type FileKey, type StagedFile } from './archive-folder';
import { ArchiveIndex } from './archive-index';
import { IndexJournal, journalEntry } from './index-journal';
import { recordOf, type InstanceRecord } from './instance-record';
import { restoreIndex, type RestoreReport } from './restore-index';
import { haveSameContent, type OpenedFile } from './same-content';
import { failureReasons, type StoreOutcome } from './store-outcome';

const examinedAtOnce = 8;

interface Examined {
  readonly staged: StagedFile;
  readonly record: InstanceRecord;
}

type Failure = Extract<StoreOutcome, { status: 'failed' }>;

function missing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
}

/** Opens a file for as long as `use` runs. */
export async function withFile<T>(path: string, use: (file: OpenedFile) => Promise<T>): Promise<T> {
  const handle = await open(path, 'r');
  try {
    const bytes = fileSource(handle, (await handle.stat()).size);
    return await use({ bytes, part10: await openPart10(bytes) });
  } finally {
    await handle.close();
  }
}

/** Files on disk and the index over them. Nothing counts as stored before it is flushed to the disk. */
export class ArchiveStore {
  /** Tail of the queue of commits: one at a time, so that two requests cannot both claim a SOP Instance UID. */
  private committing: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly folder: ArchiveFolder,
    private readonly journal: IndexJournal,
    readonly index: ArchiveIndex,
    readonly restored: RestoreReport,
  ) {}

  /** Opens the archive in a folder, creating it when it is not there. */
  static async open(root: string): Promise<ArchiveStore> {
    const folder = await ArchiveFolder.open(root);
    const journal = await IndexJournal.open(folder.journal);
    const index = new ArchiveIndex();
    const restored = await restoreIndex(folder, journal, index);
    return new ArchiveStore(folder, journal, index, restored);
  }

  /** Waits for commits under way. */
  async close(): Promise<void> {
    await this.committing;
    await this.journal.close();
  }

  stage(content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<StagedFile> {
    return this.folder.stage(content);
  }

  /**
   * Takes staged files into the archive. When it returns, what it calls stored survives a power cut.
   *
   * @param studyInstanceUID the only study the files may belong to, when given
   * @returns an outcome per file, in order
   */
  commit(staged: readonly StagedFile[], studyInstanceUID?: string): Promise<StoreOutcome[]> {
    const result = this.committing.then(() => this.commitNow(staged, studyInstanceUID));
    this.committing = result.catch(() => undefined);
    return result;
  }

  private async commitNow(staged: readonly StagedFile[], studyInstanceUID?: string): Promise<StoreOutcome[]> {
    const outcomes: StoreOutcome[] = [];
    const changedFolders: string[] = [];
    const published = new Map<string, InstanceRecord>();
    for (let at = 0; at < staged.length; at += examinedAtOnce) {
      const batch = staged.slice(at, at + examinedAtOnce);
      const examined = await Promise.all(batch.map((file) => examine(file, studyInstanceUID)));
      for (const one of examined) {
        outcomes.push('status' in one ? one : await this.publish(one, published, changedFolders));
      }
      const leftOver = batch.filter((_, index) => outcomes[at + index]?.status !== 'stored');
      await Promise.all(leftOver.map((file) => this.folder.discard(file)));
    }
    await this.folder.syncFolders(changedFolders);
    const entries = [];
    for (const record of published.values()) {
      this.index.add(record);
      const path = this.folder.pathOf(record);
      entries.push(await journalEntry(relative(this.folder.root, path), path, record));
    }
    await this.journal.append(entries);
    return outcomes;
  }

  /** Moves one examined file to its place, unless its SOP Instance UID is taken. */
  private async publish(
    { staged, record }: Examined,
    published: Map<string, InstanceRecord>,
    changedFolders: string[],
  ): Promise<StoreOutcome> {
    const { studyInstanceUID, seriesInstanceUID, sopInstanceUID, sopClassUID } = record;
    const identity = { studyInstanceUID, seriesInstanceUID, sopInstanceUID, sopClassUID };
    const known: FileKey | undefined = this.index.instance(sopInstanceUID) ?? published.get(sopInstanceUID);
    const isSame = await isSameContent(staged, this.folder.pathOf(known ?? record));
    if (isSame === false) {
      const message = 'an instance with this SOP Instance UID and other content is stored already';
      return {
        status: 'failed',
        reason: failureReasons.duplicateSopInstance,
        message,
        sopInstanceUID,
        sopClassUID,
      };
    }
    if (known && isSame) return { status: 'already-stored', ...identity };
    // A whole file the index does not know is left from a commit that failed half way: index it now.
    published.set(sopInstanceUID, record);
    if (isSame) return { status: 'already-stored', ...identity };
    changedFolders.push(...(await this.folder.publish(staged, record)));
    return { status: 'stored', ...identity };
  }
}

/**
 * Whether what lies at `path` has the content of the staged file; undefined when nothing does, or only a file
 * that was damaged after it was stored, which the staged one may replace.
 */
async function isSameContent(staged: StagedFile, path: string): Promise<boolean | undefined> {
  try {
    return await withFile(path, async (existing) => {
      await checkComplete(existing.part10);
      return withFile(staged.path, (incoming) => haveSameContent(existing, incoming));
    });
  } catch (error) {
    if (missing(error) || error instanceof MalformedDataSet) return undefined;
    throw error;
  }
}

async function examine(staged: StagedFile, studyInstanceUID?: string): Promise<Examined | Failure> {
  let known: { sopInstanceUID?: string; sopClassUID?: string } = {};
  try {
    return await withFile(staged.path, async ({ part10 }) => {
      const sopInstanceUID = uidOf(part10.header, part10.elements, '00080018');
      const sopClassUID = uidOf(part10.header, part10.elements, '00080016');
      known = { ...(sopInstanceUID && { sopInstanceUID }), ...(sopClassUID && { sopClassUID }) };
      const record = recordOf(part10);
      await checkComplete(part10);
      if (studyInstanceUID === undefined || record.studyInstanceUID === studyInstanceUID)
        return { staged, record };
      const message = `belongs to study ${record.studyInstanceUID}`;
      return { status: 'failed', reason: failureReasons.processingFailure, message, ...known } as const;
    });
  } catch (error) {
    if (!(error instanceof MalformedDataSet)) throw error;
    return { status: 'failed', reason: failureReasons.cannotUnderstand, message: error.message, ...known };
  }
}
