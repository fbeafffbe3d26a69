import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startLoginProvider, audience, type LoginProvider } from '../support/login-provider';
import { startSite, type SiteServer } from '../support/site-server';

interface Recorder {
  readonly url: string;
  /** Headers of every request that arrived. */
  readonly seen: IncomingHttpHeaders[];
  respond: (headers: IncomingHttpHeaders, response: ServerResponse) => void;
  readonly server: Server;
}

/** Listens where a PACS would and writes down what arrives: what crosses the wire is what counts here. */
async function recorder(): Promise<Recorder> {
  const seen: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    made.respond(request.headers, response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const made: Recorder = {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    seen,
    respond: (_headers, response) => {
      response.setHeader('content-type', 'application/dicom+json');
      response.end('[]');
    },
    server,
  };
  return made;
}

function stop({ server }: Recorder): Promise<void> {
  server.closeAllConnections();
  return new Promise((done) => {
    server.close(() => {
      done();
    });
  });
}

describe('credentials of several sources', () => {
  let provider: LoginProvider;
  let tokens: Recorder;
  let [first, second, third]: Recorder[] = [];
  let site: SiteServer;
  let person: string;
  let issued = 0;

  beforeAll(async () => {
    provider = await startLoginProvider();
    [tokens, first, second, third] = await Promise.all([recorder(), recorder(), recorder(), recorder()]);
    tokens.respond = (_headers, response) => {
      issued += 1;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ access_token: `token-${String(issued)}`, expires_in: 300 }));
    };
    const source = (name: string, url: string, authorization: Record<string, string>) => ({
      name,
      friendlyName: `PACS ${name}`,
      url: `${url}/dicom-web`,
      authorization,
      write: true,
      timeoutSeconds: 1,
    });
    site = await startSite(
      {
        name: 'Group',
        sources: [
          source('a', first!.url, { from: 'viewer-login' }),
          source('b', second!.url, {
            from: 'client-credentials',
            tokenUrl: `${tokens.url}/token`,
            clientId: 'gateway',
            secretVariable: 'SECRET_B',
          }),
          source('c', third!.url, { from: 'environment', variable: 'HEADER_C' }),
        ],
        defaultSource: 'a',
        login: { authority: provider.issuer, clientId: audience },
      },
      { environment: { SECRET_B: 'b/secret', HEADER_C: 'Basic c' } },
    );
    person = `Bearer ${await provider.token({ sub: 'anna', roles: ['myelon-read'] })}`;
  }, 300_000);
  afterAll(async () => {
    await site.stop();
    await Promise.all([tokens, first!, second!, third!].map(stop));
    await provider.stop();
  });

  const ask = (source: string) =>
    fetch(`${site.url}/dicom-web/${source}/studies`, {
      headers: { authorization: person, cookie: 'session=secret' },
    });

  test('each PACS sees its own and nothing else', async () => {
    for (const name of ['a', 'b', 'c', 'b']) expect((await ask(name)).status).toBe(200);
    await fetch(`${site.url}/myelon/sources`, { headers: { authorization: person } });
    expect(new Set(first!.seen.map((headers) => headers.authorization))).toEqual(new Set([person]));
    expect(new Set(second!.seen.map((headers) => headers.authorization))).toEqual(
      new Set(['Bearer token-1']),
    );
    expect(new Set(third!.seen.map((headers) => headers.authorization))).toEqual(new Set(['Basic c']));
    const asked = tokens.seen.map((headers) => headers.authorization);
    expect(asked).toEqual([`Basic ${Buffer.from('gateway:b%2Fsecret').toString('base64')}`]);
    for (const { seen } of [first!, second!, third!]) {
      expect(seen.every((headers) => headers.cookie === undefined)).toBe(true);
    }
  });

  test('a token that the PACS no longer takes is replaced within the request', async () => {
    second!.respond = (headers, response) => {
      response.statusCode = headers.authorization === 'Bearer token-2' ? 200 : 401;
      response.end('[]');
    };
    expect((await ask('b')).status).toBe(200);
    expect(issued).toBe(2);
  });

  test('one source slow, one refusing: the state of each is known and the others go on', async () => {
    first!.respond = () => undefined;
    third!.respond = (_headers, response) => {
      response.statusCode = 403;
      response.end();
    };
    const slow = await ask('a');
    expect(slow.status).toBe(504);
    expect(await slow.text()).toContain('PACS a does not answer');
    expect((await ask('b')).status).toBe(200);
    const answer = await fetch(`${site.url}/myelon/sources`, { headers: { authorization: person } });
    const states = (await answer.json()) as { name: string; state: string; why?: string }[];
    expect(states.map(({ name, state }) => `${name} ${state}`)).toEqual(['a away', 'b ready', 'c refusing']);
    expect(states[2]!.why).toBe('status 403');
  }, 30_000);

  test('a login that would reach two PACS is refused before anything starts', async () => {
    const source = (name: string) => ({
      name,
      friendlyName: name,
      url: `http://${name}.example/dicom-web`,
      write: true,
      authorization: { from: 'viewer-login' },
    });
    const twice = {
      name: 'Group',
      sources: [source('a'), source('b')],
      defaultSource: 'a',
      login: { authority: provider.issuer, clientId: audience },
    };
    await expect(startSite(twice)).rejects.toThrow(
      'sources[1].authorization: the login of a person would reach a and b',
    );
  });
});
