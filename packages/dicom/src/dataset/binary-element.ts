import { base64ToBytes, bytesToBase64 } from './base64';
import type { DicomJsonElement } from './dicom-json';

const bytesBehind = new WeakMap<DicomJsonElement, Uint8Array>();

/**
 * An element with inline bytes. Base64 is made only when someone asks for it: most private blobs are never looked at.
 * The bytes are copied, so that a header does not keep its whole file in memory.
 */
export function binaryElement(vr: string, bytes: Uint8Array): DicomJsonElement {
  const own = bytes.slice();
  let base64: string | undefined;
  const element: DicomJsonElement = {
    vr,
    get InlineBinary() {
      return (base64 ??= bytesToBase64(own));
    },
  };
  bytesBehind.set(element, own);
  return element;
}

/** Bytes of an element that carries them inline, wherever it came from. */
export function inlineBytes(element: DicomJsonElement): Uint8Array | undefined {
  const known = bytesBehind.get(element);
  if (known) return known;
  const { InlineBinary } = element;
  return InlineBinary === undefined ? undefined : base64ToBytes(InlineBinary);
}
