import type { DicomJsonElement } from '../dataset/dicom-json';

/** A person's name in its up to three component groups ("Family^Given^Middle^Prefix^Suffix"). */
export interface PersonName {
  readonly Alphabetic?: string;
  readonly Ideographic?: string;
  readonly Phonetic?: string;
}

export type BinaryValue = Uint8Array | Uint16Array | Int16Array | Float32Array | Float64Array;

/**
 * What an attribute may hold: one value, several values, items of a sequence, `null` (present and empty: type 2), or
 * an element with its own VR ({@link withVR}). `undefined` leaves the attribute out.
 */
export type AttributeValue =
  | string
  | number
  | BinaryValue
  | PersonName
  | Attributes
  | DicomJsonElement
  | readonly (string | number | PersonName | Attributes)[]
  | null
  | undefined;

/**
 * A data set to write: DICOM keyword to value. A key of eight hexadecimal digits takes a whole DICOM JSON element;
 * that is how private elements and elements copied from another object go in, and those are written as they stand.
 */
export interface Attributes {
  readonly [keywordOrTag: string]: AttributeValue;
}

/** Gives an attribute whose VR depends on context (PixelData, SmallestImagePixelValue ...) its VR. */
export function withVR(
  vr: 'OB' | 'OW' | 'US' | 'SS',
  value: BinaryValue | number | readonly number[],
): DicomJsonElement {
  return { vr, Value: Array.isArray(value) ? (value as readonly number[]) : [value] };
}
