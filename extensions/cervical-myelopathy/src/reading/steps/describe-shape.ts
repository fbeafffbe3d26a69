import { pointOnCourse, tangentOnCourse, type CoursePoint } from '@myelon/cord';
import type { Vector3 } from '@myelon/diffusion';
import {
  levelsOf,
  morphometryOf,
  sectionsOf,
  type KnownDisc,
  type MorphometryRecord,
} from '@myelon/pipeline';
import type { LevelLine } from '../../host/viewer-host';
import { patch, type ReadingContext } from '../reading-context';
import type { LevelsReading } from '../reading-state';
import { problemOf } from '../tasks';

/** Ends of a disc line from the middle of the cord, in front of it, mm. */
const LINE_MM = [4, 24] as const;

/**
 * Size and shape of the cord along its course, the narrowest level, and the names of levels, from the outline as it is
 * now. Takes milliseconds; needs no fit.
 */
export function describeShape(context: ReadingContext): void {
  const { mask, store, host } = context;
  const { outline, levels } = store.getState().cord;
  if (!mask) return;
  const sections = sectionsOf(mask, outline);
  const morphometry = morphometryOf(sections, mask, store.getState().metrics.compressionSlices);
  context.course = sections.course;
  const named = namedLevels(context, levels.known);
  patch(context, 'cord', { morphometry, levels: { ...levels, ...named } });
  patch(context, 'metrics', { narrowestSlice: narrowest(morphometry) });
  host.anatomy.showLevels(lines(context.course, named.record));
}

/** Levels by the discs a person knows; what contradicts itself is said, and the levels before it are gone. */
export function namedLevels(
  { course, sagittal, mask, store }: ReadingContext,
  known: readonly KnownDisc[],
): Pick<LevelsReading, 'record' | 'refused'> {
  if (known.length === 0 || course.length === 0 || !mask) return { record: null, refused: null };
  try {
    const sections = sectionsOf(mask, store.getState().cord.outline);
    return { record: levelsOf(sections, { discs: known, ...(sagittal && { sagittal }) }), refused: null };
  } catch (error) {
    return { record: null, refused: problemOf(error) };
  }
}

/**
 * The narrowest level beside what lies above and below; in stacks too short for that the slice with the smallest
 * front-back diameter, away from the ends. Planes across the neck are no slices that could be marked.
 */
function narrowest({ onSlicesOfOutline, proposed, sections }: MorphometryRecord): number | null {
  if (!onSlicesOfOutline) return null;
  if (proposed) return proposed.narrowestSlice;
  const inner = sections.length > 2 ? sections.slice(1, -1) : sections;
  const [first] = inner;
  if (!first) return null;
  return inner.reduce((least, one) => (one.apDiameterMm < least.apDiameterMm ? one : least), first).slice;
}

/** Disc lines in front of the cord, across it. */
function lines(course: readonly CoursePoint[], record: LevelsReading['record']): LevelLine[] {
  return (record?.discs ?? []).flatMap(({ name, positionMm, known }) => {
    const centre = pointOnCourse(course, positionMm);
    if (!centre) return [];
    const ahead = inFront(tangentOnCourse(course, positionMm));
    const at = (mm: number): Vector3 => [
      centre[0] + mm * ahead[0],
      centre[1] + mm * ahead[1],
      centre[2] + mm * ahead[2],
    ];
    return [{ name, from: at(LINE_MM[0]), to: at(LINE_MM[1]), known }];
  });
}

/** Unit vector to the front, perpendicular to the cord (LPS: the front is -y). */
function inFront([x, y, z]: Vector3): Vector3 {
  const ahead: Vector3 = [x * y, y * y - 1, y * z];
  const length = Math.hypot(...ahead);
  return [ahead[0] / length, ahead[1] / length, ahead[2] / length];
}
