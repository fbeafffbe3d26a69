import type { Vector3, VoxelGrid } from '@myelon/diffusion';
import { patientToVoxel, voxelToPatient } from '@myelon/diffusion';
import type { CordMask } from '../cord-mask';

/** Size, place and spread of the cord in the plane of a slice. */
export interface SliceMoments {
  /** Area in the plane of the slice, mm2. */
  readonly areaMm2: number;
  /** Centre of area, LPS mm. */
  readonly centre: Vector3;
  /** Second central moments divided by the area, LPS mm2: xx, xy, xz, yy, yz, zz. */
  readonly spread: readonly [number, number, number, number, number, number];
  readonly from: 'contour' | 'voxels';
}

/** Moments of the polygon through the points of a contour (Green's theorem, exact). */
export function contourMoments(contour: readonly Vector3[], planes: VoxelGrid): SliceMoments | null {
  const points = contour.map((point) => patientToVoxel(planes, point));
  const [first] = points;
  if (!first || points.length < 3) return null;
  let [area, ci, cj, ii, ij, jj] = [0, 0, 0, 0, 0, 0];
  points.forEach((point, at) => {
    const next = points[(at + 1) % points.length] ?? first;
    // Relative to the first point: second moments stay accurate far from the origin.
    const [i0, j0] = [point[0] - first[0], point[1] - first[1]];
    const [i1, j1] = [next[0] - first[0], next[1] - first[1]];
    const cross = i0 * j1 - i1 * j0;
    area += cross / 2;
    ci += ((i0 + i1) * cross) / 6;
    cj += ((j0 + j1) * cross) / 6;
    ii += ((i0 * i0 + i0 * i1 + i1 * i1) * cross) / 12;
    jj += ((j0 * j0 + j0 * j1 + j1 * j1) * cross) / 12;
    ij += ((2 * i0 * j0 + i0 * j1 + i1 * j0 + 2 * i1 * j1) * cross) / 24;
  });
  if (area === 0) return null;
  const [mi, mj] = [ci / area, cj / area];
  return inPatient(planes, {
    pixels: Math.abs(area),
    centre: [first[0] + mi, first[1] + mj, first[2]],
    ii: ii / area - mi * mi,
    ij: ij / area - mi * mj,
    jj: jj / area - mj * mj,
    from: 'contour',
  });
}

/** Moments of the cord voxels of a slice; each voxel counts with its own extent. */
export function voxelMoments({ grid, labels }: CordMask, slice: number): SliceMoments | null {
  const perSlice = grid.columns * grid.rows;
  let [n, si, sj, sii, sij, sjj] = [0, 0, 0, 0, 0, 0];
  for (let at = 0; at < perSlice; at++) {
    if ((labels[slice * perSlice + at] ?? 0) === 0) continue;
    const [i, j] = [at % grid.columns, Math.floor(at / grid.columns)];
    n += 1;
    si += i;
    sj += j;
    sii += i * i;
    sij += i * j;
    sjj += j * j;
  }
  if (n === 0) return null;
  const [mi, mj] = [si / n, sj / n];
  // A square of side 1 has a variance of 1/12 of its own.
  return inPatient(grid, {
    pixels: n,
    centre: [mi, mj, slice],
    ii: sii / n - mi * mi + 1 / 12,
    ij: sij / n - mi * mj,
    jj: sjj / n - mj * mj + 1 / 12,
    from: 'voxels',
  });
}

interface PixelMoments {
  readonly pixels: number;
  readonly centre: Vector3;
  readonly ii: number;
  readonly ij: number;
  readonly jj: number;
  readonly from: SliceMoments['from'];
}

function inPatient(grid: VoxelGrid, { pixels, centre, ii, ij, jj, from }: PixelMoments): SliceMoments {
  const a = grid.affine;
  const column = [a[0], a[4], a[8]] as const;
  const row = [a[1], a[5], a[9]] as const;
  const along = (p: 0 | 1 | 2, q: 0 | 1 | 2) =>
    ii * column[p] * column[q] + ij * (column[p] * row[q] + row[p] * column[q]) + jj * row[p] * row[q];
  const pixelMm2 = Math.hypot(
    column[1] * row[2] - column[2] * row[1],
    column[2] * row[0] - column[0] * row[2],
    column[0] * row[1] - column[1] * row[0],
  );
  return {
    areaMm2: pixels * pixelMm2,
    centre: voxelToPatient(grid, centre),
    spread: [along(0, 0), along(0, 1), along(0, 2), along(1, 1), along(1, 2), along(2, 2)],
    from,
  };
}
