/** Value Representations with fixed-size binary values, and their size in bytes (PS3.5 6.2). */
const SIZE: Readonly<Record<string, number>> = {
  US: 2,
  SS: 2,
  UL: 4,
  SL: 4,
  FL: 4,
  FD: 8,
  AT: 4,
  SV: 8,
  UV: 8,
};

export function isBinaryNumberVr(vr: string): boolean {
  return vr in SIZE;
}

/**
 * Binary values of an element as DICOM JSON has them: numbers, tags as eight hexadecimal digits for AT.
 * A last value that is cut short is left out.
 */
export function binaryValues(vr: string, bytes: Uint8Array, littleEndian: boolean): (number | string)[] {
  const size = SIZE[vr] ?? 1;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: (number | string)[] = [];
  for (let at = 0; at + size <= bytes.byteLength; at += size) found.push(readOne(vr, view, at, littleEndian));
  return found;
}

function readOne(vr: string, view: DataView, at: number, little: boolean): number | string {
  switch (vr) {
    case 'US':
      return view.getUint16(at, little);
    case 'SS':
      return view.getInt16(at, little);
    case 'UL':
      return view.getUint32(at, little);
    case 'SL':
      return view.getInt32(at, little);
    case 'FL':
      return view.getFloat32(at, little);
    case 'FD':
      return view.getFloat64(at, little);
    case 'SV':
      return Number(view.getBigInt64(at, little));
    case 'UV':
      return Number(view.getBigUint64(at, little));
    case 'AT':
      return hex4(view.getUint16(at, little)) + hex4(view.getUint16(at + 2, little));
    default:
      return view.getUint8(at);
  }
}

function hex4(value: number): string {
  return value.toString(16).toUpperCase().padStart(4, '0');
}
