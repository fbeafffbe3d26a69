import { InputRefused, sameGrid, voxelToPatient, type Vector3, type VoxelGrid } from '@myelon/diffusion';
import type { CordMask } from '../cord-mask';
import { axialView, whyNoSections } from '../outline/axial-view';
import { resampleMask } from '../resample-mask';
import { cordCourse, type CoursePoint } from './cord-course';
import { contourMoments, voxelMoments, type SliceMoments } from './slice-moments';

const { abs, acos, atan2, hypot, max, min, PI, sqrt } = Math;

/** Size and shape of the cord across its own course at one slice. */
export interface CordSection {
  /** Slice of {@link CordSections.planes}, from 0. */
  readonly slice: number;
  /** Distance along the cord from its uppermost slice, mm. */
  readonly positionMm: number;
  /** Centre of area, LPS mm. */
  readonly centre: Vector3;
  /** Angle between the cord and the normal of the slice; null with a single slice, which cannot be corrected. */
  readonly angleDegrees: number | null;
  /** Cross-sectional area perpendicular to the cord, mm2. */
  readonly areaMm2: number;
  /** Front-back and left-right axes of the ellipse with the same second moments, perpendicular to the cord, mm. */
  readonly apDiameterMm: number;
  readonly transverseDiameterMm: number;
  /** Of that ellipse: 0 round, towards 1 flat. */
  readonly eccentricity: number;
  /** How far its left-right axis is turned, degrees; positive: the left side lies further back. */
  readonly orientationDegrees: number;
  /** Front-back over left-right diameter. */
  readonly compressionRatio: number;
  readonly from: 'contour' | 'voxels';
}

export interface CordSections {
  /** Grid whose slices cross the cord: that of the mask, or its axes in another order (sagittal stacks). */
  readonly planes: VoxelGrid;
  /** From the top of the cord down. */
  readonly sections: readonly CordSection[];
  /** Why there are none; absent when there are. */
  readonly missing?: string;
  readonly course: readonly CoursePoint[];
}

/** Contours where the mask still is what they enclose; null for slices that were edited. */
export interface SliceContours {
  readonly planes: VoxelGrid;
  readonly contours: readonly (readonly Vector3[] | null)[];
}

/**
 * Area, diameters and shape of the cord slice by slice, corrected for the angle between cord and slice: the outline is
 * projected along the cord onto the plane across it. From the sub-voxel contour where there is one, else from voxels
 * (whose area scatters by some 2 to 3 %). Thick sagittal slices show no cross-section: there is only the course then.
 */
export function cordSections(mask: CordMask, drawn: SliceContours | null = null): CordSections {
  const axial = drawn && sameGrid(drawn.planes, mask.grid) ? mask : onAxialPlanes(mask, drawn);
  if (!axial) return { planes: mask.grid, sections: [], course: [], missing: 'the slices lie too far apart' };
  const moments = Array.from({ length: axial.grid.slices }, (_, slice): SliceMoments | null => {
    const contour = drawn?.contours[slice];
    return (contour && contourMoments(contour, axial.grid)) ?? voxelMoments(axial, slice);
  });
  const course = cordCourse(moments.flatMap((one, slice) => (one ? [{ slice, centre: one.centre }] : [])));
  const missing = whyNoSections(axial.grid);
  if (missing !== null) return { planes: axial.grid, sections: [], course, missing };
  const normal = normalOf(axial.grid);
  const sections = course.flatMap((point) => {
    const one = moments[point.slice];
    return one ? [section(point, one, normal)] : [];
  });
  return { planes: axial.grid, sections, course };
}

/** Null for stacks along the neck whose slices are too thick to show the cord across. */
function onAxialPlanes(mask: CordMask, drawn: SliceContours | null): CordMask | null {
  if (drawn) return resampleMask(mask, drawn.planes);
  try {
    const view = axialView(Float32Array.from(mask.labels), mask.grid);
    return { ...mask, grid: view.grid, labels: Uint8Array.from(view.image) };
  } catch (error) {
    if (error instanceof InputRefused) return null;
    throw error;
  }
}

function section(point: CoursePoint, moments: SliceMoments, normal: Vector3): CordSection {
  const along = point.tangent ?? normal;
  const cosine = abs(dot(along, normal));
  const [left, back] = acrossAxes(along);
  const [uu, uv, vv] = [
    spreadOf(moments, left, left),
    spreadOf(moments, left, back),
    spreadOf(moments, back, back),
  ];
  const middle = (uu + vv) / 2;
  const half = sqrt(((uu - vv) / 2) ** 2 + uv * uv);
  const [most, least] = [4 * sqrt(middle + half), 4 * sqrt(max(middle - half, 0))];
  // Axis of the largest spread, from the left towards the back.
  const turn = (atan2(2 * uv, uu - vv) / 2) * (180 / PI);
  const wide = abs(turn) <= 45;
  const [transverse, ap] = wide ? [most, least] : [least, most];
  return {
    slice: point.slice,
    positionMm: point.positionMm,
    centre: moments.centre,
    angleDegrees: point.tangent ? (acos(min(cosine, 1)) * 180) / PI : null,
    areaMm2: moments.areaMm2 * cosine,
    apDiameterMm: ap,
    transverseDiameterMm: transverse,
    eccentricity: sqrt(max(1 - (least / most) ** 2, 0)),
    orientationDegrees: wide ? turn : turn - 90 * Math.sign(turn),
    compressionRatio: ap / transverse,
    from: moments.from,
  };
}

/** Unit vectors to the left and to the back, perpendicular to the cord. */
function acrossAxes(along: Vector3): [Vector3, Vector3] {
  const left: Vector3 = [1 - along[0] ** 2, -along[0] * along[1], -along[0] * along[2]];
  const length = hypot(...left);
  const unit: Vector3 = [left[0] / length, left[1] / length, left[2] / length];
  return [unit, cross(along, unit)];
}

function spreadOf({ spread: [xx, xy, xz, yy, yz, zz] }: SliceMoments, p: Vector3, q: Vector3): number {
  return (
    xx * p[0] * q[0] +
    yy * p[1] * q[1] +
    zz * p[2] * q[2] +
    xy * (p[0] * q[1] + p[1] * q[0]) +
    xz * (p[0] * q[2] + p[2] * q[0]) +
    yz * (p[1] * q[2] + p[2] * q[1])
  );
}

function normalOf(grid: VoxelGrid): Vector3 {
  const origin = voxelToPatient(grid, [0, 0, 0]);
  const edge = (index: Vector3): Vector3 => {
    const [x, y, z] = voxelToPatient(grid, index);
    return [x - origin[0], y - origin[1], z - origin[2]];
  };
  const normal = cross(edge([1, 0, 0]), edge([0, 1, 0]));
  const length = hypot(...normal) * (normal[2] < 0 ? -1 : 1);
  return [normal[0] / length, normal[1] / length, normal[2] / length];
}

function cross(p: Vector3, q: Vector3): Vector3 {
  return [p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]];
}

const dot = (p: Vector3, q: Vector3) => p[0] * q[0] + p[1] * q[1] + p[2] * q[2];
