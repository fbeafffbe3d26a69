import { createRequire } from 'node:module';
import { framePixels, parsePart10, pixelFormat } from '@myelon/dicom';

/** What the encoders of OpenJPEG and OpenJPH, as the cornerstone project builds them, have in common. */
interface StreamEncoder {
  getDecodedBuffer(info: {
    width: number;
    height: number;
    bitsPerSample: number;
    componentCount: 1;
    isSigned: boolean;
    isUsingColorTransform: false;
  }): Uint8Array;
  setQuality(lossless: boolean, step: number): void;
  encode(): void;
  getEncodedBuffer(): Uint8Array;
  delete(): void;
}

const SYNTAXES = {
  'JPEG 2000': {
    uid: '1.2.840.10008.1.2.4.90',
    codec: '@cornerstonejs/codec-openjpeg/wasmjs',
    encoder: 'J2KEncoder',
  },
  HTJ2K: {
    uid: '1.2.840.10008.1.2.4.201',
    codec: '@cornerstonejs/codec-openjph/wasmjs',
    encoder: 'HTJ2KEncoder',
  },
} as const;

const load = createRequire(import.meta.url);
const PREFIX_BYTES = 132;
const TRANSFER_SYNTAX_ELEMENT = 0x0010;

/** A file in explicit VR little endian with its frames compressed without loss, which DCMTK cannot do. */
export async function asJpeg2000(bytes: Uint8Array, name: keyof typeof SYNTAXES): Promise<Uint8Array> {
  const file = parsePart10(bytes);
  const format = pixelFormat(file.dataset, name);
  if (file.pixelData?.kind !== 'native') throw new Error('compressed already');
  const { uid, codec, encoder } = SYNTAXES[name];
  const encoders = await loaded(codec);
  const streams: Uint8Array[] = [];
  for (let frame = 1; frame <= format.frames; frame++) {
    const values = await framePixels(file, frame);
    const stream = new encoders[encoder]!();
    stream
      .getDecodedBuffer({
        width: format.columns,
        height: format.rows,
        // The encoder of OpenJPH takes rows of whole bytes or words only.
        bitsPerSample: format.bitsAllocated,
        componentCount: 1,
        isSigned: format.signed,
        isUsingColorTransform: false,
      })
      .set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    stream.setQuality(true, 0);
    stream.encode();
    streams.push(stream.getEncodedBuffer().slice());
    stream.delete();
  }
  // 12 bytes before the values: tag, VR and length.
  const pixels = file.pixelData.bytes.byteOffset - bytes.byteOffset - 12;
  const { meta, end } = fileMeta(bytes, uid);
  return joined([meta, bytes.subarray(end, pixels), encapsulated(streams)]);
}

type Encoders = Readonly<Record<string, new () => StreamEncoder>>;
const codecs = new Map<string, Promise<Encoders>>();

function loaded(codec: string): Promise<Encoders> {
  const silent = () => undefined;
  const known = codecs.get(codec);
  if (known) return known;
  const start = load(codec) as (options: object) => Promise<Encoders>;
  const started = start({ print: silent, printErr: silent });
  codecs.set(codec, started);
  return started;
}

/** Preamble and file meta information with another transfer syntax, and where the data set begins. */
function fileMeta(bytes: Uint8Array, uid: string): { meta: Uint8Array; end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const elements: Uint8Array[] = [];
  let at = PREFIX_BYTES;
  while (view.getUint16(at, true) === 2) {
    const element = view.getUint16(at + 2, true);
    const long = String.fromCharCode(...bytes.subarray(at + 4, at + 6)) === 'OB';
    const length = long ? 12 + view.getUint32(at + 8, true) : 8 + view.getUint16(at + 6, true);
    if (element === TRANSFER_SYNTAX_ELEMENT) elements.push(uidElement(element, uid));
    else if (element !== 0) elements.push(bytes.subarray(at, at + length));
    at += length;
  }
  const group = joined(elements);
  const size = words([2, 0], [0x4c55, 4], [group.length & 0xffff, group.length >>> 16]);
  return { meta: joined([bytes.subarray(0, PREFIX_BYTES), size, group]), end: at };
}

function uidElement(element: number, uid: string): Uint8Array {
  const padded = uid.length % 2 === 0 ? uid : `${uid}\0`;
  return joined([words([2, element], [0x4955, padded.length]), new TextEncoder().encode(padded)]);
}

/** Pixel Data of undefined length: an empty offset table, one fragment per frame, the delimiter (PS3.5 A.4). */
function encapsulated(streams: readonly Uint8Array[]): Uint8Array {
  const item = (body: Uint8Array) =>
    joined([words([0xfffe, 0xe000], [body.length & 0xffff, body.length >>> 16]), body]);
  const even = streams.map((stream) =>
    stream.length % 2 === 0 ? stream : joined([stream, new Uint8Array(1)]),
  );
  return joined([
    words([0x7fe0, 0x0010], [0x424f, 0], [0xffff, 0xffff]),
    item(new Uint8Array(0)),
    ...even.map(item),
    words([0xfffe, 0xe0dd], [0, 0]),
  ]);
}

function words(...pairs: readonly (readonly [number, number])[]): Uint8Array {
  return new Uint8Array(Uint16Array.from(pairs.flat()).buffer);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}
