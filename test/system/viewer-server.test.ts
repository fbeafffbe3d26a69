import { createHash } from 'node:crypto';
import { get, type IncomingHttpHeaders } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { startSite, type SiteServer } from '../support/site-server';

const site = {
  name: 'Test site <1>',
  hosts: ['imaging.example.org'],
  sources: [{ name: 'archive', friendlyName: 'Archive', url: 'embedded', write: true }],
  defaultSource: 'archive',
};

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

let server: SiteServer;
let mainBundle: string;

/** Plain HTTP: nothing decompressed, no redirect followed, any Host header. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = get(server.url + path, { headers, method }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks),
        });
      });
    });
    request.once('error', reject);
  });
}

function directive(answer: Answer, name: string): string[] {
  const policy = String(answer.headers['content-security-policy']);
  const found = policy.split('; ').find((part) => part.startsWith(`${name} `));
  return found?.split(' ').slice(1) ?? [];
}

describe('the server of the viewer', () => {
  beforeAll(async () => {
    server = await startSite(site);
    const page = await ask('/');
    mainBundle = /src="(\/app\.bundle\.[0-9a-f]+\.js)"/.exec(page.body.toString())?.[1] ?? '';
  }, 300_000);
  afterAll(() => server.stop());

  test('the page and its configuration are never cached', async () => {
    for (const path of ['/', '/app-config.js', '/cervical-myelopathy/archive?StudyInstanceUIDs=1.2.3']) {
      const answer = await ask(path);
      expect({ path, status: answer.status, caching: answer.headers['cache-control'] }).toEqual({
        path,
        status: 200,
        caching: 'no-store',
      });
    }
  });

  test('any address of the viewer opens the page; a missing file is a 404, not the page', async () => {
    const deep = await ask('/viewer/archive?StudyInstanceUIDs=1.2.840.10008.5');
    expect(deep.headers['content-type']).toContain('text/html');
    expect(deep.body.toString()).toContain('<title>Test site &lt;1&gt;</title>');
    for (const path of ['/nothing.js', '/plugins/missing', '/assets/none.png', '/chunk.css', '/x/y.wasm']) {
      expect({ path, status: (await ask(path)).status }).toEqual({ path, status: 404 });
    }
  });

  test.each([
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ])('large files arrive compressed with %s and are the same bytes', async (encoding, decompress) => {
    const plain = await ask(mainBundle);
    const compressed = await ask(mainBundle, { 'accept-encoding': encoding });
    expect(compressed.headers['content-encoding']).toBe(encoding);
    expect(compressed.headers.vary).toContain('accept-encoding');
    expect(Number(compressed.headers['content-length'])).toBe(compressed.body.length);
    expect(compressed.body.length).toBeLessThan(plain.body.length / 4);
    expect(hash(decompress(compressed.body))).toBe(hash(plain.body));
  });

  test('an encoding the client refuses is not sent', async () => {
    const answer = await ask(mainBundle, { 'accept-encoding': 'br;q=0, identity' }, 'HEAD');
    expect(answer.headers['content-encoding']).toBeUndefined();
    expect(answer.body).toHaveLength(0);
  });

  test('files with a hash in their name are kept for good, others are asked for again', async () => {
    const hashed = await ask(mainBundle, {}, 'HEAD');
    expect(hashed.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const named = await ask('/app.bundle.css', {}, 'HEAD');
    expect(named.headers['cache-control']).toBe('no-cache');
    const again = await ask('/app.bundle.css', { 'if-none-match': String(named.headers.etag) });
    expect(again.status).toBe(304);
    expect(again.body).toHaveLength(0);
    const compressed = await ask('/app.bundle.css', {
      'if-none-match': String(named.headers.etag),
      'accept-encoding': 'br',
    });
    expect(compressed.status).toBe(200);
  });

  test('every answer isolates the origin and is strict about scripts', async () => {
    for (const path of [
      '/',
      mainBundle,
      '/missing.js',
      '/plugins/extension.js',
      '/dicom-web/archive/studies',
    ]) {
      const answer = await ask(path, {}, 'HEAD');
      expect(answer.headers).toMatchObject({
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
        'cross-origin-resource-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
      });
      const scripts = directive(answer, 'script-src');
      expect(scripts).toContain("'self'");
      expect(scripts).not.toContain("'unsafe-inline'");
      expect(scripts).not.toContain("'unsafe-eval'");
    }
  });

  test('every script written into the page has its hash in the policy', async () => {
    const answer = await ask('/');
    const inline = [...answer.body.toString().matchAll(/<script(?![^>]*\ssrc=)[^>]*>([^]*?)<\/script>/g)];
    expect(inline.length).toBeGreaterThan(0);
    for (const [, code] of inline) {
      const wanted = `'sha256-${createHash('sha256').update(code!).digest('base64')}'`;
      expect(directive(answer, 'script-src')).toContain(wanted);
    }
  });

  test('only the worker that decodes images may make code from text', async () => {
    const names = await ask(mainBundle);
    const numbered = [...names.body.toString().matchAll(/"?(\d+)"?: "([0-9a-f]{16})"/g)];
    const paths = new Set(numbered.map(([, name, digest]) => `/${name!}.bundle.${digest!}.js`));
    expect(paths.size).toBeGreaterThan(30);
    const free: string[] = [];
    for (const path of paths) {
      const answer = await ask(path);
      if (!directive(answer, 'script-src').includes("'unsafe-eval'")) continue;
      free.push(path);
      expect(answer.body.toString()).toContain('CharLSWASM');
    }
    expect(free).toHaveLength(1);
  });

  test('a token in the address is taken out before the viewer sees it', async () => {
    const answer = await ask('/viewer?StudyInstanceUIDs=1.2&Token=secret&token=other');
    expect(answer.status).toBe(302);
    expect(answer.headers.location).toBe('/viewer?StudyInstanceUIDs=1.2');
    const tricky = await ask('//evil.example/?token=x');
    expect(tricky.headers.location).not.toMatch(/^\/\//);
  });

  test('names this server is not known by get no answer', async () => {
    expect((await ask('/', { host: 'rebound.example.com' })).status).toBe(421);
    expect((await ask('/dicom-web/archive/studies', { host: 'rebound.example.com' })).status).toBe(421);
    expect((await ask('/', { host: 'imaging.example.org' })).status).toBe(200);
    expect((await ask('/', { host: 'localhost:3000' })).status).toBe(200);
  });

  test('patient data are not kept in caches', async () => {
    const answer = await ask('/dicom-web/archive/studies');
    expect(answer.status).toBeLessThan(300);
    expect(String(answer.headers['cache-control'])).toMatch(/no-store|private/);
  });
});

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
