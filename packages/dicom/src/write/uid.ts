let derived: (() => Uint8Array) | null = null;

/**
 * From now on, in this process, identifiers come from `source` instead of chance: work that is done again after a
 * crash then makes the same objects, and an archive that has them already keeps one of each.
 *
 * @param source 16 bytes a call, never the same twice for one piece of work
 */
export function deriveUIDs(source: () => Uint8Array): void {
  derived = source;
}

/**
 * A new unique identifier: "2.25." and a random UUID as a decimal number (PS3.5 B.2).
 *
 * Made from `getRandomValues`, which browsers also give pages without TLS; `randomUUID` they do not.
 */
export function newUID(): string {
  const bytes = derived ? derived() : globalThis.crypto.getRandomValues(new Uint8Array(16));
  // RFC 9562: version 4 is random, version 8 anything else.
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (derived ? 0x80 : 0x40);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hexadecimal = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `2.25.${BigInt(`0x${hexadecimal}`).toString()}`;
}
