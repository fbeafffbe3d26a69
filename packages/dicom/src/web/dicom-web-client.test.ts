import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InputRefused } from '@myelon/diffusion';
import { ascii, joinBytes, SAMPLE_ENCODINGS, samplePart10 } from '../dataset/sample-part10';
import { DicomWebClient } from './dicom-web-client';
import { DicomWebError } from './dicom-web-error';

/** A server that answers as the test says; everything runs over real sockets. */
class ScriptedServer {
  private readonly server: Server;
  readonly requests: { method: string; url: string; headers: IncomingMessage['headers']; body: Buffer }[] =
    [];
  answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.end();

  constructor() {
    this.server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        this.requests.push({ method, url, headers, body: Buffer.concat(parts) });
        this.answer(request, response);
      });
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}/dicom-web`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const server = new ScriptedServer();
let baseUrl = '';
beforeAll(async () => {
  baseUrl = await server.start();
});
afterAll(() => server.stop());
beforeEach(() => {
  server.requests.length = 0;
});

const [STUDY, SERIES, SOP] = ['1.2.3', '1.2.3.4', '1.2.3.4.5'];
const file = samplePart10([['00080018', 'UI', ascii(`${SOP}\0`)]], SAMPLE_ENCODINGS.explicitLittle);

function answering(status: number, body: unknown, type = 'application/dicom+json'): void {
  const content = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  server.answer = (_, response) => response.writeHead(status, { 'content-type': type }).end(content);
}

function multipart(
  parts: readonly (readonly [type: string, body: Uint8Array])[],
  boundary = 'b0und',
): Uint8Array {
  const text = (value: string) => Uint8Array.from(Buffer.from(value, 'latin1'));
  return joinBytes(
    ...parts.flatMap(([type, body]) => [
      text(`--${boundary}\r\nContent-Type: ${type}\r\n\r\n`),
      body,
      text('\r\n'),
    ]),
    text(`--${boundary}--\r\n`),
  );
}

const client = () => new DicomWebClient({ baseUrl });

describe('searching', () => {
  test('gives data sets and passes parameters', async () => {
    answering(200, [{ '0020000D': { vr: 'UI', Value: [STUDY] } }]);
    const found = await client().searchStudies({ PatientName: 'A*', includefield: ['00081030', '00080061'] });
    expect(found).toHaveLength(1);
    expect(server.requests[0]?.url).toBe(
      '/dicom-web/studies?PatientName=A*&includefield=00081030&includefield=00080061',
    );
  });

  test('nothing found is an empty list, with 204 or an empty list', async () => {
    server.answer = (_, response) => response.writeHead(204).end();
    expect(await client().searchSeries(STUDY)).toEqual([]);
    answering(200, []);
    expect(await client().searchInstances(STUDY, SERIES)).toEqual([]);
  });

  test('asks for headers before every request', async () => {
    answering(200, []);
    let token = 0;
    const signedIn = new DicomWebClient({
      baseUrl,
      headers: () => ({ Authorization: `Bearer ${String(++token)}` }),
    });
    await signedIn.searchStudies();
    await signedIn.searchStudies();
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer 1', 'Bearer 2']);
  });

  test.each([
    [401, 'not-allowed', /sign-in/],
    [403, 'not-allowed', /may not/],
    [404, 'not-found', /not found/],
    [500, 'refused', /server failed/],
  ])('HTTP %s is a %s', async (status, problem, message) => {
    answering(status, '');
    const failed = client().seriesMetadata(STUDY, SERIES);
    await expect(failed).rejects.toBeInstanceOf(DicomWebError);
    await expect(failed).rejects.toMatchObject({
      problem,
      status,
      message: expect.stringMatching(message) as string,
    });
  });

  test('a page of HTML is not taken for an answer, and the query is not repeated in the message', async () => {
    answering(200, '<html>login</html>', 'text/html');
    const failed = client().searchStudies({ PatientID: 'SECRET' });
    await expect(failed).rejects.toMatchObject({ problem: 'unintelligible' });
    await expect(failed).rejects.toThrow(/^((?!SECRET).)*$/);
  });

  test('only UIDs become part of an address', async () => {
    await expect(async () => client().searchSeries('../../secrets')).rejects.toThrow(InputRefused);
    expect(server.requests).toHaveLength(0);
  });
});

describe('fetching objects and frames', () => {
  /** Holds what a boundary looks like, line breaks and dashes. */
  const tricky = joinBytes(
    ascii('\r\n--b0un\r\n--b0und'.slice(0, 12)),
    Uint8Array.of(13, 10, 45, 45, 0, 255),
  );

  test.each([
    ['quoted boundary', 'multipart/related; type="application/dicom"; boundary="b0und"'],
    ['plain boundary', 'multipart/related; boundary=b0und; type=application/dicom'],
    ['no boundary said', 'multipart/related; type="application/dicom"'],
  ])('an object comes back byte by byte, %s', async (_, type) => {
    answering(200, multipart([['application/dicom', tricky]]), type);
    expect(await client().instance(STUDY, SERIES, SOP)).toEqual(tricky);
  });

  test('an object that is not wrapped in multipart', async () => {
    answering(200, tricky, 'application/dicom');
    expect(await client().instance(STUDY, SERIES, SOP)).toEqual(tricky);
  });

  test('frames in order, with their transfer syntax', async () => {
    answering(
      200,
      multipart([
        ['application/octet-stream; transfer-syntax=1.2.840.10008.1.2.4.80', Uint8Array.of(1)],
        ['application/octet-stream', Uint8Array.of(2)],
      ]),
      'multipart/related; boundary=b0und',
    );
    const frames = await client().frames(STUDY, SERIES, SOP, [3, 5]);
    expect(server.requests[0]?.url).toMatch(/\/frames\/3,5$/);
    expect(frames.map(({ bytes, transferSyntaxUID }) => [...bytes, transferSyntaxUID])).toEqual([
      [1, '1.2.840.10008.1.2.4.80'],
      [2, '1.2.840.10008.1.2.1'],
    ]);
  });

  test('fewer frames than asked for, and answers cut off, are not used', async () => {
    answering(
      200,
      multipart([['application/octet-stream', Uint8Array.of(1)]]),
      'multipart/related; boundary=b0und',
    );
    await expect(client().frames(STUDY, SERIES, SOP, [1, 2])).rejects.toThrow(/1 frames where 2/);
    const whole = multipart([['application/dicom', tricky]]);
    answering(200, whole.subarray(0, whole.length - 6), 'multipart/related; boundary=b0und');
    await expect(client().instance(STUDY, SERIES, SOP)).rejects.toThrow(/cut off/);
  });
});

describe('storing', () => {
  const referenced = (uid: string, more: object = {}) => ({
    '00081199': { vr: 'SQ', Value: [{ '00081155': { vr: 'UI', Value: [uid] }, ...more }] },
  });
  const failed = (uid: string, reason: number) => ({
    '00081198': {
      vr: 'SQ',
      Value: [{ '00081155': { vr: 'UI', Value: [uid] }, '00081197': { vr: 'US', Value: [reason] } }],
    },
  });

  test('sends one object, whole, and believes an answer that names it', async () => {
    answering(200, referenced(SOP));
    expect(await client().store(file)).toEqual({ outcome: 'stored', sopInstanceUID: SOP, status: 200 });
    const [request] = server.requests;
    const boundary = /boundary=(\S+)/.exec(request?.headers['content-type'] ?? '')?.[1] ?? 'none';
    const text = request?.body.toString('latin1') ?? '';
    expect(text.split(`--${boundary}`)).toHaveLength(3);
    expect(request?.body.includes(Buffer.from(file))).toBe(true);
    expect(text.endsWith(`--${boundary}--\r\n`)).toBe(true);
  });

  test('a changed value is stored with a warning', async () => {
    answering(202, referenced(SOP, { '00081196': { vr: 'US', Value: [0xb000] } }));
    expect(await client().store(file)).toMatchObject({
      outcome: 'stored',
      warning: expect.stringMatching(/changed/) as string,
    });
  });

  test.each([
    ['200 with an empty answer', 200, '', true, /did not say/],
    ['200 with another object', 200, referenced('1.9'), true, /did not say/],
    ['202 with a failure', 202, failed(SOP, 0x0110), false, /processing failure \(0x0110/],
    ['409 with a duplicate', 409, failed(SOP, 0x0111), false, /there already/],
    ['409 without words', 409, '', false, /in conflict/],
    ['wrong SOP Class', 409, failed(SOP, 0xa901), false, /does not match its SOP Class/],
    ['SOP Class not supported', 409, failed(SOP, 0x0122), false, /does not take this kind/],
    ['not understood', 409, failed(SOP, 0xc001), false, /cannot understand/],
    ['out of resources', 409, failed(SOP, 0xa700), true, /out of resources/],
    ['401', 401, '', true, /sign-in/],
    ['403', 403, '', false, /may not/],
    ['413', 413, '', false, /too large/],
    ['503', 503, '', true, /not available/],
    ['507', 507, '', true, /full/],
    ['200 with a page of HTML', 200, '<html/>', true, /did not say/],
  ])('%s is not stored', async (_, status, body, mayRetry, reason) => {
    answering(status, body);
    expect(await client().store(file)).toMatchObject({
      outcome: 'refused',
      status,
      mayRetry,
      reason: expect.stringMatching(reason) as string,
    });
  });

  test('no server is its own outcome, and so is an answer that is lost', async () => {
    const nowhere = new DicomWebClient({ baseUrl: 'http://127.0.0.1:9/dicom-web' });
    expect(await nowhere.store(file)).toMatchObject({ outcome: 'unreachable', sopInstanceUID: SOP });
    server.answer = (_, response) => response.destroy();
    expect(await client().store(file)).toMatchObject({ outcome: 'unreachable', sopInstanceUID: SOP });
  });

  test('no answer in time is unreachable', async () => {
    server.answer = () => undefined;
    const impatient = new DicomWebClient({ baseUrl, timeoutMs: 50 });
    expect(await impatient.store(file)).toMatchObject({
      outcome: 'unreachable',
      reason: expect.stringMatching(/within 0.05 s/) as string,
    });
  });

  test('what is no DICOM object is not sent', async () => {
    await expect(client().store(new Uint8Array(10))).rejects.toThrow(InputRefused);
    expect(server.requests).toHaveLength(0);
  });
});

describe('many requests', () => {
  test('never more in flight than allowed, all answered', async () => {
    let open = 0;
    let most = 0;
    server.answer = (_, response) => {
      open++;
      most = Math.max(most, open);
      setTimeout(() => {
        open--;
        response.writeHead(200, { 'content-type': 'application/dicom+json' }).end('[]');
      }, 5);
    };
    const bounded = new DicomWebClient({ baseUrl, maxRequests: 3 });
    await Promise.all(Array.from({ length: 20 }, () => bounded.searchStudies()));
    expect(server.requests).toHaveLength(20);
    expect(most).toBe(3);
  });

  test('abort stops what runs and what waits, with the reason given, and the client goes on working', async () => {
    server.answer = () => undefined;
    const bounded = new DicomWebClient({ baseUrl, maxRequests: 1 });
    const control = new AbortController();
    const calls = Array.from({ length: 3 }, () => bounded.searchStudies({}, { signal: control.signal }));
    const outcomes = Promise.allSettled(calls);
    setTimeout(() => {
      control.abort(new Error('closed'));
    }, 20);
    for (const outcome of await outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { message: 'closed' } });
    expect(server.requests.length).toBeLessThanOrEqual(1);
    answering(200, []);
    expect(await bounded.searchStudies()).toEqual([]);
  });
});
