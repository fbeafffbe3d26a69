import type { DicomJsonDataset } from '../dataset/dicom-json';
import { Tag } from '../dataset/tags';
import { bytesToBase64 } from '../dataset/base64';
import { SAMPLE_ENCODINGS, samplePart10, ascii, us } from '../dataset/sample-part10';
import { assembleVolume } from '../read/assemble-volume';
import { readDiffusionSeries } from '../read/diffusion-series';
import { classicHeader, element } from '../read/sample-series';
import { DicomWebClient } from './dicom-web-client';
import { JsonObjectSplitter } from './json-objects';
import { seriesHeaders } from './series-headers';
import { pixelsFromDicomWeb } from './web-pixels';

/** A series of 20 000 images on a server that makes every answer when it is asked for. */
const [SLICES, VOLUMES] = [20, 1000];
const BULK = bytesToBase64(new Uint8Array(3000));

function header(index: number): DicomJsonDataset {
  const [volume, slice] = [Math.floor(index / SLICES), index % SLICES];
  const angle = (volume * Math.PI) / VOLUMES;
  return classicHeader({
    instance: index + 1,
    z: 5 * slice,
    b: volume === 0 ? 0 : 800,
    ...(volume === 0 ? {} : { direction: [Math.cos(angle), Math.sin(angle), 0] }),
    more: { '00291020': { vr: 'OB', InlineBinary: BULK } },
  });
}

class LongSeries {
  inFlight = 0;
  mostInFlight = 0;
  asked = 0;
  onRequest: (() => void) | undefined;

  readonly fetch: typeof fetch = async (input, init) => {
    this.asked++;
    this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
    this.onRequest?.();
    await Promise.resolve();
    init?.signal?.throwIfAborted();
    this.inFlight--;
    const url = String(input as string);
    return url.endsWith('/metadata') ? this.metadata() : this.image(Number(url.split('.').at(-1)));
  };

  private metadata(): Response {
    let next = 0;
    const text = new TextEncoder();
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        const json = JSON.stringify(header(next));
        controller.enqueue(text.encode((next === 0 ? '[' : ',') + json));
        if (++next < SLICES * VOLUMES) return;
        controller.enqueue(text.encode(']'));
        controller.close();
      },
    });
    return new Response(body, { headers: { 'content-type': 'application/dicom+json' } });
  }

  private image(instance: number): Response {
    const bytes = samplePart10(
      [
        ['00080018', 'UI', ascii(`1.2.3.4.${String(instance)}`.padEnd(16, '\0'))],
        ['00280010', 'US', us(true, 2)],
        ['00280011', 'US', us(true, 2)],
        ['00280100', 'US', us(true, 16)],
        ['7FE00010', 'OW', us(true, instance, instance >> 16, 7, 7)],
      ],
      SAMPLE_ENCODINGS.explicitLittle,
    );
    return new Response(bytes.slice().buffer, { headers: { 'content-type': 'application/dicom' } });
  }
}

describe('a series of 20 000 images', () => {
  const server = new LongSeries();
  const client = new DicomWebClient({ baseUrl: 'http://pacs/dicom-web', fetch: server.fetch });
  let headers: DicomJsonDataset[] = [];

  test('headers arrive once, and without what is not needed', async () => {
    headers = await seriesHeaders(client, '1.2.3', '1.2.3.4');
    expect(server.asked).toBe(1);
    expect(headers).toHaveLength(SLICES * VOLUMES);
    // 80 MB of binary elements were sent; only the first image keeps its own.
    expect(headers.filter((one) => '00291020' in one)).toHaveLength(1);
    expect(headers.at(-1)?.[Tag.InstanceNumber]).toEqual(element('IS', SLICES * VOLUMES));
  }, 120_000);

  test('pixels go straight into place, a few requests at a time, and it can be stopped', async () => {
    const series = readDiffusionSeries(headers);
    expect(series.gradients.count).toBe(VOLUMES);
    const pixels = pixelsFromDicomWeb(client, '1.2.3', { inFlight: 4 });
    server.mostInFlight = 0;
    const seen: number[] = [];
    const { signal } = await assembleVolume(series, pixels, {
      scaled: true,
      onProgress: (fraction) => seen.push(fraction),
    });
    expect(server.mostInFlight).toBeLessThanOrEqual(4);
    expect(seen).toHaveLength(SLICES * VOLUMES);
    expect(seen.at(-1)).toBe(1);
    expect([signal[0], signal[4 * 777], signal.at(-4)]).toEqual([1, 778, SLICES * VOLUMES]);

    const control = new AbortController();
    const before = server.asked;
    server.onRequest = () => {
      if (server.asked === before + 50) control.abort(new Error('closed by the reader'));
    };
    const stopped = assembleVolume(series, pixels, { scaled: true, signal: control.signal });
    await expect(stopped).rejects.toThrow('closed by the reader');
    expect(server.asked).toBeLessThan(before + 60);
  }, 120_000);
});

describe('an answer in pieces', () => {
  const list = [{ a: 'x]}"\\', b: [{ c: [1, { d: 'ü€' }] }] }, {}, { e: null }];
  const bytes = new TextEncoder().encode(JSON.stringify(list));

  test.each([1, 2, 3, 7, bytes.length])('of %d bytes gives its objects', (size) => {
    const found: unknown[] = [];
    const splitter = new JsonObjectSplitter((text) => found.push(JSON.parse(text)));
    for (let at = 0; at < bytes.length; at += size) {
      expect(splitter.ended).toBe(false);
      splitter.push(bytes.subarray(at, at + size));
    }
    expect(splitter.ended).toBe(true);
    expect(found).toEqual(list);
  });
});
