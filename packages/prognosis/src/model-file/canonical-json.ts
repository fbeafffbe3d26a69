import { InputRefused } from '@myelon/diffusion';

/**
 * JSON with one spelling: keys in order, no spaces, numbers as JavaScript prints them (RFC 8785). What is hashed and
 * signed, so that reformatting a file does not break its signature.
 * @throws InputRefused when a number is not finite
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new InputRefused('a number is not finite', 'model file', 'make the model again');
  return JSON.stringify(value);
}
