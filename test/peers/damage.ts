/** Seeded damage to files, as disks, networks and careless programs do it. */
export type Random = () => number;

/** Mulberry32: numbers in [0, 1) from a seed. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A damaged copy of a file, and what was done to it. */
export function damaged(bytes: Uint8Array, random: Random): { bytes: Uint8Array; how: string } {
  const [name, damage] = DAMAGES[Math.floor(random() * DAMAGES.length)]!;
  const copy = bytes.slice();
  return { bytes: damage(copy, random), how: name };
}

type Damage = (bytes: Uint8Array, random: Random) => Uint8Array;

/** Most damage matters in the header, which is at the front. */
function somewhere(bytes: Uint8Array, random: Random): number {
  return Math.floor(132 + random() ** 3 * (bytes.length - 132));
}

const DAMAGES: readonly (readonly [string, Damage])[] = [
  [
    'flipped bits',
    (bytes, random) => {
      for (let count = 1 + Math.floor(random() * 30); count > 0; count--)
        bytes[somewhere(bytes, random)]! ^= 1 << Math.floor(random() * 8);
      return bytes;
    },
  ],
  ['cut off', (bytes, random) => bytes.subarray(0, somewhere(bytes, random))],
  [
    'extreme numbers',
    (bytes, random) => {
      const at = somewhere(bytes, random) & ~1;
      const value = [0, 0xff, 0x7f, 0x80][Math.floor(random() * 4)]!;
      return bytes.fill(value, at, at + [2, 4, 8][Math.floor(random() * 3)]!);
    },
  ],
  [
    'bytes missing in the middle',
    (bytes, random) => {
      const at = somewhere(bytes, random);
      const length = 1 + Math.floor(random() * 400);
      bytes.copyWithin(at, at + length);
      return bytes.subarray(0, bytes.length - length);
    },
  ],
  [
    'one element overwritten by another',
    (bytes, random) => {
      const from = somewhere(bytes, random);
      bytes.copyWithin(somewhere(bytes, random), from, from + Math.floor(random() * 200));
      return bytes;
    },
  ],
  [
    'absurd matrix or frames',
    (bytes, random) => {
      const wanted = [
        [0x28, 0, 0x10, 0],
        [0x28, 0, 0x11, 0],
        [0x28, 0, 0, 1],
        [0x28, 0, 8, 0],
        [0x28, 0, 1, 1],
      ][Math.floor(random() * 5)]!;
      for (let at = 132; at + 12 < bytes.length; at++)
        if (wanted.every((byte, index) => bytes[at + index] === byte)) {
          bytes[at + 8] = Math.floor(random() * 256);
          bytes[at + 9] = Math.floor(random() * 256);
          break;
        }
      return bytes;
    },
  ],
  [
    'elements renamed',
    (bytes, random) => {
      // An explicit element starts with its tag and two capital letters; another tag takes it away.
      const isCapital = (byte: number | undefined) => byte !== undefined && byte >= 65 && byte <= 90;
      let left = 1 + Math.floor(random() * 4);
      for (let at = somewhere(bytes, random) & ~1; at + 8 < bytes.length && left > 0; at += 2)
        if (isCapital(bytes[at + 4]) && isCapital(bytes[at + 5]) && bytes[at + 3]! < 0x30) {
          bytes[at + 2]! ^= 0x80;
          left--;
        }
      return bytes;
    },
  ],
  [
    'sequences in sequences without end',
    (bytes, random) => {
      const at = somewhere(bytes, random) & ~1;
      const open = [
        0x08, 0, 0x40, 0x11, 0x53, 0x51, 0, 0, 255, 255, 255, 255, 0xfe, 0xff, 0, 0xe0, 255, 255, 255, 255,
      ];
      const depth = Math.floor(random() * 5000);
      const deep = new Uint8Array(bytes.length + depth * open.length);
      deep.set(bytes.subarray(0, at));
      for (let level = 0; level < depth; level++) deep.set(open, at + level * open.length);
      deep.set(bytes.subarray(at), at + depth * open.length);
      return deep;
    },
  ],
];
