import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { z } from 'zod';
import type { Progress } from '../progress';
import { secondsSince } from '../progress';
import { cachingOf, compress, contentTypeOf, etagOf, onDisk, type StaticFile } from '../server/static-file';
import { temporaryFolder } from '../temporary';
import { fetchViewer } from './fetch-viewer';
import { viewerPackage } from './package';
import { withoutEval } from './without-eval';

/** Raise it when the way of preparing changes: prepared viewers of older recipes are made anew. */
const recipe = 3;
const brotliQuality = 7;

const preparedFile = z.object({
  path: z.string(),
  size: z.number(),
  etag: z.string(),
  br: z.number().optional(),
  gzip: z.number().optional(),
  decodesImages: z.boolean(),
});
const preparedViewer = z.object({ recipe: z.literal(recipe), files: z.array(preparedFile) });
type PreparedFile = z.output<typeof preparedFile>;

export interface Viewer {
  /** Every file of the viewer by its address ("/app.bundle.css"). */
  readonly files: ReadonlyMap<string, StaticFile>;
  /** Addresses of the worker that decodes compressed images, which needs more freedom than the page. */
  readonly decodeWorkers: readonly string[];
  /** The viewer's own index.html. */
  readonly indexHtml: string;
}

/** The pinned viewer, fetched and compressed the first time, from `<folder>/viewer/<version>` ever after. */
export async function prepareViewer(folder: string, progress: Progress): Promise<Viewer> {
  const home = join(folder, 'viewer', viewerPackage.version);
  let files = await readPrepared(home);
  if (!files) {
    await fetchAndCompress(home, progress);
    files = await readPrepared(home);
    if (!files) throw new Error(`The viewer prepared in ${home} cannot be read back.`);
  }
  return {
    files: new Map(files.map((file) => [file.path, staticFile(home, file)])),
    decodeWorkers: files.filter((file) => file.decodesImages).map((file) => file.path),
    indexHtml: await readFile(join(home, 'files', 'index.html'), 'utf8'),
  };
}

async function readPrepared(home: string): Promise<PreparedFile[] | null> {
  const text = await readFile(join(home, 'files.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  const parsed = preparedViewer.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data.files : null;
}

async function fetchAndCompress(home: string, progress: Progress): Promise<void> {
  const start = performance.now();
  progress('viewer', `fetching OHIF ${viewerPackage.version} (50 MB, once)`);
  await mkdir(dirname(home), { recursive: true });
  const work = temporaryFolder(join(dirname(home), `preparing-${randomUUID()}`));
  await fetchViewer(join(work.path, 'package'));
  const fetched = secondsSince(start);
  progress('viewer', `compressing (fetched in ${fetched})`);
  await rename(join(work.path, 'package', 'dist'), join(work.path, 'files'));
  await rm(join(work.path, 'package'), { recursive: true });
  const files = await compressAll(join(work.path, 'files'), join(work.path, 'compressed'));
  await writeFile(join(work.path, 'files.json'), JSON.stringify({ recipe, files }));
  // Only a complete folder ever gets the final name.
  await rm(home, { recursive: true, force: true });
  await rename(work.path, home);
  work.forget();
  progress('viewer', `OHIF ${viewerPackage.version} prepared in ${secondsSince(start)}`);
}

async function compressAll(folder: string, output: string): Promise<PreparedFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
  const waiting = [...names];
  const done: PreparedFile[] = [];
  const worker = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      done.push(await compressOne(folder, output, name));
    }
  };
  await Promise.all([worker(), worker()]);
  return done.sort((a, b) => a.path.localeCompare(b.path));
}

async function compressOne(folder: string, output: string, name: string): Promise<PreparedFile> {
  const original = await readFile(join(folder, name));
  const content = withoutEval(name, original);
  if (content !== original) await writeFile(join(folder, name), content);
  const compressed = await compress(name, content, brotliQuality);
  for (const [encoding, bytes] of Object.entries(compressed)) {
    const target = join(output, `${name}.${encoding}`);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, bytes);
  }
  return {
    path: `/${name.split(sep).join('/')}`,
    size: content.length,
    etag: etagOf(content),
    ...(compressed.br ? { br: compressed.br.length } : {}),
    ...(compressed.gzip ? { gzip: compressed.gzip.length } : {}),
    decodesImages: isDecodeWorker(name, content),
  };
}

/**
 * The worker that decodes images holds the codecs, whose glue code calls `new Function`. Its name is a number
 * that changes with every build of the viewer; the main bundle holds the same code and must stay strict.
 */
function isDecodeWorker(name: string, content: Buffer): boolean {
  return (
    name.endsWith('.js') &&
    !name.startsWith('app.bundle') &&
    ['CharLSWASM', 'decodeTask', 'new Function'].every((mark) => content.includes(mark))
  );
}

function staticFile(home: string, file: PreparedFile): StaticFile {
  const compressed = (suffix: string, size: number) =>
    onDisk(join(home, 'compressed', `${file.path}.${suffix}`), size);
  return {
    contentType: contentTypeOf(file.path),
    etag: file.etag,
    caching: cachingOf(file.path),
    identity: onDisk(join(home, 'files', file.path), file.size),
    encodings: {
      ...(file.br === undefined ? {} : { br: compressed('br', file.br) }),
      ...(file.gzip === undefined ? {} : { gzip: compressed('gzip', file.gzip) }),
    },
  };
}
