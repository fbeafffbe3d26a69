import { createHash } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { ForPeople } from '../for-people';
import type { Progress } from '../progress';
import { secondsSince } from '../progress';
import { fileInMemory, type StaticFile } from '../server/static-file';
import { runBuild } from './run-build';

export interface Plugins {
  /** By address: "/plugins/extension.js". */
  readonly files: ReadonlyMap<string, StaticFile>;
  /** Addresses of style sheets the page has to load. */
  readonly styles: readonly string[];
}

/** Everything the build reads. */
const sources = ['packages', 'extensions', 'modes', 'types'];
const sourceFiles = ['webpack.config.mjs', 'package-lock.json', 'tsconfig.json', '.swcrc'];
const entries = ['extension.js', 'mode.js'];

/**
 * The extension and the mode as ES modules, built when a source file changed since the last build, then read into
 * memory: a build that happens later does not disturb a running server.
 */
export async function preparePlugins(
  repository: string,
  folder: string,
  progress: Progress,
): Promise<Plugins> {
  const output = join(repository, 'dist', 'plugins');
  const stampFile = join(folder, 'plugins-built');
  const wanted = await hashSources(repository);
  const isCurrent = (await readFile(stampFile, 'utf8').catch(() => '')) === wanted;
  if (!isCurrent || !(await hasEntries(output))) {
    const start = performance.now();
    progress('plugins', 'building the extension and the mode');
    await runBuild(repository);
    if (!(await hasEntries(output))) {
      throw new ForPeople(`The build ended without ${entries.join(' and ')} in dist/plugins.`);
    }
    await mkdir(dirname(stampFile), { recursive: true });
    await writeFile(stampFile, wanted);
    progress('plugins', `built in ${secondsSince(start)}`);
  }
  return readPlugins(output);
}

async function hasEntries(output: string): Promise<boolean> {
  const names = await readdir(output).catch((): string[] => []);
  return entries.every((entry) => names.includes(entry));
}

async function readPlugins(output: string): Promise<Plugins> {
  const names = await filesIn(output);
  const files = await Promise.all(
    names
      .filter((name) => !name.endsWith('.LICENSE.txt'))
      .map(async (name) => {
        const path = `/plugins/${name}`;
        return [path, await fileInMemory(path, await readFile(join(output, name)))] as const;
      }),
  );
  const styles = ['extension.css', 'mode.css']
    .filter((name) => names.includes(name))
    .map((name) => `/plugins/${name}`);
  return { files: new Map(files), styles };
}

async function hashSources(repository: string): Promise<string> {
  const hash = createHash('sha256');
  const found = await Promise.all(sources.map((folder) => filesIn(join(repository, folder), folder)));
  for (const name of [...found.flat().filter((file) => !file.includes('.test.')), ...sourceFiles]) {
    const content = await readFile(join(repository, name)).catch(() => null);
    hash.update(`${name}\0`).update(content ?? 'absent');
  }
  return hash.digest('hex');
}

/** Paths below a folder with forward slashes, sorted; nothing from node_modules or dist inside it. */
async function filesIn(folder: string, prefix = ''): Promise<string[]> {
  const listed = await readdir(folder, { withFileTypes: true, recursive: true }).catch((): Dirent[] => []);
  return listed
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((name) => !/(^|\/)(node_modules|dist)\//.test(name))
    .map((name) => (prefix === '' ? name : `${prefix}/${name}`))
    .sort();
}
