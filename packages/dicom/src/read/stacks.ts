import type { Vector3 } from '@myelon/diffusion';
import type { DiffusionFrame } from './diffusion-frame';
import { sameMeasurement } from './group-volumes';
import { distance, dot } from './vectors';

/** Positions further apart than this across the slices, or of whole volumes, are of different stacks. */
const SAME_PLACE_MM = 0.5;
/** More places than this are no stacks but a stack that is not straight. */
const MOST_STACKS = 32;
/** Slices closer together than this are the same slice. */
const SAME_SLICE_MM = 0.02;
/** A gap that is a whole number of slice distances, up to this many, is missing slices rather than two stacks. */
const MOST_MISSING = 3;
const WHOLE_NUMBER_TOLERANCE = 0.05;

/** An object of a series: its first slice, and how many it holds. */
export interface PlacedObject {
  readonly frame: DiffusionFrame;
  readonly slices: number;
}

/**
 * Sorts the objects of one geometry into stacks at different places, as when a scanner stores two blocks of slices in
 * one series. Every stack must be one that could be scanned by itself: two slices or more, and more than one diffusion
 * weighting. Where that does not hold (missing slices, a b0 that lies elsewhere), everything stays together and is
 * judged as one stack.
 */
export function stacksOf<T extends PlacedObject>(objects: readonly T[]): T[][] {
  const stacks = objects.every(({ slices }) => slices === 1)
    ? alike(objects, ({ frame }) => acrossSlices(frame)).flatMap(withoutWideGaps)
    : alike(objects, ({ frame }) => frame.plane.position);
  return stacks.length > 1 && stacks.every(standsAlone) ? stacks : [[...objects]];
}

/** Where the slice lies in its own plane: equal for all slices of a straight stack. */
function acrossSlices({ plane: { row, column, position } }: DiffusionFrame): Vector3 {
  return [dot(position, row), dot(position, column), 0];
}

function alike<T>(objects: readonly T[], placeOf: (object: T) => Vector3): T[][] {
  const groups: { readonly place: Vector3; readonly members: T[] }[] = [];
  for (const object of objects) {
    const place = placeOf(object);
    const home = groups.find((group) => distance(group.place, place) <= SAME_PLACE_MM);
    if (home) home.members.push(object);
    else if (groups.length === MOST_STACKS) return [[...objects]];
    else groups.push({ place, members: [object] });
  }
  return groups.map(({ members }) => members);
}

/** Cuts a row of slices where the distance to the next is far from the usual one. */
function withoutWideGaps<T extends PlacedObject>(objects: readonly T[]): T[][] {
  const [first] = objects;
  if (!first) return [];
  const { normal } = first.frame.plane;
  const placed = objects
    .map((object) => ({ object, at: dot(object.frame.plane.position, normal) }))
    .sort((p, q) => p.at - q.at);
  const gaps = placed.map(({ at }, index) => at - (placed[index - 1]?.at ?? at));
  const steps = gaps.filter((gap) => gap > SAME_SLICE_MM).sort((p, q) => p - q);
  const usual = steps[Math.floor((steps.length - 1) / 2)] ?? 0;
  const stacks: T[][] = [];
  for (const [index, { object }] of placed.entries()) {
    const stack = stacks.at(-1);
    if (!stack || isBetweenStacks(gaps[index] ?? 0, usual)) stacks.push([object]);
    else stack.push(object);
  }
  return stacks;
}

function isBetweenStacks(gap: number, usual: number): boolean {
  const slices = gap / usual;
  if (!(slices > 1 + WHOLE_NUMBER_TOLERANCE)) return false;
  const missing = Math.abs(slices - Math.round(slices)) <= WHOLE_NUMBER_TOLERANCE;
  return !missing || slices > MOST_MISSING + 1 + WHOLE_NUMBER_TOLERANCE;
}

function standsAlone(objects: readonly PlacedObject[]): boolean {
  const [first] = objects;
  if (!first) return false;
  const weightings = objects.some(({ frame }) => !sameMeasurement(first.frame, frame));
  const several = objects.some(
    ({ frame, slices }) =>
      slices > 1 || distance(frame.plane.position, first.frame.plane.position) > SAME_SLICE_MM,
  );
  return weightings && several;
}
