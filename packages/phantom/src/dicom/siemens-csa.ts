/** Elements of a CSA header, in order: name to values as text. */
export type CsaElements = Readonly<Record<string, readonly string[]>>;

const TAG_BYTES = 84;
const ITEM_BYTES = 16;
const CHECK = 77;
/** Items every element has, filled or not, as scanners write them. */
const ITEMS = 6;

/**
 * A CSA header of the second kind (`SV10`), as Siemens puts it into 0029,1010.
 * Source: "Siemens format DICOM with CSA header", NiBabel documentation.
 */
export function csaHeader(elements: CsaElements): Uint8Array {
  const parts = Object.entries(elements).map(([name, values]) => csaElement(name, values));
  const head = new Uint8Array(16);
  const view = new DataView(head.buffer);
  head.set(ascii('SV10'));
  head.set([4, 3, 2, 1], 4);
  view.setUint32(8, parts.length, true);
  view.setUint32(12, CHECK, true);
  return joined([head, ...parts]);
}

function csaElement(name: string, values: readonly string[]): Uint8Array {
  const head = new Uint8Array(TAG_BYTES);
  const view = new DataView(head.buffer);
  head.set(ascii(name));
  view.setInt32(64, values.length, true);
  head.set(ascii('FD'), 68);
  const count = values.length === 0 ? 0 : Math.max(ITEMS, values.length);
  view.setInt32(76, count, true);
  view.setInt32(80, CHECK, true);
  return joined([head, ...Array.from({ length: count }, (_, index) => csaItem(values[index] ?? ''))]);
}

function csaItem(value: string): Uint8Array {
  const length = value === '' ? 0 : value.length + 1;
  const bytes = new Uint8Array(ITEM_BYTES + Math.ceil(length / 4) * 4);
  const view = new DataView(bytes.buffer);
  [length, length, CHECK, length].forEach((number, index) => {
    view.setInt32(4 * index, number, true);
  });
  bytes.set(ascii(value), ITEM_BYTES);
  return bytes;
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
