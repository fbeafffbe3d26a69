import { patientToVoxel, type Vector3, type VoxelGrid } from '@myelon/diffusion';
import { pointOnCourse, tangentOnCourse, type CoursePoint } from '../morphometry/cord-course';

/** Mean intensity of vertebrae and discs in front of the cord, against the position along it. */
export interface SpineProfile {
  /** NaN where the image does not reach. */
  readonly values: Float32Array;
  /** Position along the cord of the first value, mm. */
  readonly startMm: number;
  readonly stepMm: number;
}

/** Vertebral bodies and discs lie this far in front of the middle of the cord, mm. */
const IN_FRONT_MM = [10, 18] as const;
/** Half the width to the left and right over which is averaged, mm. */
const SIDE_MM = 4;
const STEP_MM = 0.5;
/** The course is followed straight on beyond its ends, mm. */
const BEYOND_MM = 60;

/**
 * @param image one value per voxel of `grid`; a sagittal T2 (any image of the spine in the frame of the cord will do)
 * @param course the cord, as its outline gives it
 * @returns null when no part of the spine lies in the image
 */
export function spineProfile(
  image: Float32Array,
  grid: VoxelGrid,
  course: readonly CoursePoint[],
): SpineProfile | null {
  const [first, last] = [course[0], course.at(-1)];
  if (!first || !last) return null;
  const startMm = first.positionMm - BEYOND_MM;
  const count = Math.floor((last.positionMm + BEYOND_MM - startMm) / STEP_MM) + 1;
  const values = Float32Array.from({ length: count }, (_, at) => {
    const positionMm = startMm + at * STEP_MM;
    const centre = pointOnCourse(course, positionMm);
    return centre ? meanInFront(image, grid, centre, tangentOnCourse(course, positionMm)) : Number.NaN;
  });
  return values.some(Number.isFinite) ? { values, startMm, stepMm: STEP_MM } : null;
}

/** Discs lie across the canal, so "in front" is perpendicular to the cord. */
function meanInFront(
  image: Float32Array,
  grid: VoxelGrid,
  [x, y, z]: Vector3,
  [tx, ty, tz]: Vector3,
): number {
  const ahead = [tx * ty, ty * ty - 1, ty * tz] as const;
  const length = Math.hypot(...ahead);
  const [fx, fy, fz] = [ahead[0] / length, ahead[1] / length, ahead[2] / length];
  let sum = 0;
  let count = 0;
  for (let front = IN_FRONT_MM[0]; front <= IN_FRONT_MM[1]; front++)
    for (let side = -SIDE_MM; side <= SIDE_MM; side += 2) {
      const value = nearest(image, grid, [x + side + front * fx, y + front * fy, z + front * fz]);
      if (!Number.isFinite(value)) continue;
      sum += value;
      count += 1;
    }
  return count >= 9 ? sum / count : Number.NaN;
}

function nearest(image: Float32Array, grid: VoxelGrid, point: Vector3): number {
  const [i, j, k] = patientToVoxel(grid, point).map(Math.round);
  if (i === undefined || j === undefined || k === undefined) return Number.NaN;
  if (i < 0 || j < 0 || k < 0 || i >= grid.columns || j >= grid.rows || k >= grid.slices) return Number.NaN;
  return image[(k * grid.rows + j) * grid.columns + i] ?? Number.NaN;
}
