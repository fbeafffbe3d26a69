import type { Vector3 } from '@myelon/diffusion';
import type { NaturalizedInstance } from '../host/ohif';

/** One image of a diffusion series: a classic instance, or one frame of an enhanced one. */
export interface DiffusionFrame {
  readonly instance: NaturalizedInstance;
  /** Frame number, from 1; null for an object that has only one. */
  readonly frame: number | null;
  /** In s/mm2 where a standard attribute says it. */
  readonly bValue: number | null;
  /** Image Position (Patient), LPS mm. */
  readonly position: Vector3 | null;
  /** Row and column direction cosines. */
  readonly orientation: readonly number[] | null;
}

/** Positions closer than this are one slice. */
const SAME_SLICE_MM = 0.01;

/** Every image of the instances, enhanced objects frame by frame. */
export function diffusionFrames(instances: readonly NaturalizedInstance[]): DiffusionFrame[] {
  return instances.flatMap((instance) => {
    const count = Number(instance['NumberOfFrames'] ?? 1);
    if (!(count > 1) && items(instance['PerFrameFunctionalGroupsSequence']).length === 0) {
      return [frameOf(instance, null, [instance])];
    }
    const shared = items(instance['SharedFunctionalGroupsSequence'])[0] ?? {};
    const perFrame = items(instance['PerFrameFunctionalGroupsSequence']);
    return Array.from({ length: Math.max(count, 1) }, (_, index) =>
      frameOf(instance, index + 1, [perFrame[index] ?? {}, shared, instance]),
    );
  });
}

/**
 * The volume that stands for the series on screen: per slice position the frame with the lowest b-value, the first
 * acquired of equals; slices ascend along the normal of the image plane.
 */
export function representativeVolume(frames: readonly DiffusionFrame[]): DiffusionFrame[] {
  const normal = sliceNormal(frames.find((frame) => frame.orientation)?.orientation ?? null);
  const bySlice = new Map<number, DiffusionFrame>();
  for (const frame of frames) {
    const height = normal && frame.position ? dot(normal, frame.position) : 0;
    const slice = Math.round(height / SAME_SLICE_MM);
    const best = bySlice.get(slice);
    if (!best || comesBefore(frame, best)) bySlice.set(slice, frame);
  }
  return [...bySlice.entries()].sort(([p], [q]) => p - q).map(([, frame]) => frame);
}

/** Distance in mm between neighbouring slices; null when it is not the same everywhere, or there is one slice. */
export function regularSpacingMm(volume: readonly DiffusionFrame[]): number | null {
  const normal = sliceNormal(volume[0]?.orientation ?? null);
  if (!normal || volume.length < 2) return null;
  const heights = volume.map((frame) => (frame.position ? dot(normal, frame.position) : Number.NaN));
  const first = heights[0] ?? Number.NaN;
  const last = heights.at(-1) ?? Number.NaN;
  const step = (last - first) / (heights.length - 1);
  const regular = heights.every((height, index) => Math.abs(height - first - index * step) <= 0.1 * step);
  return regular && step > 0 ? step : null;
}

function frameOf(
  instance: NaturalizedInstance,
  frame: number | null,
  levels: readonly Record<string, unknown>[],
): DiffusionFrame {
  const find = (group: string, keyword: string) => {
    for (const level of levels) {
      const value = items(level[group])[0]?.[keyword] ?? level[keyword];
      if (value !== undefined && value !== null) return value;
    }
    return undefined;
  };
  const position = numbers(find('PlanePositionSequence', 'ImagePositionPatient'), 3);
  return {
    instance,
    frame,
    bValue: numbers(find('MRDiffusionSequence', 'DiffusionBValue'), 1)?.[0] ?? null,
    position: position ? [position[0] ?? 0, position[1] ?? 0, position[2] ?? 0] : null,
    orientation: numbers(find('PlaneOrientationSequence', 'ImageOrientationPatient'), 6),
  };
}

function comesBefore(p: DiffusionFrame, q: DiffusionFrame): boolean {
  const byB = (p.bValue ?? Number.POSITIVE_INFINITY) - (q.bValue ?? Number.POSITIVE_INFINITY);
  if (!Number.isNaN(byB) && byB !== 0) return byB < 0;
  const byInstance = instanceNumber(p) - instanceNumber(q);
  return byInstance !== 0 ? byInstance < 0 : (p.frame ?? 0) < (q.frame ?? 0);
}

function instanceNumber(frame: DiffusionFrame): number {
  const number = Number(frame.instance['InstanceNumber']);
  return Number.isFinite(number) ? number : 0;
}

function sliceNormal(orientation: readonly number[] | null): Vector3 | null {
  if (!orientation) return null;
  const [rx = 0, ry = 0, rz = 0, cx = 0, cy = 0, cz = 0] = orientation;
  return [ry * cz - rz * cy, rz * cx - rx * cz, rx * cy - ry * cx];
}

function dot(p: Vector3, q: Vector3): number {
  return p[0] * q[0] + p[1] * q[1] + p[2] * q[2];
}

/** Items of a naturalized sequence: an array, or one object. */
export function items(sequence: unknown): Record<string, unknown>[] {
  if (Array.isArray(sequence)) return sequence as Record<string, unknown>[];
  return typeof sequence === 'object' && sequence !== null ? [sequence as Record<string, unknown>] : [];
}

function numbers(value: unknown, count: number): number[] | null {
  const list = (Array.isArray(value) ? value : [value]).map(Number);
  const usable = value !== undefined && list.length >= count && list.slice(0, count).every(Number.isFinite);
  return usable ? list : null;
}
