import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Transform } from 'node:stream';

/** What a PACS in front of a real archive does to a request. */
export type Awkwardness =
  | { readonly kind: 'none' }
  /** Every STOW is answered with this status; reading works. */
  | { readonly kind: 'refuse-store'; readonly status: number }
  /** Every connection is cut. */
  | { readonly kind: 'away' }
  /** The archive gets the request, its answer is lost: this status without body comes instead. */
  | { readonly kind: 'answer-lost'; readonly status: number }
  /** 200 with this Failure Reason for the object, which is not passed on. */
  | { readonly kind: 'failed-sequence'; readonly reason: number }
  /** 200 and "stored", without passing the object on. */
  | { readonly kind: 'lie' }
  /** The connection is cut while the request is read. */
  | { readonly kind: 'cut-request' }
  /** The archive gets the request; the connection is cut in the middle of its answer. */
  | { readonly kind: 'cut-answer' }
  /** The archive gets the request, or not; no answer ever comes. */
  | { readonly kind: 'silent'; readonly passedOn: boolean }
  /** The answer comes in small pieces. */
  | { readonly kind: 'slow' }
  /** Request and answer crawl at 1 kB/s, as over a line that is all but down. */
  | { readonly kind: 'crawl' };

export interface AwkwardPacs {
  readonly dicomWebUrl: string;
  /** How requests are treated from now on. */
  behave(as: Awkwardness): void;
  /** How the next requests are treated, one each, before `behave` counts again. */
  behaveNext(moods: readonly Awkwardness[]): void;
  stop(): Promise<void>;
}

/** A real HTTP server that passes requests on to an archive, until it is told to fail. */
export async function startAwkwardPacs(archiveDicomWebUrl: string): Promise<AwkwardPacs> {
  const archive = new URL(archiveDicomWebUrl);
  let mood: Awkwardness = { kind: 'none' };
  let next: readonly Awkwardness[] = [];
  const server = createServer((incoming, answer) => {
    const [first, ...rest] = next;
    next = rest;
    treat(first ?? mood, archive, incoming, answer);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    dicomWebUrl: `http://127.0.0.1:${String(port)}${archive.pathname}`,
    behave: (as) => {
      mood = as;
    },
    behaveNext: (moods) => {
      next = moods;
    },
    stop: () =>
      new Promise((closed) => {
        server.close(() => {
          closed();
        });
        server.closeAllConnections();
      }),
  };
}

function treat(mood: Awkwardness, archive: URL, incoming: IncomingMessage, answer: ServerResponse): void {
  const isStore = incoming.method === 'POST';
  const instead = (status: number, body = 'made up by the test', type = 'text/plain') => {
    if (!answer.destroyed) answer.writeHead(status, { 'content-type': type }).end(body);
  };
  incoming.on('error', () => answer.destroy());
  if (mood.kind === 'away') incoming.socket.destroy();
  else if (mood.kind === 'cut-request') incoming.once('data', () => incoming.socket.destroy()).resume();
  else if (mood.kind === 'refuse-store' && isStore) {
    incoming.resume();
    instead(mood.status);
  } else if ((mood.kind === 'failed-sequence' || mood.kind === 'lie') && isStore)
    void readWhole(incoming).then((body) => {
      const uid = sopInstanceUIDIn(body);
      const reason = mood.kind === 'lie' ? null : mood.reason;
      instead(200, JSON.stringify(storeAnswer(uid, reason)), 'application/dicom+json');
    }, ignore);
  else if (mood.kind === 'silent' && !mood.passedOn) incoming.resume();
  else if (mood.kind === 'silent') passOn(archive, incoming, answer, (reply) => reply.resume());
  else if (mood.kind === 'answer-lost')
    passOn(archive, incoming, answer, (reply) => {
      reply.resume().once('end', () => {
        instead(mood.status, '');
      });
    });
  else if (mood.kind === 'cut-answer')
    passOn(archive, incoming, answer, (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.once('data', (chunk: Buffer) => {
        answer.write(chunk.subarray(0, chunk.length / 2), () => answer.destroy());
      });
      reply.once('end', () => answer.destroy());
    });
  else if (mood.kind === 'slow')
    passOn(
      archive,
      incoming,
      answer,
      (reply) => void readWhole(reply).then((body) => trickle(reply, body, answer), ignore),
    );
  else if (mood.kind === 'crawl')
    passOn(
      archive,
      incoming,
      answer,
      (reply) => {
        answer.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(oneKilobytePerSecond()).pipe(answer);
      },
      oneKilobytePerSecond(),
    );
  else passOn(archive, incoming, answer);
}

function oneKilobytePerSecond(): Transform {
  const piece = 128;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const next = (at: number) => {
        if (at >= chunk.length || this.destroyed) {
          done();
          return;
        }
        this.push(chunk.subarray(at, at + piece));
        setTimeout(next, piece, at + piece);
      };
      next(0);
    },
  });
}

const ignore = () => undefined;

function passOn(
  archive: URL,
  incoming: IncomingMessage,
  answer: ServerResponse,
  onReply = (reply: IncomingMessage) => {
    answer.writeHead(reply.statusCode ?? 502, reply.headers);
    reply.pipe(answer);
  },
  through?: Transform,
): void {
  const onward = request(
    {
      host: archive.hostname,
      port: archive.port,
      method: incoming.method ?? 'GET',
      path: incoming.url ?? '/',
      headers: incoming.headers,
    },
    (reply) => {
      reply.on('error', () => answer.destroy());
      onReply(reply);
    },
  );
  onward.on('error', () => answer.destroy());
  // A request that ends early must not leave the archive waiting for the rest.
  incoming.on('close', () => {
    if (!incoming.complete) onward.destroy();
  });
  (through ? incoming.pipe(through) : incoming).pipe(onward);
}

async function readWhole(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function trickle({ statusCode, headers }: IncomingMessage, body: Buffer, answer: ServerResponse) {
  answer.writeHead(statusCode ?? 502, headers);
  for (let at = 0, pieces = 0; at < body.length && !answer.destroyed; pieces++) {
    const end = pieces > 20 ? body.length : at + 256;
    answer.write(body.subarray(at, end));
    at = end;
    await new Promise((soon) => setTimeout(soon, 2));
  }
  answer.end();
}

/** SOP Instance UID (0008,0018) of the Explicit VR Little Endian object inside a multipart body. */
function sopInstanceUIDIn(body: Buffer): string {
  const at = body.indexOf(Buffer.from([0x08, 0x00, 0x18, 0x00, 0x55, 0x49]));
  const length = body.readUInt16LE(at + 6);
  return body
    .subarray(at + 8, at + 8 + length)
    .toString('latin1')
    .replace(/\0$/, '');
}

/** Answer to a STOW request (PS3.18 table I.2-1). */
function storeAnswer(uid: string, failureReason: number | null) {
  const named = { '00081155': { vr: 'UI', Value: [uid] } };
  return failureReason === null
    ? { '00081199': { vr: 'SQ', Value: [named] } }
    : { '00081198': { vr: 'SQ', Value: [{ ...named, '00081197': { vr: 'US', Value: [failureReason] } }] } };
}
