import { deflateRawSync } from 'node:zlib';

/** Text (ASCII), numbers of the VR, raw bytes, items of a sequence, or fragments of encapsulated pixel data. */
export type FileValue =
  | string
  | readonly number[]
  | Uint8Array
  | { readonly items: readonly FileElements[] }
  | { readonly fragments: readonly Uint8Array[]; readonly offsets?: readonly number[] };

/** Tag (eight hexadecimal digits) and VR to value: `{ '00100010 PN': 'Doe^Jane' }`, in any order. */
export type FileElements = Readonly<Record<string, FileValue>>;

export const explicitLittleEndian = '1.2.840.10008.1.2.1';
export const implicitLittleEndian = '1.2.840.10008.1.2';
export const explicitBigEndian = '1.2.840.10008.1.2.2';
export const deflated = '1.2.840.10008.1.2.1.99';

const longLength = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const open = 0xffffffff;

interface Encoding {
  readonly explicit: boolean;
  readonly big: boolean;
}

/**
 * A writer that writes what it is told, right or wrong: character sets in raw bytes, odd encodings, faults. Objects
 * under test are written by the product's own writer; this one makes what others send.
 */
export function part10(elements: FileElements, transferSyntax = explicitLittleEndian): Buffer {
  const encoding = {
    explicit: transferSyntax !== implicitLittleEndian,
    big: transferSyntax === explicitBigEndian,
  };
  const body = dataSet(elements, encoding);
  const little = { explicit: true, big: false };
  const meta = dataSet(
    {
      '00020001 OB': Uint8Array.of(0, 1),
      '00020002 UI': textOf(elements['00080016 UI']),
      '00020003 UI': textOf(elements['00080018 UI']),
      '00020010 UI': transferSyntax,
      '00020012 UI': '2.25.1',
    },
    little,
  );
  const length = element('00020000', 'UL', u32(meta.length, false), little);
  const data = transferSyntax === deflated ? even(deflateRawSync(body), 0) : body;
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), length, meta, data]);
}

function textOf(value: FileValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function u16(value: number, big: boolean): Buffer {
  const bytes = Buffer.alloc(2);
  if (big) bytes.writeUInt16BE(value);
  else bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number, big: boolean): Buffer {
  const bytes = Buffer.alloc(4);
  if (big) bytes.writeUInt32BE(value);
  else bytes.writeUInt32LE(value);
  return bytes;
}

function even(bytes: Uint8Array, pad: number): Buffer {
  return bytes.length % 2 === 0 ? Buffer.from(bytes) : Buffer.concat([bytes, Buffer.of(pad)]);
}

function tagBytes(tag: string, big: boolean): Buffer {
  return Buffer.concat([0, 4].map((at) => u16(Number.parseInt(tag.slice(at, at + 4), 16), big)));
}

function element(
  tag: string,
  vr: string,
  value: Uint8Array,
  { explicit, big }: Encoding,
  length = value.length,
) {
  const name = explicit ? Buffer.from(vr, 'latin1') : Buffer.alloc(0);
  const size = !explicit
    ? u32(length, big)
    : longLength.has(vr)
      ? Buffer.concat([Buffer.alloc(2), u32(length, big)])
      : u16(length, big);
  return Buffer.concat([tagBytes(tag, big), name, size, value]);
}

function item(content: Uint8Array, big: boolean): Buffer {
  return Buffer.concat([tagBytes('FFFEE000', big), u32(content.length, big), content]);
}

function dataSet(elements: FileElements, encoding: Encoding): Buffer {
  const sorted = Object.entries(elements).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat(
    sorted.map(([key, value]) => {
      const [tag = '', vr = ''] = key.split(' ');
      if (typeof value === 'object' && 'fragments' in value) {
        return element(tag, vr, encapsulated(value.fragments, value.offsets ?? []), encoding, open);
      }
      return element(tag, vr, valueBytes(vr, value, encoding), encoding);
    }),
  );
}

function encapsulated(fragments: readonly Uint8Array[], offsets: readonly number[]): Buffer {
  const table = Buffer.concat(offsets.map((offset) => u32(offset, false)));
  const items = [table, ...fragments].map((fragment) => item(even(fragment, 0), false));
  return Buffer.concat([...items, tagBytes('FFFEE0DD', false), u32(0, false)]);
}

function valueBytes(
  vr: string,
  value: Exclude<FileValue, { fragments: unknown }>,
  encoding: Encoding,
): Buffer {
  if (typeof value === 'string') return even(Buffer.from(value, 'latin1'), vr === 'UI' ? 0 : 32);
  if (value instanceof Uint8Array) return even(value, vr === 'PN' || vr === 'LO' ? 32 : 0);
  if ('items' in value)
    return Buffer.concat(value.items.map((one) => item(dataSet(one, encoding), encoding.big)));
  return Buffer.concat(value.map((number) => numberBytes(vr, number, encoding.big)));
}

function numberBytes(vr: string, value: number, big: boolean): Buffer {
  if (vr === 'US' || vr === 'OW') return u16(value, big);
  if (vr === 'UL') return u32(value, big);
  const bytes = Buffer.alloc(vr === 'FD' || vr === 'OD' ? 8 : vr === 'SS' ? 2 : 4);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (vr === 'SS') view.setInt16(0, value, !big);
  else if (vr === 'SL') view.setInt32(0, value, !big);
  else if (bytes.length === 8) view.setFloat64(0, value, !big);
  else view.setFloat32(0, value, !big);
  return bytes;
}

const mrImageStorage = '1.2.840.10008.5.1.4.1.1.4';

/** Identifiers of an MR image in study `study` (`2.25.<study>`), series and instance numbered below it. */
export function identifiers(study: number, series: number, instance: number): Record<string, string> {
  return {
    '00080016 UI': mrImageStorage,
    '00080018 UI': `2.25.${study}.${series}.${instance}`,
    '0020000D UI': `2.25.${study}`,
    '0020000E UI': `2.25.${study}.${series}`,
  };
}

/** Attributes of native 16-bit images of `rows` x `columns`. */
export function imageAttributes(rows: number, columns: number, bits = 16): FileElements {
  return {
    '00280002 US': [1],
    '00280004 CS': 'MONOCHROME2',
    '00280010 US': [rows],
    '00280011 US': [columns],
    '00280100 US': [bits],
    '00280101 US': [bits],
    '00280102 US': [bits - 1],
    '00280103 US': [0],
  };
}

/** A complete small MR image, with values a list of studies shows. */
export function smallImage(
  study: number,
  series: number,
  instance: number,
  more: FileElements = {},
  transferSyntax = explicitLittleEndian,
): Buffer {
  const pixels = Array.from({ length: 24 }, (_, index) => (series * 1000 + instance * 100 + index) % 4096);
  return part10(
    {
      ...identifiers(study, series, instance),
      '00080005 CS': 'ISO_IR 100',
      '00080020 DA': '20240115',
      '00080030 TM': '101500',
      '00080050 SH': `ACC${study}`,
      '00080060 CS': 'MR',
      '00081030 LO': 'Cervical spine',
      '0008103E LO': `Series ${series}`,
      '00100010 PN': 'Doe^Jane',
      '00100020 LO': `P${study}`,
      '00100030 DA': '19700101',
      '00100040 CS': 'F',
      '00200010 SH': '1',
      '00200011 IS': String(series),
      '00200013 IS': String(instance),
      ...imageAttributes(4, 6),
      '7FE00010 OW': pixels,
      ...more,
    },
    transferSyntax,
  );
}
