import type { DiffusionFrame, LeftOut } from './diffusion-frame';

/**
 * Drops images that were sent twice under two UIDs: same place, matrix, weighting and echo time, same series number, instance number,
 * acquisition number and acquisition time. Real repeats differ in at least one of these; where headers have no
 * instance numbers it cannot be told, and everything is kept.
 */
export function withoutDuplicates(frames: readonly DiffusionFrame[]): {
  frames: DiffusionFrame[];
  dropped: LeftOut[];
} {
  const seen = new Map<string, DiffusionFrame>();
  const dropped: LeftOut[] = [];
  const kept = frames.filter((frame) => {
    if (!hasInstanceNumber(frame)) return true;
    const key = JSON.stringify([
      frame.plane.position.map((coordinate) => coordinate.toFixed(2)),
      frame.gradient?.bValue,
      frame.gradient?.direction,
      frame.order,
      [frame.columns, frame.rows, frame.echoTimeMs],
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

/** Series number, instance number, ... ; 0 stands for none. */
function hasInstanceNumber({ order }: DiffusionFrame): boolean {
  return (order[1] ?? 0) !== 0;
}
