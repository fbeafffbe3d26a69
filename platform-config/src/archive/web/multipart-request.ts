import { Dicer } from '@fastify/busboy';
import type { Readable } from 'node:stream';

/** The body is not what its Content-Type says: status 400. */
export class MalformedBody extends Error {
  override readonly name = 'MalformedBody';
}

/** The body is longer than the server takes: status 413. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
}

export interface RequestPart {
  /** Content-Type of the part, empty when it has none. */
  readonly contentType: string;
  readonly content: AsyncIterable<Uint8Array>;
}

/** Parts being taken care of at a time, while the body is read on. */
const partsAtOnce = 8;

interface Running<T> {
  /** Parts begun, by their delimiter. */
  readonly streams: Readable[];
  /** What becomes of parts whose headers were read. */
  readonly results: Promise<T>[];
  readonly unsettled: Set<Promise<T>>;
}

function startParts<T>(dicer: Dicer, handle: (part: RequestPart) => Promise<T>): Running<T> {
  const running: Running<T> = { streams: [], results: [], unsettled: new Set() };
  dicer.on('part', (stream) => {
    running.streams.push(stream);
    // Damage is reported by the parser itself; a part without a listener would end the process.
    stream.on('error', () => undefined);
    stream.on('header', (header: object) => {
      const { 'content-type': contentType = [] } = header as { 'content-type'?: string[] };
      const result = handle({ contentType: contentType[0] ?? '', content: stream });
      running.results.push(result);
      running.unsettled.add(result);
      const settled = () => running.unsettled.delete(result);
      result.then(settled, () => {
        settled();
        // Nobody reads it any more, yet the parser waits for its end.
        stream.resume();
      });
    });
  });
  return running;
}

/**
 * Reads a multipart body as it comes, handing each part to `handle`; slow handling slows the sender down.
 *
 * @returns what `handle` gave for each part, in order
 * @throws MalformedBody when the body is cut off, empty or not multipart, BodyTooLarge beyond `maxBytes`; what
 *   `handle` gave so far is then passed to `onAbandoned`
 */
export async function readMultipart<T>(
  body: Readable,
  boundary: string,
  maxBytes: number,
  handle: (part: RequestPart) => Promise<T>,
  onAbandoned: (result: T) => Promise<void>,
): Promise<T[]> {
  const dicer = new Dicer({ boundary });
  const { streams, results, unsettled } = startParts(dicer, handle);
  let isFinished = false;
  const ended = new Promise<void>((resolve, reject) => {
    dicer.on('finish', () => {
      isFinished = true;
      resolve();
    });
    dicer.on('error', (error) => {
      reject(new MalformedBody(error.message));
    });
  });
  // Awaited below, after the body; until then a failure must not count as unhandled.
  ended.catch(() => undefined);
  const write = async (chunk: Buffer) => {
    // What follows the closing boundary is to be ignored (RFC 2046 section 5.1.1).
    if (isFinished) return;
    const taken = new Promise<void>((resolve) =>
      dicer.write(chunk, () => {
        resolve();
      }),
    );
    // Dicer does not call back for a chunk in which the body ends while a part is still being read.
    await Promise.race([taken, ended]);
    while (unsettled.size > partsAtOnce) await Promise.race(unsettled);
  };
  try {
    await readBody(body, maxBytes, write);
    dicer.end();
    await ended;
    if (streams.length === 0) throw new MalformedBody('the body has no part');
    if (results.length < streams.length) throw new MalformedBody('a part has no headers');
    return await Promise.all(results);
  } catch (error) {
    dicer.destroy();
    // Whoever still waits for the rest of a part learns that it does not come.
    for (const stream of streams) stream.destroy(new Error('the body was given up'));
    for (const settled of await Promise.allSettled(results)) {
      if (settled.status === 'fulfilled') await onAbandoned(settled.value);
    }
    throw error;
  }
}

async function readBody(
  body: Readable,
  maxBytes: number,
  write: (chunk: Buffer) => Promise<void>,
): Promise<void> {
  let received = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    received += chunk.length;
    if (received > maxBytes) throw new BodyTooLarge(`the body has more than ${String(maxBytes)} bytes`);
    await write(chunk);
  }
}
