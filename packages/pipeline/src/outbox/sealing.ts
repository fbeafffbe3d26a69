/** Bytes at rest: AES-GCM with its nonce, or as they are where the platform offers no encryption. */
export interface Sealed {
  readonly nonce: Uint8Array<ArrayBuffer> | null;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const ALGORITHM = 'AES-GCM';
const NONCE_BYTES = 12;

/** A key that no script can read out; null where the page was not served over https (or from this computer). */
export async function newSealingKey(): Promise<CryptoKey | null> {
  // Missing in pages without a secure connection, whatever the type says.
  const subtle = crypto.subtle as SubtleCrypto | undefined;
  return subtle ? subtle.generateKey({ name: ALGORITHM, length: 256 }, false, ['encrypt', 'decrypt']) : null;
}

/** @param name what the bytes are kept under; they can be opened under that name only */
export async function seal(key: CryptoKey | null, name: string, bytes: Uint8Array): Promise<Sealed> {
  if (!key) return { nonce: null, bytes: Uint8Array.from(bytes) };
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const sealed = await crypto.subtle.encrypt(parameters(name, nonce), key, Uint8Array.from(bytes));
  return { nonce, bytes: new Uint8Array(sealed) };
}

/** @throws Error when the bytes were sealed with another key or under another name, or were changed */
export async function open(
  key: CryptoKey | null,
  name: string,
  { nonce, bytes }: Sealed,
): Promise<Uint8Array> {
  if (nonce === null) return bytes;
  if (!key) throw new Error('sealed, and the key is gone');
  return new Uint8Array(await crypto.subtle.decrypt(parameters(name, nonce), key, bytes));
}

function parameters(name: string, iv: Uint8Array<ArrayBuffer>): AesGcmParams {
  return { name: ALGORITHM, iv, additionalData: new TextEncoder().encode(name) };
}
