/** Bytes of base64 text. Characters that are not base64 end the text. */
export function base64ToBytes(text: string): Uint8Array {
  const clean = text.replace(/\s+/gu, '');
  const valid = /^[A-Za-z0-9+/]*/u.exec(clean)?.[0] ?? '';
  const binary = atob(valid.length % 4 === 1 ? valid.slice(0, -1) : valid);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < bytes.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

/** Base64 of bytes. */
export function bytesToBase64(bytes: Uint8Array): string {
  const chunk = 0x8000;
  let binary = '';
  for (let start = 0; start < bytes.length; start += chunk)
    binary += String.fromCharCode(...bytes.subarray(start, start + chunk));
  return btoa(binary);
}
