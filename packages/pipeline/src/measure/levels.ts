import {
  nearestOnCourse,
  proposeDiscs,
  sliceLevels,
  spineProfile,
  VERTEBRA_NAMES,
  type CordMask,
  type CordSections,
  type DiscName,
} from '@myelon/cord';
import { InputRefused, sameGrid, type Vector3, type VoxelGrid } from '@myelon/diffusion';
import type { LevelsRecord, MorphometryRecord } from '../morphometry-record';
import { regionOfSlices, type Region } from './regions';

/** A disc that a person knows: a point in the patient (LPS mm), or a slice of the outline's grid, from 0. */
export interface KnownDisc {
  readonly name: DiscName;
  readonly at: { readonly pointMm: Vector3 } | { readonly slice: number };
}

export interface LevelsRequest {
  readonly discs: readonly KnownDisc[];
  /** Sagittal T2 of the same frame of reference, to find the other discs in; without it by spacing alone. */
  readonly sagittal?: { readonly image: Float32Array; readonly grid: VoxelGrid };
}

/** A point further from the cord than this is no disc of it, mm. */
const FARTHEST_DISC_MM = 40;

/**
 * Names levels from the discs that are known.
 * @throws InputRefused when a disc lies in no slice of the cord or far from it, or the discs contradict each other
 */
export function levelsOf({ course }: CordSections, { discs, sagittal }: LevelsRequest): LevelsRecord {
  const known = discs.map(({ name, at }) => {
    if ('slice' in at) {
      const point = course.find(({ slice }) => slice === at.slice);
      if (!point) throw refused(`${name} is put at slice ${String(at.slice + 1)}, which holds no cord`);
      return { name, positionMm: point.positionMm };
    }
    const foot = nearestOnCourse(course, at.pointMm);
    if (!foot || foot.distanceMm > FARTHEST_DISC_MM)
      throw refused(`${name} lies ${foot ? foot.distanceMm.toFixed(0) : '?'} mm from the cord`);
    return { name, positionMm: foot.positionMm };
  });
  const profile = sagittal ? spineProfile(sagittal.image, sagittal.grid, course) : null;
  const proposed = proposeDiscs(known, profile);
  return {
    basis: profile ? 'spacing and sagittal image' : 'spacing',
    discs: proposed.map((disc) => ({ ...disc })),
    slices: sliceLevels(course, proposed).map((level) => ({ ...level })),
  };
}

const refused = (what: string) =>
  new InputRefused(
    what,
    'levels',
    'give a slice of the cord, or a point near it in patient coordinates (LPS, mm)',
  );

/**
 * Regions beside the ordinary ones: each named vertebral level from the top down, and the patient's own reference, the
 * cord 10 to 30 mm above the compression (below, where there is none above).
 */
export function levelRegionsOf(
  mask: CordMask,
  { planes }: CordSections,
  levels: LevelsRecord | null,
  morphometry: MorphometryRecord,
): Region[] {
  if (!sameGrid(planes, mask.grid)) return [];
  const named = VERTEBRA_NAMES.flatMap((vertebra) => {
    const slices = (levels?.slices ?? [])
      .filter((one) => one.vertebra === vertebra)
      .map(({ slice }) => slice);
    return slices.length === 0 ? [] : [regionOfSlices(mask, `level-${vertebra}`, vertebra, 'level', slices)];
  });
  const { above, below } = morphometry.atCompression ?? { above: null, below: null };
  const side = above ? 'above' : 'below';
  const reference = above ?? below;
  if (!reference) return named;
  const name = `Reference ${side} the compression`;
  return [...named, regionOfSlices(mask, 'reference', name, 'reference', reference.slices)];
}
