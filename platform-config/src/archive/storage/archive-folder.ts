import { mkdir, open, readdir, rename, rm, unlink, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface FileKey {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
}

/** A file that is being received; it becomes part of the archive by `ArchiveFolder.publish`. */
export interface StagedFile {
  readonly path: string;
  readonly size: number;
}

async function syncFolder(path: string): Promise<void> {
  // Windows cannot open folders; its file systems log renames themselves.
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * The folder of the archive: `studies/<study>/<series>/<instance>.dcm`, and `incoming/` for files under way. A file
 * under `studies` is always whole, because it gets there by a rename of a file already on the disk.
 */
export class ArchiveFolder {
  private sequence = 0;

  private constructor(readonly root: string) {}

  static async open(root: string): Promise<ArchiveFolder> {
    const folder = new ArchiveFolder(root);
    await mkdir(folder.studies, { recursive: true });
    await mkdir(folder.incoming, { recursive: true });
    await syncFolder(root);
    await folder.removeLeftovers();
    return folder;
  }

  get studies(): string {
    return join(this.root, 'studies');
  }

  get incoming(): string {
    return join(this.root, 'incoming');
  }

  get journal(): string {
    return join(this.root, 'index.jsonl');
  }

  /** The UIDs have to be valid (`isUid`): they are parts of the path. */
  pathOf(key: FileKey): string {
    return join(this.studies, key.studyInstanceUID, key.seriesInstanceUID, `${key.sopInstanceUID}.dcm`);
  }

  /** Files a killed process left half received. Those of a living one (a second server on the folder) stay. */
  private async removeLeftovers(): Promise<void> {
    for (const name of await readdir(this.incoming)) {
      const pid = Number.parseInt(name, 10);
      if (pid === process.pid || !isAlive(pid)) await rm(join(this.incoming, name), { force: true });
    }
  }

  /** Writes `content` to a new file under `incoming` and flushes it to the disk. */
  async stage(content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<StagedFile> {
    const path = join(this.incoming, `${String(process.pid)}.${String(this.sequence++)}.part`);
    const handle = await open(path, 'wx');
    try {
      const size = await writeAll(handle, content);
      await handle.sync();
      return { path, size };
    } catch (error) {
      await unlink(path);
      throw error;
    } finally {
      await handle.close();
    }
  }

  async discard(staged: StagedFile): Promise<void> {
    await rm(staged.path, { force: true });
  }

  /**
   * Moves a staged file to its place. It survives a power cut only after `syncFolders` of what this returns.
   *
   * @returns folders whose content changed
   */
  async publish(staged: StagedFile, key: FileKey): Promise<readonly string[]> {
    const target = this.pathOf(key);
    const series = dirname(target);
    const created = await mkdir(series, { recursive: true });
    await rename(staged.path, target);
    // The name of a new folder stands in its parent.
    return created === undefined ? [series] : [series, dirname(series), this.studies];
  }

  async syncFolders(folders: Iterable<string>): Promise<void> {
    for (const folder of new Set(folders)) await syncFolder(folder);
  }
}

async function writeAll(
  handle: FileHandle,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<number> {
  let size = 0;
  for await (const chunk of content) {
    for (let written = 0; written < chunk.length;) {
      const { bytesWritten } = await handle.write(chunk, written, chunk.length - written);
      written += bytesWritten;
    }
    size += chunk.length;
  }
  return size;
}
