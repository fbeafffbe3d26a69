import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** One part of an answer. Its bytes are read only when it is its turn. */
export interface Part {
  readonly contentType: string;
  /** Bytes that `content` gives. */
  readonly size: number;
  content(): AsyncIterable<Uint8Array>;
}

const crlf = '\r\n';

async function* encoded(
  parts: readonly Part[],
  heads: readonly Buffer[],
  close: Buffer,
): AsyncGenerator<Uint8Array> {
  for (const [index, part] of parts.entries()) {
    yield heads[index] ?? Buffer.alloc(0);
    yield* part.content();
    yield Buffer.from(crlf);
  }
  yield close;
}

/** Sends parts as multipart/related (RFC 2387) with the length known beforehand, so that a cut answer is noticed. */
export function sendMultipart(reply: FastifyReply, type: string, parts: readonly Part[]): FastifyReply {
  const boundary = randomUUID();
  const heads = parts.map((part) =>
    Buffer.from(`--${boundary}${crlf}Content-Type: ${part.contentType}${crlf}${crlf}`),
  );
  const close = Buffer.from(`--${boundary}--${crlf}`);
  const length = parts.reduce(
    (sum, part, index) => sum + part.size + (heads[index]?.length ?? 0) + 2,
    close.length,
  );
  return reply
    .header('content-type', `multipart/related; type="${type}"; boundary=${boundary}`)
    .header('content-length', length)
    .send(Readable.from(encoded(parts, heads, close), { objectMode: false }));
}

export function sendSingle(reply: FastifyReply, part: Part): FastifyReply {
  return reply
    .header('content-type', part.contentType)
    .header('content-length', part.size)
    .send(Readable.from(part.content(), { objectMode: false }));
}
