import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a PACS in front of a real archive does to the next requests. */
export type Awkwardness =
  | { readonly kind: 'none' }
  /** Every STOW is answered with this status; reading works. */
  | { readonly kind: 'refuse-store'; readonly status: number }
  /** Every connection is cut. */
  | { readonly kind: 'away' };

export interface AwkwardPacs {
  readonly dicomWebUrl: string;
  behave(as: Awkwardness): void;
  stop(): Promise<void>;
}

/** A real HTTP server that passes requests on to an archive, until it is told to fail. */
export async function startAwkwardPacs(archiveDicomWebUrl: string): Promise<AwkwardPacs> {
  const archive = new URL(archiveDicomWebUrl);
  let mood: Awkwardness = { kind: 'none' };
  const server = createServer((incoming, answer) => {
    if (mood.kind === 'away') incoming.socket.destroy();
    else if (mood.kind === 'refuse-store' && incoming.method === 'POST') {
      incoming.resume();
      answer.writeHead(mood.status, { 'content-type': 'text/plain' }).end('refused by the test');
    } else passOn(archive, incoming, answer);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    dicomWebUrl: `http://127.0.0.1:${String(port)}${archive.pathname}`,
    behave: (as) => {
      mood = as;
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

function passOn(archive: URL, incoming: IncomingMessage, answer: ServerResponse): void {
  const onward = request(
    {
      host: archive.hostname,
      port: archive.port,
      method: incoming.method ?? 'GET',
      path: incoming.url ?? '/',
      headers: incoming.headers,
    },
    (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(answer);
    },
  );
  onward.on('error', () => answer.destroy());
  incoming.pipe(onward);
}
