import { extname } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caching, Encoding, StaticFile } from './static-file';

const cacheControl: Record<Caching, string> = {
  immutable: 'public, max-age=31536000, immutable',
  revalidate: 'no-cache',
  never: 'no-store',
};

/** A token in the address would be sent along with every DICOMweb request: it is taken out before the viewer sees it. */
const strippedParameter = 'token';

/** Serves the viewer. Addresses that are no file and look like none get the page, whose router knows them. */
export function serveStaticFiles(
  server: FastifyInstance,
  files: ReadonlyMap<string, StaticFile>,
  page: StaticFile,
): void {
  server.get('/*', async (request, reply) => {
    const url = new URL(request.url, 'http://here');
    const file = files.get(url.pathname);
    if (file) return send(request, reply, file);
    if (looksLikeAFile(url.pathname)) {
      return reply.code(404).type('text/plain; charset=utf-8').send(`Not found: ${url.pathname}\n`);
    }
    const clean = withoutToken(url);
    if (clean !== null) return reply.header('cache-control', 'no-store').redirect(clean, 302);
    return send(request, reply, page);
  });
}

function looksLikeAFile(path: string): boolean {
  return (
    /^\/(plugins|assets|customizations|dicom-web)(\/|$)/.test(path) || /^\.[a-z]+\d?$/.test(extname(path))
  );
}

function withoutToken(url: URL): string | null {
  const names = [...url.searchParams.keys()].filter((name) => name.toLowerCase() === strippedParameter);
  if (names.length === 0) return null;
  for (const name of names) url.searchParams.delete(name);
  // Two slashes at the start would lead to another host.
  return url.pathname.replace(/^\/+/, '/') + url.search;
}

async function send(request: FastifyRequest, reply: FastifyReply, file: StaticFile): Promise<FastifyReply> {
  const encoding = negotiate(request.headers['accept-encoding'], file);
  const representation = encoding ? (file.encodings[encoding] ?? file.identity) : file.identity;
  const etag = encoding ? file.etag.replace(/"$/, `-${encoding}"`) : file.etag;
  reply.header('cache-control', cacheControl[file.caching]);
  reply.header('vary', 'accept-encoding');
  if (file.caching !== 'never') reply.header('etag', etag);
  if (file.contentSecurityPolicy !== undefined) {
    reply.header('content-security-policy', file.contentSecurityPolicy);
  }
  if (file.caching !== 'never' && matches(request.headers['if-none-match'], etag))
    return reply.code(304).send();
  reply.type(file.contentType).header('content-length', representation.size);
  if (encoding) reply.header('content-encoding', encoding);
  // A stream opened for HEAD would never be read, nor closed.
  return request.method === 'HEAD' ? reply.send() : reply.send(representation.open());
}

/** The best prepared encoding the client takes; `q=0` means it does not. */
function negotiate(accept: string | string[] | undefined, file: StaticFile): Encoding | null {
  const offered = String(accept ?? '')
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => !/;\s*q=0(\.0*)?$/.test(part))
    .map((part) => part.split(';')[0]);
  for (const encoding of ['br', 'gzip'] as const) {
    if (file.encodings[encoding] && offered.includes(encoding)) return encoding;
  }
  return null;
}

function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const tags = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etag);
}
