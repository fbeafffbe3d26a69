import {
  Agent,
  createServer,
  get,
  request as send,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { cervicalCordPhantom, phantomDicomFiles } from '@myelon/phantom';
import { audience, startLoginProvider } from '../support/login-provider';
import { describeNeeding } from '../support/needs';
import { needsOrthanc, startOrthanc, type RunningOrthanc } from '../support/orthanc';
import { startSite, type SiteServer } from '../support/site-server';
import { storeInstances } from '../support/store-instances';

function siteOf(source: Record<string, unknown>): Record<string, unknown> {
  return {
    name: 'Test',
    sources: [{ name: 'pacs', friendlyName: 'Test PACS', write: true, ...source }],
    defaultSource: 'pacs',
    resultsTo: source['write'] === false ? 'none' : 'same',
  };
}

describeNeeding('the proxy in front of a real Orthanc', [needsOrthanc()], () => {
  let orthanc: RunningOrthanc;
  let site: SiteServer;
  let root: string;
  const files = phantomDicomFiles(cervicalCordPhantom({ size: 'small' }), { encoding: 'enhanced' });

  beforeAll(async () => {
    orthanc = await startOrthanc({ password: 'secret' });
    site = await startSite(
      siteOf({ url: orthanc.dicomWebUrl, authorization: { from: 'environment', variable: 'PACS_HEADER' } }),
      { environment: { PACS_HEADER: orthanc.authorization! } },
    );
    root = `${site.url}/dicom-web/pacs`;
  }, 120_000);
  afterAll(async () => {
    await site.stop();
    await orthanc.stop();
  });

  test('stores, finds and gives back the same pixels, with a header the browser never has', async () => {
    expect((await fetch(`${orthanc.dicomWebUrl}/studies`)).status).toBe(401);
    await storeInstances(
      root,
      files.map((file) => file.bytes),
    );
    const studies = (await (await fetch(`${root}/studies`)).json()) as DicomJson[];
    expect(studies).toHaveLength(1);
    const study = value(studies[0]!, '0020000D');
    const series = (await (await fetch(`${root}/studies/${study}/series`)).json()) as DicomJson[];
    expect(series).toHaveLength(4);
    const path = `/studies/${study}/series/${value(series[0]!, '0020000E')}/metadata`;
    const [direct, proxied] = (await Promise.all([
      (
        await fetch(orthanc.dicomWebUrl + path, { headers: { authorization: orthanc.authorization! } })
      ).json(),
      (await fetch(root + path)).json(),
    ])) as [DicomJson[], DicomJson[]];
    expect(JSON.stringify(direct)).toContain(orthanc.dicomWebUrl);
    expect(JSON.stringify(proxied)).not.toContain(orthanc.rest);
    const bulk = proxied[0]!['7FE00010']!.BulkDataURI!;
    expect(bulk).toMatch(/^\/dicom-web\/pacs\/studies\//);
    const pixels = await fetch(site.url + bulk);
    expect(pixels.status).toBe(200);
    expect((await pixels.arrayBuffer()).byteLength).toBeGreaterThan(1000);
  }, 120_000);

  test('nothing but search, retrieve and store goes through', async () => {
    for (const method of ['DELETE', 'PUT', 'PATCH']) {
      expect({ method, status: (await fetch(`${root}/studies`, { method })).status }).toEqual({
        method,
        status: 405,
      });
    }
    // As bytes on the wire: fetch would resolve the dots itself.
    for (const dots of ['..', '%2e%2e', '.%2E']) {
      const answer = await rawStatus(site.url, `/dicom-web/pacs/${dots}/system`);
      expect({ dots, refused: answer >= 400 }).toEqual({ dots, refused: true });
    }
  });

  test('a PACS that goes away is said so, and works again when it is back', async () => {
    const away = await startSite(siteOf({ url: 'http://127.0.0.1:9/dicom-web' }));
    const answer = await fetch(`${away.url}/dicom-web/pacs/studies`);
    expect(answer.status).toBe(502);
    const { error } = (await answer.json()) as { error: string };
    expect(error).toContain('Test PACS');
    expect(error).toContain('http://127.0.0.1:9/dicom-web');
    await away.stop();
  });
});

describe('the proxy', () => {
  const seen: IncomingMessage[] = [];
  let answerWith: RequestListener = (_request, response) => response.end();
  let pacs: Server;
  let url: string;
  let sites: SiteServer[] = [];

  beforeAll(async () => {
    pacs = createServer((request, response) => {
      seen.push(request);
      answerWith(request, response);
    });
    await new Promise<void>((done) => pacs.listen(0, '127.0.0.1', done));
    url = `http://127.0.0.1:${String((pacs.address() as AddressInfo).port)}/dw`;
  });
  afterEach(async () => {
    await Promise.all(sites.map((site) => site.stop()));
    sites = [];
    seen.length = 0;
  });
  afterAll(() => {
    pacs.closeAllConnections();
    pacs.close();
  });

  async function rootOf(
    source: Record<string, unknown>,
    rest: Record<string, unknown> = {},
    environment: Record<string, string> = {},
  ): Promise<string> {
    const site = await startSite({ ...siteOf({ url, ...source }), ...rest }, { environment });
    sites.push(site);
    return `${site.url}/dicom-web/pacs`;
  }

  test("passes on neither cookies nor the browser's own Authorization, unless it is the login's", async () => {
    answerWith = (_request, response) => response.end('[]');
    const headers = {
      authorization: 'Bearer from-browser',
      cookie: 'session=1',
      accept: 'application/dicom+json',
    };
    await fetch(`${await rootOf({})}/studies`, { headers });
    expect(seen.at(-1)!.headers).not.toHaveProperty('authorization');
    expect(seen.at(-1)!.headers).not.toHaveProperty('cookie');
    expect(seen.at(-1)!.headers.accept).toBe('application/dicom+json');

    const fixed = { authorization: { from: 'environment', variable: 'HEADER' } };
    await fetch(`${await rootOf(fixed, {}, { HEADER: 'Basic abc' })}/studies`, { headers });
    expect(seen.at(-1)!.headers.authorization).toBe('Basic abc');

    const provider = await startLoginProvider();
    const login = { login: { authority: provider.issuer, clientId: audience } };
    const authorization = `Bearer ${await provider.token({ sub: 'anna', roles: ['myelon-read'] })}`;
    await fetch(`${await rootOf({ authorization: { from: 'viewer-login' } }, login)}/studies`, {
      headers: { ...headers, authorization },
    });
    expect(seen.at(-1)!.headers.authorization).toBe(authorization);
    await provider.stop();
  });

  test('leads addresses in answers back through itself, wherever a chunk ends', async () => {
    const long = 'x'.repeat(3000);
    const answer = JSON.stringify([
      {
        a: `${url}/studies/1`,
        long,
        b: 'https://pacs.hospital.example/dw/studies/2',
        c: `${url}2/studies/3`,
      },
    ]);
    answerWith = (_request, response) => {
      response.setHeader('content-type', 'application/dicom+json');
      // One write per 7 bytes cuts every address somewhere.
      for (let at = 0; at < answer.length; at += 7) response.write(answer.slice(at, at + 7));
      response.end();
    };
    const root = await rootOf({ answersAs: ['https://pacs.hospital.example/dw'] });
    expect(await (await fetch(`${root}/studies`)).json()).toEqual([
      { a: '/dicom-web/pacs/studies/1', long, b: '/dicom-web/pacs/studies/2', c: `${url}2/studies/3` },
    ]);
  });

  test('leaves bytes that are not JSON or XML alone', async () => {
    const body = Buffer.from(`--b\r\n${url}/studies/1\r\n\u0000\u00ff--b--`, 'latin1');
    answerWith = (_request, response) => {
      response.setHeader('content-type', 'multipart/related; type="application/octet-stream"; boundary=b');
      response.end(body);
    };
    const answer = await fetch(`${await rootOf({})}/studies/1/bulk`);
    expect(Buffer.from(await answer.arrayBuffer()).equals(body)).toBe(true);
  });

  test('passes on refusals of the PACS as they are', async () => {
    answerWith = (_request, response) => {
      response.writeHead(409, { 'content-type': 'application/dicom+json' });
      response.end('{"00081198":{"vr":"SQ","Value":[]}}');
    };
    const answer = await fetch(`${await rootOf({})}/studies`, { method: 'POST', body: 'x' });
    expect(answer.status).toBe(409);
    expect(await answer.json()).toEqual({ '00081198': { vr: 'SQ', Value: [] } });
  });

  test('a PACS that refuses a large object before it has read it does not hold up the next one', async () => {
    const root = await rootOf({});
    const oneConnection = new Agent({ keepAlive: true, maxSockets: 1 });
    for (const status of [403, 403, 200]) {
      answerWith = (request, response) => {
        const answer = () => response.writeHead(status).end();
        if (status === 403) answer();
        else request.resume().once('end', answer);
      };
      expect(await post(`${root}/studies`, Buffer.alloc(8_000_000), oneConnection)).toBe(status);
    }
    oneConnection.destroy();
  }, 20_000);

  test('does not store into a source that is for reading', async () => {
    const root = await rootOf({ write: false });
    const answer = await fetch(`${root}/studies`, { method: 'POST', body: 'x' });
    expect(answer.status).toBe(403);
    expect(seen).toHaveLength(0);
  });

  test('does not follow a redirect with its header, and says where the PACS went', async () => {
    answerWith = (_request, response) => {
      response.writeHead(301, { location: 'http://elsewhere.example/dicom-web/studies' });
      response.end();
    };
    const answer = await fetch(`${await rootOf({})}/studies`);
    expect(answer.status).toBe(502);
    expect(((await answer.json()) as { error: string }).error).toContain('http://elsewhere.example/');
  });

  test('a PACS that breaks off in the middle is not taken for a whole answer', async () => {
    answerWith = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': '100000' });
      response.write(Buffer.alloc(1000), () => response.destroy());
    };
    const answer = await fetch(`${await rootOf({})}/studies/1/frames/1`);
    await expect(answer.arrayBuffer()).rejects.toThrow();
  });

  test('a request the browser gives up is given up at the PACS', async () => {
    let closed: (() => void) | null = null;
    const gaveUp = new Promise<void>((resolve) => (closed = resolve));
    answerWith = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/octet-stream' });
      response.write(Buffer.alloc(1000));
      response.once('close', () => closed?.());
    };
    const abort = new AbortController();
    const answer = await fetch(`${await rootOf({})}/studies/1`, { signal: abort.signal });
    expect(answer.status).toBe(200);
    abort.abort();
    await gaveUp;
  });
});

type DicomJson = Record<string, { vr: string; Value?: unknown[]; BulkDataURI?: string }>;

function value(dataset: DicomJson, tag: string): string {
  return String(dataset[tag]?.Value?.[0]);
}

function post(url: string, body: Buffer, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    send(url, { method: 'POST', agent, headers: { 'content-type': 'application/dicom' } }, (response) => {
      response.resume().once('end', () => {
        resolve(response.statusCode ?? 0);
      });
    })
      .once('error', reject)
      .end(body);
  });
}

function rawStatus(origin: string, path: string): Promise<number> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    get({ hostname, port, path }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    }).once('error', reject);
  });
}
