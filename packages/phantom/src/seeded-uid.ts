import { randomStream } from './random';

/**
 * A UID that is always the same for this seed and purpose: a version 4 UUID under 2.25 (PS3.5 B.2) whose bits come
 * from the seeded generator. For made-up studies only: real objects need unique UIDs.
 */
export function seededUID(seed: number, purpose: string): string {
  const random = randomStream(seed, `uid ${purpose}`);
  let value = 0n;
  for (let part = 0; part < 4; part++)
    value = (value << 32n) | BigInt(Math.floor(random.uniform() * 2 ** 32));
  const versionAndVariant = (0xfn << 76n) | (0x3n << 62n);
  value = (value & ~versionAndVariant) | (0x4n << 76n) | (0x2n << 62n);
  return `2.25.${value.toString()}`;
}
