import { patientToVoxel, voxelCount, type Vector3, type VoxelGrid } from '@myelon/diffusion';
import type { CordMask } from '../cord-mask';
import type { CordOutline } from '../outline/outline-cord';
import { insidePolygon } from '../outline/shape';

const { floor, max, min } = Math;

/** Share of every voxel that is cord, 0 to 1, on the grid of the outline. */
export interface CordFraction {
  readonly grid: VoxelGrid;
  readonly fraction: Float32Array;
}

/** Sub-samples of a voxel along each axis of the slice. */
const SAMPLES = 4;

/** From the sub-voxel contours where there are some, else from whole voxels. */
export function cordFraction(shape: CordMask | CordOutline): CordFraction {
  if ('labels' in shape)
    return { grid: shape.grid, fraction: Float32Array.from(shape.labels, (label) => (label > 0 ? 1 : 0)) };
  const { planes, contours } = shape;
  const fraction = new Float32Array(voxelCount(planes));
  contours.forEach((contour, slice) => {
    if (contour) fillSlice(fraction, planes, slice, contour);
  });
  return { grid: planes, fraction };
}

function fillSlice(
  fraction: Float32Array,
  grid: VoxelGrid,
  slice: number,
  contour: readonly Vector3[],
): void {
  const polygon = contour.map((point) => {
    const [u, v] = patientToVoxel(grid, point);
    return { u, v };
  });
  const reach = (values: readonly number[], size: number) =>
    [max(floor(min(...values)) - 1, 0), min(floor(max(...values)) + 2, size - 1)] as const;
  const [left, right] = reach(
    polygon.map(({ u }) => u),
    grid.columns,
  );
  const [top, bottom] = reach(
    polygon.map(({ v }) => v),
    grid.rows,
  );
  for (let row = top; row <= bottom; row++)
    for (let column = left; column <= right; column++) {
      let inside = 0;
      for (let sample = 0; sample < SAMPLES * SAMPLES; sample++) {
        const u = column + ((sample % SAMPLES) + 0.5) / SAMPLES - 0.5;
        const v = row + (floor(sample / SAMPLES) + 0.5) / SAMPLES - 0.5;
        if (insidePolygon(polygon, u, v)) inside += 1;
      }
      fraction[(slice * grid.rows + row) * grid.columns + column] = inside / SAMPLES ** 2;
    }
}

/** Cord fraction at a point of the patient, LPS mm, by linear interpolation; 0 outside the stack. */
export function fractionAt({ grid, fraction }: CordFraction, point: Vector3): number {
  const at = patientToVoxel(grid, point);
  const sizes = [grid.columns, grid.rows, grid.slices] as const;
  // Half a voxel beyond the centres of the outermost ones still is their own.
  if (at.some((index, axis) => index < -0.5 || index > (sizes[axis] ?? 1) - 0.5)) return 0;
  const low = at.map((index, axis) => min(max(floor(index), 0), max((sizes[axis] ?? 1) - 2, 0)));
  const part = at.map((index, axis) => min(max(index - (low[axis] ?? 0), 0), 1));
  let sum = 0;
  for (let corner = 0; corner < 8; corner++) {
    let weight = 1;
    const index = low.map((start, axis) => {
      const far = (corner >> axis) & 1;
      weight *= far ? (part[axis] ?? 0) : 1 - (part[axis] ?? 0);
      return start + far;
    });
    if (weight === 0) continue;
    const [i = 0, j = 0, k = 0] = index;
    sum += weight * (fraction[(k * grid.rows + j) * grid.columns + i] ?? 0);
  }
  return sum;
}
