import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { BodyTooLarge, MalformedBody, readMultipart, type RequestPart } from './multipart-request';

const boundary = 'b';

function bodyOf(contents: readonly Buffer[]): Buffer {
  const parts = contents.flatMap((content) => [
    Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`),
    content,
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]);
}

function inChunks(body: Buffer, size: number): Readable {
  const chunks = Array.from({ length: Math.ceil(body.length / size) }, (_, index) =>
    body.subarray(index * size, (index + 1) * size),
  );
  return Readable.from(chunks, { objectMode: false });
}

async function collect({ content }: RequestPart): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const nothing = () => Promise.resolve();
const read = (body: Readable, maxBytes = 1e9) => readMultipart(body, boundary, maxBytes, collect, nothing);

describe('reading a multipart body', () => {
  // Line ends, dashes and the beginning of the boundary inside the data are data.
  const tricky = [
    Buffer.from('\r\n--'),
    Buffer.from('\r\n-\r\n--a--'),
    Buffer.from('-b-\r\n--'),
    Buffer.from([0, 13, 10]),
  ];

  it('gives the same parts however the body arrives', async () => {
    const body = bodyOf(tricky);
    for (let size = 1; size <= body.length; size++) {
      expect(await read(inChunks(body, size))).toEqual(tricky);
    }
  });

  it('gives parts of any size, many or few', async () => {
    const contents = [0, 1, 65_535, 65_536, 65_537, 1_000_000, 3].map((size) =>
      Buffer.alloc(size, size & 0xff),
    );
    for (const size of [1000, 65_536, 1_000_000]) {
      const parts = await read(inChunks(bodyOf(contents), size));
      expect(parts.map((part) => part.length)).toEqual(contents.map((content) => content.length));
      expect(parts.every((part, index) => part.equals(contents[index]!))).toBe(true);
    }
    const many = Array.from({ length: 3000 }, (_, index) => Buffer.from(String(index)));
    expect(await read(inChunks(bodyOf(many), 65_536))).toEqual(many);
  });

  it('slows the sender down while parts are being written', async () => {
    const contents = Array.from({ length: 40 }, () => Buffer.alloc(100_000, 1));
    let sent = 0;
    let ahead = 0;
    let written = 0;
    async function* sender() {
      for (let at = 0, body = bodyOf(contents); at < body.length; at += 65_536) {
        const chunk = body.subarray(at, at + 65_536);
        sent += chunk.length;
        ahead = Math.max(ahead, sent - written);
        yield await Promise.resolve(chunk);
      }
    }
    const slow = async ({ content }: RequestPart) => {
      for await (const chunk of content) {
        await wait(2);
        written += chunk.length;
      }
    };
    await readMultipart(Readable.from(sender(), { objectMode: false }), boundary, 1e9, slow, nothing);
    expect(written).toBe(4_000_000);
    expect(ahead).toBeLessThan(1_000_000);
  });

  it('refuses every body that is cut off, and hands back what came before', async () => {
    const body = bodyOf(tricky);
    // Only the line end behind the closing boundary may be missing.
    for (let length = 0; length < body.length - 2; length++) {
      const abandoned: Buffer[] = [];
      const keep = (part: Buffer) => {
        abandoned.push(part);
        return nothing();
      };
      const cut = readMultipart(inChunks(body.subarray(0, length), 16), boundary, 1e9, collect, keep);
      await expect(cut).rejects.toThrow(MalformedBody);
      expect(abandoned.length).toBeLessThanOrEqual(tricky.length);
    }
  });

  it('refuses a part without headers', async () => {
    const body = Buffer.concat([Buffer.from('--b\r\nContent-Type: application/dicom\r\n'), bodyOf(tricky)]);
    await expect(read(inChunks(body, 50))).rejects.toThrow(MalformedBody);
  });

  it('gives up when the sender goes away inside a part', async () => {
    async function* sender() {
      yield await Promise.resolve(bodyOf([Buffer.alloc(200_000)]).subarray(0, 100_000));
      throw new Error('connection lost');
    }
    await expect(read(Readable.from(sender(), { objectMode: false }))).rejects.toThrow('connection lost');
  });

  it('refuses a body over the limit', async () => {
    await expect(read(inChunks(bodyOf([Buffer.alloc(1000)]), 100), 500)).rejects.toThrow(BodyTooLarge);
  });

  it('passes on what handling a part throws', async () => {
    const failing = () => Promise.reject(new Error('disk full'));
    const reading = readMultipart(inChunks(bodyOf(tricky), 50), boundary, 1e9, failing, nothing);
    await expect(reading).rejects.toThrow('disk full');
  });
});
