import { compareOrder } from './acquisition-order';
import type { DiffusionFrame } from './diffusion-frame';
import type { GradientReading } from './gradients/gradient-reading';

/** Frames of one volume, by slice. Complete when every slice has exactly one frame. */
export interface FrameGroup {
  /** Frames in slice order; a slice that is missing has no entry. */
  readonly frames: ReadonlyMap<number, DiffusionFrame>;
  /** Frames that claim a slice another frame already holds. */
  readonly surplus: readonly DiffusionFrame[];
}

type SliceOf = (frame: DiffusionFrame) => number | undefined;

/**
 * Sorts frames into volumes, in the order the scanner gives or they were acquired.
 *
 * The scanner's own volume keys are tried first. They are dropped when they put images of different b-value or
 * direction into one volume, or give fewer complete volumes than grouping by what the images measure: equal b-value
 * and direction, and for repeats of the same weighting the k-th image at each position in acquisition order.
 */
export function groupVolumes(
  frames: readonly DiffusionFrame[],
  sliceOf: SliceOf,
  slices: number,
): FrameGroup[] {
  const measured = byMeasurement(frames, sliceOf);
  const keyed = byScannerKey(frames, sliceOf);
  if (!keyed?.every(isUniform)) return measured;
  const complete = (groups: readonly FrameGroup[]) =>
    groups.filter((group) => group.frames.size === slices && group.surplus.length === 0).length;
  return complete(keyed) >= complete(measured) ? keyed : measured;
}

function byScannerKey(frames: readonly DiffusionFrame[], sliceOf: SliceOf): FrameGroup[] | undefined {
  if (frames.some((frame) => frame.volumeKey === undefined)) return undefined;
  // The tiles of one image share their key.
  const written = new Map<DiffusionFrame['volumeKey'], string>();
  const groups = groupedBy(frames, ({ volumeKey }) => {
    let text = written.get(volumeKey);
    if (text === undefined) written.set(volumeKey, (text = JSON.stringify(volumeKey)));
    return text;
  });
  return groups.sort((p, q) => compareGroups(p, q)).map((members) => frameGroup(members, sliceOf));
}

/** By the numbers of the key where it is all numbers (dimension indices, Philips orders), else by acquisition. */
function compareGroups(p: readonly DiffusionFrame[], q: readonly DiffusionFrame[]): number {
  const [keyP, keyQ] = [p[0]?.volumeKey ?? [], q[0]?.volumeKey ?? []];
  const sameObject = typeof keyP[0] !== 'string' || keyP[0] === keyQ[0];
  if (!sameObject) return compareOrder(earliest(p), earliest(q));
  const byKey = compareOrder(numbersOf(keyP), numbersOf(keyQ));
  return byKey === 0 ? compareOrder(earliest(p), earliest(q)) : byKey;
}

function numbersOf(key: readonly (number | string)[]): number[] {
  return key.filter((part): part is number => typeof part === 'number');
}

function byMeasurement(frames: readonly DiffusionFrame[], sliceOf: SliceOf): FrameGroup[] {
  const volumes: DiffusionFrame[][] = [];
  for (const alike of groupedBy(frames, measurementKey)) {
    const repeats: DiffusionFrame[][] = [];
    const taken = new Map<number, number>();
    for (const frame of [...alike].sort((p, q) => compareOrder(p.order, q.order))) {
      const slice = sliceOf(frame) ?? -1;
      const repeat = taken.get(slice) ?? 0;
      taken.set(slice, repeat + 1);
      (repeats[repeat] ??= []).push(frame);
    }
    volumes.push(...repeats);
  }
  return volumes
    .sort((p, q) => compareOrder(earliest(p), earliest(q)))
    .map((members) => frameGroup(members, sliceOf));
}

/** Rounded far below what separates two weightings, far above how one weighting is written in two headers. */
function measurementKey({ gradient }: DiffusionFrame): string {
  if (!gradient) return 'none';
  let key = measurementKeys.get(gradient);
  if (key === undefined) measurementKeys.set(gradient, (key = keyOfGradient(gradient)));
  return key;
}

/** Asked for several times per image, and shared by the tiles of one. */
const measurementKeys = new WeakMap<GradientReading, string>();

function keyOfGradient(gradient: GradientReading): string {
  const direction = gradient.direction?.map((component) => component.toFixed(4)) ?? [];
  return [gradient.bValue.toFixed(4), gradient.directionality, ...direction]
    .join(' ')
    .replaceAll('-0.0000', '0.0000');
}

/** True when two images have the same b-value and direction. */
export function sameMeasurement(p: DiffusionFrame, q: DiffusionFrame): boolean {
  return measurementKey(p) === measurementKey(q);
}

function isUniform(group: FrameGroup): boolean {
  const keys = new Set([...group.frames.values(), ...group.surplus].map(measurementKey));
  return keys.size <= 1;
}

function frameGroup(members: readonly DiffusionFrame[], sliceOf: SliceOf): FrameGroup {
  const frames = new Map<number, DiffusionFrame>();
  const surplus: DiffusionFrame[] = [];
  for (const frame of [...members].sort((p, q) => compareOrder(p.order, q.order))) {
    const slice = sliceOf(frame);
    if (slice === undefined || frames.has(slice)) surplus.push(frame);
    else frames.set(slice, frame);
  }
  return { frames, surplus };
}

function earliest(members: readonly DiffusionFrame[]): readonly number[] {
  return members.map((frame) => frame.order).reduce((p, q) => (compareOrder(p, q) <= 0 ? p : q), [Infinity]);
}

function groupedBy(
  frames: readonly DiffusionFrame[],
  keyOf: (frame: DiffusionFrame) => string,
): DiffusionFrame[][] {
  const groups = new Map<string, DiffusionFrame[]>();
  for (const frame of frames) {
    const key = keyOf(frame);
    const group = groups.get(key);
    if (group) group.push(frame);
    else groups.set(key, [frame]);
  }
  return [...groups.values()];
}
