import type { CoursePoint } from '../morphometry/cord-course';
import { DISC_NAMES, VERTEBRA_NAMES, type DiscLevel, type DiscName, type VertebraName } from './discs';

/** A slice this near to a disc is called by it, mm. */
const AT_DISC_MM = 4;

/** What a slice is called. */
export interface SliceLevel {
  /** From 0. */
  readonly slice: number;
  /** Vertebra between the discs above and below. */
  readonly vertebra: VertebraName;
  /** Disc within 4 mm. */
  readonly disc: DiscName | null;
}

/** The level of every slice of the cord that lies between known or proposed discs, or one vertebra beyond the last. */
export function sliceLevels(course: readonly CoursePoint[], discs: readonly DiscLevel[]): SliceLevel[] {
  const ordered = [...discs].sort((p, q) => p.positionMm - q.positionMm);
  return course.flatMap(({ slice, positionMm }) => {
    const below = ordered.find((disc) => disc.positionMm >= positionMm);
    const last = ordered.at(-1);
    const index = below ? DISC_NAMES.indexOf(below.name) : last ? DISC_NAMES.indexOf(last.name) + 1 : -1;
    const vertebra = VERTEBRA_NAMES[index];
    if (!vertebra) return [];
    const near = ordered.find((disc) => Math.abs(disc.positionMm - positionMm) <= AT_DISC_MM);
    return [{ slice, vertebra, disc: near?.name ?? null }];
  });
}
