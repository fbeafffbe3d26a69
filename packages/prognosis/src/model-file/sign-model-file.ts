import { InputRefused } from '@myelon/diffusion';
import { ed25519 } from '@noble/curves/ed25519';
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils';
import { z } from 'zod';
import { canonicalJson } from './canonical-json';
import { modelFileSchema, type ModelContent, type ModelFile } from './model-file';

/** Ed25519 keys (RFC 8032), 32 bytes each, hexadecimal. */
export interface SigningKeys {
  readonly secretKey: string;
  readonly publicKey: string;
}

/** @param seed 32 random bytes; the secret key itself */
export function signingKeys(seed: Uint8Array): SigningKeys {
  return { secretKey: bytesToHex(seed), publicKey: bytesToHex(ed25519.getPublicKey(seed)) };
}

/** SHA-256 of the content, hexadecimal. */
export function modelHash(content: ModelContent): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(content))));
}

/**
 * The content with its hash, signed.
 * @param secretKey 32 bytes, hexadecimal
 * @throws InputRefused when the key is none
 */
export function signModel(content: ModelContent, secretKey: string): ModelFile {
  if (!/^[0-9a-f]{64}$/.test(secretKey))
    throw new InputRefused(
      'not an Ed25519 key of 32 bytes',
      'signing key',
      'make one with: myelon model key',
    );
  const hash = modelHash(content);
  const key = hexToBytes(secretKey);
  const value = bytesToHex(ed25519.sign(hexToBytes(hash), key));
  const publicKey = bytesToHex(ed25519.getPublicKey(key));
  return { ...content, hash, signature: { algorithm: 'Ed25519', publicKey, value } };
}

/**
 * Reads a model file and checks that it is whole and by whom it is signed.
 *
 * @param raw parsed JSON
 * @param where the file, for messages
 * @param trustedKeys public keys, hexadecimal, of which one must have signed; without it any signature will do
 * @throws InputRefused when the file is none, was changed, or is signed by nobody trusted
 */
export function checkedModelFile(raw: unknown, where: string, trustedKeys?: readonly string[]): ModelFile {
  const parsed = modelFileSchema.safeParse(raw);
  const whatToDo = 'get the file again from who made it';
  if (!parsed.success)
    throw new InputRefused(`no score model: ${z.prettifyError(parsed.error)}`, where, whatToDo);
  const file = parsed.data;
  const { hash, signature, ...content } = file;
  if (modelHash(content) !== hash)
    throw new InputRefused('its content does not match its hash: it was changed', where, whatToDo);
  if (!isSigned(hash, signature)) throw new InputRefused('its signature is not valid', where, whatToDo);
  if (trustedKeys && !trustedKeys.includes(signature.publicKey))
    throw new InputRefused(
      `signed with the key ${signature.publicKey}, which this site does not trust`,
      where,
      'add the key to the trusted keys if you know whose it is',
    );
  return file;
}

function isSigned(hash: string, { value, publicKey }: ModelFile['signature']): boolean {
  try {
    return ed25519.verify(hexToBytes(value), hexToBytes(hash), hexToBytes(publicKey));
  } catch {
    // Bytes that are no point of the curve.
    return false;
  }
}
