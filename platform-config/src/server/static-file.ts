import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

export type Encoding = 'br' | 'gzip';
export type Caching = 'immutable' | 'revalidate' | 'never';

/** One file as the server sends it, in every encoding it was prepared in. */
export interface StaticFile {
  readonly contentType: string;
  /** Strong, from a hash of the content: file times mean nothing in npm packages. */
  readonly etag: string;
  readonly caching: Caching;
  readonly identity: Representation;
  readonly encodings: Partial<Record<Encoding, Representation>>;
  /** Content security policy of this response, when it is not the page's own. */
  readonly contentSecurityPolicy?: string;
}

export interface Representation {
  /** Bytes. */
  readonly size: number;
  open(): Buffer | Readable;
}

const contentTypes: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

const compressible = new Set([
  '.css',
  '.html',
  '.js',
  '.json',
  '.map',
  '.mjs',
  '.svg',
  '.txt',
  '.wasm',
  '.ico',
]);
const smallestWorthCompressing = 860;

export function contentTypeOf(path: string): string {
  return contentTypes[extname(path).toLowerCase()] ?? 'application/octet-stream';
}

/** Names that carry a hash of the content never change their content. */
export function cachingOf(path: string): Caching {
  return /(^|[./-])[0-9a-f]{12,}\.\w+$/.test(path) ? 'immutable' : 'revalidate';
}

export function etagOf(content: Uint8Array | string): string {
  return `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
}

/** Compressed forms of a file; an encoding that saves nothing is left out. */
export async function compress(
  path: string,
  content: Buffer,
  brotliQuality: number,
): Promise<Partial<Record<Encoding, Buffer>>> {
  if (!compressible.has(extname(path).toLowerCase()) || content.length < smallestWorthCompressing) return {};
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(content, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: brotliQuality,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      },
    }),
    promisify(gzip)(content, { level: 7 }),
  ]);
  return {
    ...(br.length < content.length ? { br } : {}),
    ...(gz.length < content.length ? { gzip: gz } : {}),
  };
}

/** A file kept in memory, compressed now. */
export async function fileInMemory(
  path: string,
  content: Buffer | string,
  options: { caching?: Caching; contentSecurityPolicy?: string } = {},
): Promise<StaticFile> {
  const bytes = Buffer.from(content);
  const compressed = await compress(path, bytes, 5);
  return {
    contentType: contentTypeOf(path),
    etag: etagOf(bytes),
    caching: options.caching ?? cachingOf(path),
    identity: inMemory(bytes),
    encodings: {
      ...(compressed.br ? { br: inMemory(compressed.br) } : {}),
      ...(compressed.gzip ? { gzip: inMemory(compressed.gzip) } : {}),
    },
    ...(options.contentSecurityPolicy === undefined
      ? {}
      : { contentSecurityPolicy: options.contentSecurityPolicy }),
  };
}

function inMemory(bytes: Buffer): Representation {
  return { size: bytes.length, open: () => bytes };
}

export function onDisk(file: string, size: number): Representation {
  return { size, open: () => createReadStream(file) };
}
