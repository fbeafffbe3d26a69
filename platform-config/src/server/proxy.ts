import { PassThrough, Readable } from 'node:stream';
import type { ReadableStream as WebStream } from 'node:stream/web';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { dicomWebPath } from '../site/app-config';
import type { SiteSource } from '../site/schema';
import type { SourceCredentials } from '../access/source-credentials';
import { rewriteAddresses } from './rewrite-addresses';

/** Only these go through; cookies and everything that names the browser's side of the connection stay here. */
const requestHeaders = ['accept', 'content-type', 'if-none-match', 'if-modified-since', 'range'];
const responseHeaders = [
  'content-type',
  'content-range',
  'accept-ranges',
  'etag',
  'last-modified',
  'cache-control',
  'expires',
  'retry-after',
  'warning',
  'www-authenticate',
];

interface Upstream {
  readonly source: SiteSource;
  readonly credentials: SourceCredentials;
}

/**
 * Makes a source of the site answer under our own origin. Bodies stream both ways. A PACS that is away is a 502
 * with a JSON body that says so; methods that change anything but by STOW do not go through.
 */
export async function registerProxy(
  server: FastifyInstance,
  source: SiteSource,
  credentials: SourceCredentials,
): Promise<void> {
  const upstream: Upstream = { source, credentials };
  await server.register(
    (scope, _options, done) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (_request, payload, parsed) => {
        parsed(null, payload);
      });
      scope.all('/*', { bodyLimit: Number.MAX_SAFE_INTEGER }, (request, reply) =>
        forward(upstream, request, reply),
      );
      done();
    },
    { prefix: dicomWebPath(source.name) },
  );
}

async function forward(
  upstream: Upstream,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { source } = upstream;
  const refused = refusal(source, request);
  if (refused) return reply.code(refused.status).send({ error: refused.error, source: source.name });
  const target = targetOf(source, request.url);
  if (!target)
    return reply.code(400).send({ error: 'The address leaves the DICOMweb root.', source: source.name });
  let answer: Response;
  try {
    answer = await ask(upstream, target, request, reply);
  } catch (error) {
    return reply.code(statusOf(error)).send({ error: awayMessage(source, error), source: source.name });
  }
  if (answer.status >= 300 && answer.status < 400 && answer.status !== 304) {
    await answer.body?.cancel();
    const where = answer.headers.get('location') ?? 'an unnamed address';
    const error = `${source.friendlyName} moved: ${source.url} redirects to ${where}. Put the new address into the site configuration.`;
    return reply.code(502).send({ error, source: source.name });
  }
  return passOn(source, answer, reply);
}

/** The answer of the PACS; credentials of ours that it no longer takes are renewed once. */
async function ask(
  upstream: Upstream,
  target: URL,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Response> {
  const answer = await askOnce(upstream, target, request, reply);
  // A body that was streamed is gone; whoever sent it tries again, then with new credentials.
  const mayRepeat = answer.status === 401 && upstream.credentials.renew() && request.method !== 'POST';
  if (!mayRepeat) return answer;
  await answer.body?.cancel();
  return askOnce(upstream, target, request, reply);
}

async function askOnce(
  { source, credentials }: Upstream,
  target: URL,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Response> {
  const authorization = await credentials.header(request.headers.authorization);
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  const body = request.method === 'POST' ? bodyOf(request) : null;
  const limit = setTimeout(() => {
    gone.abort(new TookTooLong(`no answer within ${String(source.timeoutSeconds)} s`));
  }, source.timeoutSeconds * 1000);
  try {
    return await fetch(target, {
      method: request.method,
      headers: headersFor(authorization, request),
      redirect: 'manual',
      signal: gone.signal,
      ...(body ? { body: body.stream, duplex: 'half' } : {}),
    } as unknown as RequestInit);
  } finally {
    clearTimeout(limit);
    body?.answered();
  }
}

class TookTooLong extends Error {}

function statusOf(error: unknown): number {
  return error instanceof TookTooLong ? 504 : 502;
}

/**
 * What the browser sends, as a stream of its own. A PACS may answer before it has read all, and then the rest still
 * has to be taken off the browser's connection: its next request waits behind it (RFC 9112, 9.3).
 */
function bodyOf(request: FastifyRequest): { stream: PassThrough; answered: () => void } {
  const stream = new PassThrough();
  // An unread rest is no error of ours, and the client going away is seen on the reply.
  stream.on('error', () => undefined);
  const sent = request.body as Readable;
  sent.pipe(stream);
  return {
    stream,
    answered: () => {
      if (stream.readableEnded) return;
      sent.unpipe(stream);
      sent.resume();
      stream.destroy();
    },
  };
}

/** The address at the PACS; null when dots in the path lead out of its DICOMweb root. */
function targetOf(source: SiteSource, url: string): URL | null {
  const root = new URL(`${source.url}/`);
  const target = new URL(source.url + url.slice(dicomWebPath(source.name).length));
  return target.origin === root.origin && target.pathname.startsWith(root.pathname) ? target : null;
}

function refusal(source: SiteSource, request: FastifyRequest): { status: number; error: string } | null {
  if (!['GET', 'HEAD', 'POST'].includes(request.method)) {
    return { status: 405, error: `${request.method} does not go through to ${source.friendlyName}.` };
  }
  if (request.method === 'POST' && !source.write) {
    return {
      status: 403,
      error: `${source.friendlyName} is for reading only at this site (site configuration, "write": false).`,
    };
  }
  if (request.method !== 'POST' && !source.read) {
    return {
      status: 403,
      error: `${source.friendlyName} is for writing only at this site (site configuration, "read": false).`,
    };
  }
  return null;
}

function headersFor(authorization: string | undefined, request: FastifyRequest): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of requestHeaders) {
    const value = request.headers[name];
    if (typeof value === 'string') headers[name] = value;
  }
  if (authorization !== undefined) headers['authorization'] = authorization;
  return headers;
}

function awayMessage(source: SiteSource, error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const why = cause instanceof Error && cause.message !== '' ? cause.message : code;
  return `${source.friendlyName} does not answer at ${source.url}${why ? ` (${why})` : ''}. Is it running and reachable from this server?`;
}

function passOn(source: SiteSource, answer: Response, reply: FastifyReply): FastifyReply {
  reply.code(answer.status);
  for (const name of responseHeaders) {
    const value = answer.headers.get(name);
    if (value !== null) reply.header(name, value);
  }
  // Patient data stay out of the browser's disk cache unless the PACS says otherwise.
  if (!answer.headers.has('cache-control')) reply.header('cache-control', 'no-store');
  if (!answer.body) return reply.send();
  const body = Readable.fromWeb(answer.body as WebStream);
  if (!/\b(json|xml)\b/.test(answer.headers.get('content-type') ?? '')) return reply.send(body);
  const rewritten = rewriteAddresses([source.url, ...source.answersAs], dicomWebPath(source.name));
  body.once('error', (error) => rewritten.destroy(error));
  return reply.send(body.pipe(rewritten));
}
