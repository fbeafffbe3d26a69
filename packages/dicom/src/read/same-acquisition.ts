import type { DiffusionFrame } from './diffusion-frame';
import { distance } from './vectors';

const DIRECTION_TOLERANCE = 1e-3;
const SPACING_TOLERANCE_MM = 1e-3;
/** Scanners round echo times; two echoes of one sequence lie further apart. */
const ECHO_TIME_TOLERANCE_MS = 1;
const REPETITION_TIME_TOLERANCE = 0.05;

/**
 * What differs between two images so that they cannot be of one acquisition, in words; undefined when nothing does.
 * What a header does not say does not differ.
 */
export function acquisitionDifference(p: DiffusionFrame, q: DiffusionFrame): string | undefined {
  if (p.columns !== q.columns || p.rows !== q.rows) return 'matrix';
  const turned =
    distance(p.plane.row, q.plane.row) > DIRECTION_TOLERANCE ||
    distance(p.plane.column, q.plane.column) > DIRECTION_TOLERANCE;
  if (turned) return 'orientation';
  if (
    Math.abs(p.plane.rowSpacingMm - q.plane.rowSpacingMm) > SPACING_TOLERANCE_MM ||
    Math.abs(p.plane.columnSpacingMm - q.plane.columnSpacingMm) > SPACING_TOLERANCE_MM
  )
    return 'pixel spacing';
  if (differ(p.frameOfReferenceUID, q.frameOfReferenceUID, (a, b) => a !== b)) return 'frame of reference';
  if (differ(p.echoTimeMs, q.echoTimeMs, (a, b) => Math.abs(a - b) > ECHO_TIME_TOLERANCE_MS))
    return 'echo time';
  return undefined;
}

/** "repetition time differs ...", or undefined. It changes T1 weighting, not geometry: a warning, no refusal. */
export function repetitionTimeWarning(frames: readonly DiffusionFrame[]): string | undefined {
  const known = frames.flatMap(({ repetitionTimeMs }) => repetitionTimeMs ?? []);
  const shortest = known.reduce((least, time) => Math.min(least, time), Infinity);
  const longest = known.reduce((most, time) => Math.max(most, time), 0);
  if (longest <= shortest * (1 + REPETITION_TIME_TOLERANCE)) return undefined;
  const range = `${shortest.toFixed(0)} to ${longest.toFixed(0)} ms`;
  return `repetition time differs between images (${range}): b0 and weighted images differ in more than diffusion`;
}

function differ<T>(p: T | undefined, q: T | undefined, apart: (p: T, q: T) => boolean): boolean {
  return p !== undefined && q !== undefined && apart(p, q);
}
