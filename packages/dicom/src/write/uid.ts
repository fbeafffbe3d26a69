/**
 * A new unique identifier: "2.25." and a random UUID as a decimal number (PS3.5 B.2).
 *
 * Made from `getRandomValues`, which browsers also give pages without TLS; `randomUUID` they do not.
 */
export function newUID(): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hexadecimal = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `2.25.${BigInt(`0x${hexadecimal}`).toString()}`;
}
