/**
 * Frames of one bit per pixel, packed as PS3.5 section 8.2 says: lowest bit first, running on across frame borders
 * without padding, so a frame of 15 x 15 pixels does not start at a byte.
 */
export function packFrames(frames: readonly Uint8Array[]): Uint8Array {
  const bits = frames.reduce((sum, frame) => sum + frame.length, 0);
  const packed = new Uint8Array(Math.ceil(bits / 8));
  let at = 0;
  for (const frame of frames) {
    for (const pixel of frame) {
      if (pixel !== 0) packed[at >> 3] = (packed[at >> 3] ?? 0) | (1 << (at & 7));
      at += 1;
    }
  }
  return packed;
}

/** Frame `index` (from 0) of packed frames, one byte of 0 or 1 per pixel. */
export function unpackFrame(packed: Uint8Array, index: number, pixelsPerFrame: number): Uint8Array {
  const start = index * pixelsPerFrame;
  return Uint8Array.from({ length: pixelsPerFrame }, (_, pixel) => {
    const at = start + pixel;
    return ((packed[at >> 3] ?? 0) >> (at & 7)) & 1;
  });
}
