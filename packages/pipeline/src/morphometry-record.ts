import { DISC_NAMES, VERTEBRA_NAMES } from '@myelon/cord';
import { z } from 'zod';

const count = z.number().int().nonnegative();

const section = z.object({
  /** From 0; a slice of the outline's grid, or of planes across the neck in stacks that run along it. */
  slice: count,
  /** Distance along the cord from its uppermost slice. */
  positionMm: z.number(),
  /** Angle between the cord and the normal of the slice, corrected for; null when a single slice shows none. */
  angleDegrees: z.number().nullable(),
  /** Perpendicular to the cord, as everything below. */
  areaMm2: z.number(),
  apDiameterMm: z.number(),
  transverseDiameterMm: z.number(),
  /** Front-back over left-right diameter. */
  compressionRatio: z.number(),
  eccentricity: z.number(),
  orientationDegrees: z.number(),
  /** From the sub-voxel contour, or from the voxels of an outline that has none. */
  from: z.enum(['contour', 'voxels']),
});

const referenceCord = z.object({ slices: z.array(count), apDiameterMm: z.number(), areaMm2: z.number() });

const compression = z.object({
  slices: z.array(count),
  narrowestSlice: count,
  apDiameterMm: z.number(),
  areaMm2: z.number(),
  compressionRatio: z.number(),
  /** Cord 10 to 30 mm above and below, taken as not compressed. */
  above: referenceCord.nullable(),
  below: referenceCord.nullable(),
  /** Maximum spinal cord compression, a fraction: 1 - d / mean of above and below, front-back diameters. */
  mscc: z.number().nullable(),
  /** The same of areas. */
  areaReduction: z.number().nullable(),
});

/** Size and shape of the cord from its contour; what is measured for diffusion is another, smaller set of voxels. */
export const morphometryRecordSchema = z.object({
  /** True when slices are those of the outline's grid; false: planes across the neck of a stack along it. */
  onSlicesOfOutline: z.boolean(),
  /** How far inside the edge of the image the contours were drawn by choice (a convention of raters), mm. */
  offsetMm: z.number().optional(),
  /** Why there are no sections; absent when there are. */
  missing: z.string().optional(),
  /** From the top of the cord down. */
  sections: z.array(section),
  /** Narrowest level beside what lies above and below: a proposal. Null when none has cord on both sides. */
  proposed: compression.nullable(),
  /** At the slices named as compression; null when none are named. */
  atCompression: compression.nullable(),
});

/** Names of levels along the cord. */
export const levelsRecordSchema = z.object({
  /** How discs that nobody pointed at were placed. */
  basis: z.enum(['spacing', 'spacing and sagittal image']),
  discs: z.array(z.object({ name: z.enum(DISC_NAMES), positionMm: z.number(), known: z.boolean() })),
  slices: z.array(
    z.object({
      slice: count,
      vertebra: z.enum(VERTEBRA_NAMES),
      /** Disc within 4 mm of the slice. */
      disc: z.enum(DISC_NAMES).nullable(),
    }),
  ),
});

export type MorphometryRecord = z.infer<typeof morphometryRecordSchema>;
export type LevelsRecord = z.infer<typeof levelsRecordSchema>;
