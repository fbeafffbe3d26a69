import { rmSync } from 'node:fs';

const open = new Set<string>();

export interface TemporaryPath {
  readonly path: string;
  /** It got its final name, or is gone: nothing to remove any more. */
  forget(): void;
}

/** Registers a folder or file to be removed when the program ends, however it ends (but not when it is killed). */
export function temporaryFolder(path: string): TemporaryPath {
  open.add(path);
  return { path, forget: () => open.delete(path) };
}

/** Synchronous, so that it works in an exit handler. */
export function removeTemporaryFiles(): void {
  for (const path of open) rmSync(path, { recursive: true, force: true });
  open.clear();
}
