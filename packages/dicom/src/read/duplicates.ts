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
  const first = new Map<string, DiffusionFrame>();
  const repeated = new Map<string, DiffusionFrame>();
  const dropped: LeftOut[] = [];
  const kept = frames.filter((frame) => {
    if (!hasInstanceNumber(frame)) return true;
    const order = frame.order.join(' ');
    const sameOrder = first.get(order);
    if (!sameOrder) {
      // Nearly always; then what the image shows need not be compared.
      first.set(order, frame);
      return true;
    }
    repeated.set(order + keyOf(sameOrder), sameOrder);
    const key = order + keyOf(frame);
    const before = repeated.get(key);
    if (!before) repeated.set(key, frame);
    else dropped.push({ what: frame.name, why: `sent twice: the same image as ${before.sopInstanceUID}` });
    return !before;
  });
  return { frames: kept, dropped };
}

function keyOf({ plane, gradient, columns, rows, echoTimeMs }: DiffusionFrame): string {
  return JSON.stringify([
    plane.position.map((coordinate) => coordinate.toFixed(2)),
    gradient?.bValue,
    gradient?.direction,
    [columns, rows, echoTimeMs],
  ]);
}

/** Series number, instance number, ... ; 0 stands for none. */
function hasInstanceNumber({ order }: DiffusionFrame): boolean {
  return (order[1] ?? 0) !== 0;
}
