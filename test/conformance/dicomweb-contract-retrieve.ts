import type { DicomJsonDataset } from '@myelon/dicom';
import {
  deflated,
  explicitBigEndian,
  explicitLittleEndian,
  identifiers,
  imageAttributes,
  implicitLittleEndian,
  part10,
  smallImage,
} from './dicomweb-contract-files';
import { found, getJson, retrieve, store } from './dicomweb-contract-client';
import type { RunningServer, ServerUnderTest } from './dicomweb-contract-servers';

const asStored = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';
const csaHeader = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7) % 251));

const metadataImage = smallImage(1, 1, 1, {
  '00080008 CS': 'ORIGINAL\\PRIMARY\\\\DIFFUSION',
  '00081140 SQ': { items: [{ '00081155 UI': '2.25.7', '00291010 OB': csaHeader }, {}] },
  '00180050 DS': ' 5.0',
  '00189087 FD': [1000.5],
  '00200032 DS': '-1.5\\2.25\\1e-3',
  '00290010 LO': 'VENDOR',
  '00291001 OB': Buffer.from([1, 2, 3, 4]),
  '00291002 FL': [0.1],
  '00291010 OB': csaHeader,
  '00400260 SQ': { items: [] },
});

const segmentationBits = Buffer.from(Array.from({ length: 14 }, (_, index) => (index * 37 + 11) & 0xff));
const segmentation = part10({
  ...identifiers(2, 1, 1),
  '00080016 UI': '1.2.840.10008.5.1.4.1.1.66.4',
  '00080060 CS': 'SEG',
  ...imageAttributes(5, 7, 1),
  '00280008 IS': '3',
  '7FE00010 OB': segmentationBits,
});

const floats = [0.5, -1.5, 2, 3.25, 1e-6, 5, 6, 7, 8, 9, 10, 12.5];
const parametricMap = part10({
  ...identifiers(3, 1, 1),
  '00080016 UI': '1.2.840.10008.5.1.4.1.1.30',
  '00080060 CS': 'MR',
  ...imageAttributes(2, 3, 32),
  '00280008 IS': '2',
  '7FE00008 OF': floats,
});

const pixelsOf = (values: readonly number[]) => Buffer.from(Uint16Array.from(values).buffer);
const multiframePixels = Array.from({ length: 5 * 12 }, (_, index) => index * 13);
function multiframeAs(study: number, transferSyntax: string): Buffer {
  const elements = { ...identifiers(study, 1, 1), ...imageAttributes(3, 4), '00280008 IS': '5' };
  return part10({ ...elements, '7FE00010 OW': multiframePixels }, transferSyntax);
}
const multiframe = multiframeAs(4, explicitLittleEndian);

/** Three frames; the second has two fragments. Not decodable, which transport must not need. */
const fragments = [10, 20, 31, 40].map((length, at) => Buffer.alloc(length + (length % 2), at + 1));
const compressed = part10(
  {
    ...identifiers(5, 1, 1),
    ...imageAttributes(4, 6),
    '00280008 IS': '3',
    '7FE00010 OB': { fragments, offsets: [0, 18, 18 + 28 + 40] },
  },
  '1.2.840.10008.1.2.4.80',
);
const compressedFrames = [fragments[0], Buffer.concat([fragments[1]!, fragments[2]!]), fragments[3]];

const instanceUrl = (root: string, study: number) =>
  `${root}/studies/2.25.${study}/series/2.25.${study}.1/instances/2.25.${study}.1.1`;

function describeMetadata(root: () => string, { differences }: ServerUnderTest): void {
  let metadata: DicomJsonDataset;
  beforeAll(async () => {
    metadata =
      (await getJson(root(), '/studies/2.25.1/series/2.25.1.1/instances/2.25.1.1.1/metadata'))[0] ?? {};
  });

  it('gives metadata of a study, a series and an instance', async () => {
    expect(await found(root(), '/studies/2.25.1/metadata', '00080018')).toEqual(['2.25.1.1.1', '2.25.1.1.2']);
    const series = '/studies/2.25.1/series/2.25.1.1';
    expect(await found(root(), `${series}/metadata`, '00080018')).toEqual(['2.25.1.1.1', '2.25.1.1.2']);
    expect(metadata['00080018']).toEqual({ vr: 'UI', Value: ['2.25.1.1.1'] });
  });

  it('keeps types and multiplicity of values', () => {
    expect(metadata).toMatchObject({
      '00080008': { vr: 'CS', Value: ['ORIGINAL', 'PRIMARY', null, 'DIFFUSION'] },
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Doe^Jane' }] },
      '00180050': { vr: 'DS', Value: [5] },
      '00189087': { vr: 'FD', Value: [1000.5] },
      '00200032': { vr: 'DS', Value: [-1.5, 2.25, 0.001] },
      '00280010': { vr: 'US', Value: [4] },
    });
    expect(metadata['00291002']?.Value?.[0]).toBeCloseTo(0.1, 6);
    expect(metadata['00081140']?.Value).toHaveLength(differences.emptyItems ? 2 : 1);
    expect(metadata['00400260']).toEqual({ vr: 'SQ' });
  });

  it('gives small binary values, and big ones by an address', async () => {
    for (const [tag, element, bytes] of [
      ['00291001', metadata['00291001'], Buffer.from([1, 2, 3, 4])],
      ['00291010', metadata['00291010'], csaHeader],
      ['00291010', (metadata['00081140']?.Value?.[0] as DicomJsonDataset)['00291010'], csaHeader],
    ] as const) {
      const inline = element?.InlineBinary;
      const uri = element?.BulkDataURI ?? `${tag} has neither InlineBinary nor BulkDataURI`;
      const value =
        inline === undefined ? (await retrieve(uri)).parts[0]?.bytes : Buffer.from(inline, 'base64');
      expect(value?.equals(bytes)).toBe(true);
    }
  });

  it('gives pixel data by an address', async () => {
    const { parts } = await retrieve(String(metadata['7FE00010']?.BulkDataURI));
    const expected = pixelsOf(Array.from({ length: 24 }, (_, index) => 1100 + index));
    expect(parts[0]?.bytes.equals(expected)).toBe(true);
  });

  it('declares the character set of its text', async () => {
    const [dataset] = await getJson(root(), '/studies/2.25.10/metadata');
    expect(dataset?.['00100010']?.Value).toEqual([{ Alphabetic: 'Müller^Jürg' }]);
    expect(dataset?.['00080005']?.Value).toEqual([differences.saysUtf8 ? 'ISO_IR 192' : 'ISO_IR 100']);
  });

  it('gives XML or says that it does not', async () => {
    const accept = 'multipart/related; type="application/dicom+xml"';
    expect((await retrieve(`${instanceUrl(root(), 1)}/metadata`, accept)).status).toBe(
      differences.xmlMetadata,
    );
  });
}

function describeFiles(root: () => string, { differences }: ServerUnderTest): void {
  it.each([undefined, '*/*', 'multipart/related; type="application/dicom"; transfer-syntax=*'])(
    'gives one, or all, as Part 10 files (Accept: %s)',
    async (accept) => {
      const one = await retrieve(instanceUrl(root(), 4), accept);
      expect(one.contentType).toMatch(/^multipart\/related; type="application\/dicom"/);
      expect(one.parts).toHaveLength(1);
      expect(one.parts[0]?.bytes.toString('latin1', 128, 132)).toBe('DICM');
      expect((await retrieve(`${root()}/studies/2.25.1`, accept)).parts).toHaveLength(2);
      expect((await retrieve(`${root()}/studies/2.25.1/series/2.25.1.1`, accept)).parts).toHaveLength(2);
    },
  );

  it('gives a single file without multipart', async () => {
    const { status, parts } = await retrieve(instanceUrl(root(), 4), 'application/dicom');
    expect(status).toBe(differences.singlePart);
    if (status === 200) expect(parts[0]?.bytes.equals(multiframe)).toBe(true);
  });

  it.each([
    '/studies/2.25.99',
    '/studies/2.25.99/metadata',
    '/studies/2.25.1/series/2.25.9/metadata',
    '/studies/2.25.1/series/2.25.1.1/instances/2.25.1.1.9',
    // Each UID exists, but not below the others.
    '/studies/2.25.2/series/2.25.1.1/instances/2.25.1.1.1/metadata',
    '/studies/2.25.1/series/2.25.1.1/instances/2.25.2.1.1/frames/1',
  ])('answers 404 to %s', async (path) => {
    expect((await fetch(root() + path)).status).toBe(404);
  });
}

function describeFrames(root: () => string, { differences }: ServerUnderTest): void {
  it('gives frames in the order asked for', async () => {
    const { parts } = await retrieve(`${instanceUrl(root(), 4)}/frames/2,5,2`, asStored);
    const frame = (number: number) => pixelsOf(multiframePixels.slice((number - 1) * 12, number * 12));
    expect(parts.map(({ bytes }) => bytes.equals(frame(2)))).toEqual([true, false, true]);
    expect(parts[1]?.bytes.equals(frame(5))).toBe(true);
    for (const { contentType } of parts) {
      expect(contentType).toMatch(/^application\/octet-stream; *transfer-syntax=1\.2\.840\.10008\.1\.2\.1$/);
    }
  });

  it('gives a single frame without multipart', async () => {
    const { status, parts } = await retrieve(
      `${instanceUrl(root(), 4)}/frames/1`,
      'application/octet-stream',
    );
    expect(status).toBe(differences.singlePart);
    if (status === 200) expect(parts[0]?.bytes.equals(pixelsOf(multiframePixels.slice(0, 12)))).toBe(true);
  });

  it('refuses frames that are not there', async () => {
    const statusOf = async (frames: string) =>
      (await fetch(`${instanceUrl(root(), 4)}/frames/${frames}`)).status;
    expect(await statusOf('0')).toBe(400);
    expect(await statusOf('one')).toBe(400);
    expect(await statusOf('6')).toBe(differences.frameBeyondLast);
  });

  it('joins the fragments of compressed frames and names their encoding', async () => {
    for (const [index, expected] of compressedFrames.entries()) {
      const { parts } = await retrieve(`${instanceUrl(root(), 5)}/frames/${index + 1}`, asStored);
      expect(parts).toHaveLength(1);
      expect(parts[0]?.bytes.equals(expected!)).toBe(true);
      expect(parts[0]?.contentType).toMatch(/^image\/jls; *transfer-syntax=1\.2\.840\.10008\.1\.2\.4\.80$/);
    }
  });

  it('cuts frames of one bit a pixel at bits', async () => {
    const { status, parts } = await retrieve(`${instanceUrl(root(), 2)}/frames/1,2,3`, asStored);
    expect(status).toBe(differences.oddFrames);
    if (status !== 200) return;
    const bit = (bytes: Buffer, at: number) => ((bytes[at >> 3] ?? 0) >> (at & 7)) & 1;
    for (const [frame, { bytes }] of parts.entries()) {
      expect(bytes).toHaveLength(5);
      const bits = Array.from({ length: 40 }, (_, at) => bit(bytes, at));
      const expected = Array.from({ length: 35 }, (_, at) => bit(segmentationBits, frame * 35 + at));
      expect(bits).toEqual([...expected, 0, 0, 0, 0, 0]);
    }
  });

  it('gives float pixel data', async () => {
    const { status, parts } = await retrieve(`${instanceUrl(root(), 3)}/frames/2`, asStored);
    expect(status).toBe(differences.oddFrames);
    if (status !== 200) return;
    expect(parts[0]?.bytes.equals(Buffer.from(Float32Array.from(floats.slice(6)).buffer))).toBe(true);
  });
}

function describeEncodings(root: () => string, { differences }: ServerUnderTest): void {
  it.each([
    ['explicit little endian', 4, 200],
    ['implicit little endian', 6, 200],
    ['deflated', 7, differences.unusualEncodings],
    ['explicit big endian', 8, differences.unusualEncodings],
  ])('gives frames and metadata of %s files alike', async (_name, study, expected) => {
    const { status, parts } = await retrieve(`${instanceUrl(root(), study)}/frames/3`, asStored);
    expect(status).toBe(expected);
    if (status === 200) expect(parts[0]?.bytes.equals(pixelsOf(multiframePixels.slice(24, 36)))).toBe(true);
    const [metadata] = await getJson(root(), `/studies/2.25.${study}/metadata`);
    expect(metadata).toMatchObject({
      '00280010': { vr: 'US', Value: [3] },
      '00280011': { vr: 'US', Value: [4] },
    });
  });
}

/** WADO-RS. */
export function describeRetrieve(server: ServerUnderTest): void {
  describe('retrieve', () => {
    let running: RunningServer;
    const root = () => running.url;
    beforeAll(async () => {
      running = await server.start();
      const name = { '00100010 PN': Buffer.from('Müller^Jürg', 'latin1') };
      const encoded = [implicitLittleEndian, deflated, explicitBigEndian].map((transferSyntax, index) =>
        multiframeAs(6 + index, transferSyntax),
      );
      const files = [metadataImage, smallImage(1, 1, 2), segmentation, parametricMap, multiframe, compressed];
      const all = [...files, ...encoded, smallImage(10, 1, 1, name)];
      expect(await store(running.url, all)).toMatchObject({ status: 200, listed: all.length });
    }, 60_000);
    afterAll(() => running.stop());

    describe('metadata', () => {
      describeMetadata(root, server);
    });
    describe('files', () => {
      describeFiles(root, server);
    });
    describe('frames', () => {
      describeFrames(root, server);
      describeEncodings(root, server);
    });
  });
}
