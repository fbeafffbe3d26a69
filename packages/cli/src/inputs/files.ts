import { readdir, readFile, stat, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputRefused } from '@myelon/diffusion';

/** @throws InputRefused when the file cannot be read */
export async function readInputFile(path: string): Promise<Uint8Array> {
  try {
    const { buffer, byteOffset, byteLength } = await readFile(path);
    return new Uint8Array(buffer, byteOffset, byteLength);
  } catch (error) {
    throw refusalOfSystem(error, path, 'cannot be read', 'check the path and its permissions');
  }
}

/** @throws InputRefused when the file cannot be read */
export async function readTextFile(path: string): Promise<string> {
  return new TextDecoder().decode(await readInputFile(path));
}

/** @throws InputRefused when there is nothing at the path */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw refusalOfSystem(error, path, 'cannot be read', 'check the path and its permissions');
  }
}

/** Every file below a folder, in a stable order. Links are not followed. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((p, q) => (p.name < q.name ? -1 : 1));
  const nested = await Promise.all(
    entries.map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path);
      return entry.isFile() ? [path] : [];
    }),
  );
  return nested.flat();
}

/** @throws InputRefused when the folder cannot be made */
export async function makeOutputFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw refusalOfSystem(error, path, 'cannot be made', 'choose a folder you may write to with --out');
  }
}

/** @throws InputRefused when the file cannot be written */
export async function writeOutputFile(path: string, content: Uint8Array | string): Promise<void> {
  try {
    await writeFile(path, content);
  } catch (error) {
    throw refusalOfSystem(
      error,
      path,
      'cannot be written',
      'check space and permissions of the output folder',
    );
  }
}

function refusalOfSystem(error: unknown, path: string, what: string, whatToDo: string): InputRefused {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'there is nothing at this path',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EISDIR: 'it is a folder',
    ENOTDIR: 'part of the path is a file',
    EEXIST: 'a file is in the way',
    ENOSPC: 'the disk is full',
  };
  return new InputRefused(`${what} (${reasons[code] ?? code})`, path, whatToDo);
}
