import type { DiffusionFrame, LeftOut } from './diffusion-frame';

/**
 * Drops images that were sent twice under two UIDs: same place, same weighting, same series number, instance number,
 * acquisition number and acquisition time. Real repeats differ in at least one of these.
 */
export function withoutDuplicates(frames: readonly DiffusionFrame[]): {
  frames: DiffusionFrame[];
  dropped: LeftOut[];
} {
  const seen = new Map<string, DiffusionFrame>();
  const dropped: LeftOut[] = [];
  const kept = frames.filter((frame) => {
    const key = JSON.stringify([
      frame.plane.position.map((coordinate) => coordinate.toFixed(2)),
      frame.gradient?.bValue,
      frame.gradient?.direction,
      frame.order,
    ]);
    const before = seen.get(key);
    if (!before) {
      seen.set(key, frame);
      return true;
    }
    dropped.push({ what: frame.name, why: `sent twice: the same image as ${before.sopInstanceUID}` });
    return false;
  });
  return { frames: kept, dropped };
}
