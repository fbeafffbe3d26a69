/** Part 10 files byte by byte, in transfer syntaxes and states that a correct writer does not produce. For tests. */
export type SampleElement = readonly [
  tag: string,
  vr: string,
  value: Uint8Array | readonly SampleElement[][],
];

export interface SampleEncoding {
  readonly transferSyntax: string;
  readonly explicit: boolean;
  readonly little: boolean;
  /** Sequences and items of undefined length. */
  readonly undefinedLength?: boolean;
}

export const SAMPLE_ENCODINGS = {
  explicitLittle: { transferSyntax: '1.2.840.10008.1.2.1', explicit: true, little: true },
  implicitLittle: { transferSyntax: '1.2.840.10008.1.2', explicit: false, little: true },
  explicitBig: { transferSyntax: '1.2.840.10008.1.2.2', explicit: true, little: false },
} as const satisfies Record<string, SampleEncoding>;

const LONG_VRS = new Set(['OB', 'OW', 'OF', 'OD', 'SQ', 'UN', 'UT', 'UC', 'UR']);
const UNDEFINED = 0xffffffff;

export function ascii(text: string): Uint8Array {
  const padded = text.length % 2 === 0 ? text : `${text} `;
  return Uint8Array.from(padded, (character) => character.charCodeAt(0));
}

export function us(little: boolean, ...values: number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(2 * values.length));
  values.forEach((value, index) => view.setUint16(2 * index, value, little));
  return new Uint8Array(view.buffer);
}

export function fd(little: boolean, ...values: number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(8 * values.length));
  values.forEach((value, index) => view.setFloat64(8 * index, value, little));
  return new Uint8Array(view.buffer);
}

export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Preamble, file meta information and data set. */
export function samplePart10(elements: readonly SampleElement[], encoding: SampleEncoding): Uint8Array {
  return joinBytes(sampleFileMeta(encoding.transferSyntax), sampleDataset(elements, encoding));
}

export function sampleFileMeta(transferSyntax: string): Uint8Array {
  const uid = ascii(transferSyntax.length % 2 === 0 ? transferSyntax : `${transferSyntax}\0`);
  const explicit = SAMPLE_ENCODINGS.explicitLittle;
  const body = sampleDataset([['00020010', 'UI', uid]], explicit);
  const length = new DataView(new ArrayBuffer(4));
  length.setUint32(0, body.length, true);
  const group = sampleDataset([['00020000', 'UL', new Uint8Array(length.buffer)]], explicit);
  return joinBytes(new Uint8Array(128), ascii('DICM'), group, body);
}

export function sampleDataset(elements: readonly SampleElement[], encoding: SampleEncoding): Uint8Array {
  return joinBytes(...elements.map((element) => encodeElement(element, encoding)));
}

function encodeElement([tag, vr, value]: SampleElement, encoding: SampleEncoding): Uint8Array {
  const { explicit, little, undefinedLength = false } = encoding;
  const isSequence = !(value instanceof Uint8Array);
  const body = isSequence ? encodeItems(value, encoding) : value;
  const length = isSequence && undefinedLength ? UNDEFINED : body.length;
  const header = new DataView(new ArrayBuffer(!explicit ? 8 : LONG_VRS.has(vr) ? 12 : 8));
  writeTag(header, tag, little);
  if (!explicit) header.setUint32(4, length, little);
  else {
    header.setUint8(4, vr.charCodeAt(0));
    header.setUint8(5, vr.charCodeAt(1));
    if (LONG_VRS.has(vr)) header.setUint32(8, length, little);
    else header.setUint16(6, length, little);
  }
  return joinBytes(new Uint8Array(header.buffer), body);
}

function encodeItems(items: readonly SampleElement[][], encoding: SampleEncoding): Uint8Array {
  const { little, undefinedLength = false } = encoding;
  const encoded = items.map((item) => {
    const body = sampleDataset(item, encoding);
    const start = delimiter('FFFEE000', undefinedLength ? UNDEFINED : body.length, little);
    return undefinedLength
      ? joinBytes(start, body, delimiter('FFFEE00D', 0, little))
      : joinBytes(start, body);
  });
  return undefinedLength ? joinBytes(...encoded, delimiter('FFFEE0DD', 0, little)) : joinBytes(...encoded);
}

function delimiter(tag: string, length: number, little: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  writeTag(view, tag, little);
  view.setUint32(4, length, little);
  return new Uint8Array(view.buffer);
}

function writeTag(view: DataView, tag: string, little: boolean): void {
  view.setUint16(0, Number.parseInt(tag.slice(0, 4), 16), little);
  view.setUint16(2, Number.parseInt(tag.slice(4), 16), little);
}
