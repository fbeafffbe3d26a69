import { createHash } from 'node:crypto';
import { deriveUIDs } from '@myelon/dicom';
import type { AnalyseRequest } from '@myelon/pipeline';

/**
 * Makes this run name everything it makes after `key`: run again with the same input it writes the same bytes.
 *
 * @param createdAt ISO 8601; now when undefined
 * @returns what the record is to say about itself
 */
export function deriveIdentity(key: string, createdAt?: string): NonNullable<AnalyseRequest['identity']> {
  let count = 0;
  const next = () => {
    count += 1;
    return digestOf(key, `object ${String(count)}`);
  };
  deriveUIDs(next);
  return { id: uuidOf(digestOf(key, 'record')), ...(createdAt !== undefined && { createdAt }) };
}

/** A UUID of version 8 (RFC 9562) that stands for this text. */
export function derivedUuid(text: string): string {
  return uuidOf(digestOf(text, 'uuid'));
}

function digestOf(key: string, purpose: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(`${key}\n${purpose}`).digest().subarray(0, 16));
}

function uuidOf(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-');
}
