import { spacingMm } from '@myelon/diffusion';
import type { CordMask } from '../cord-mask';
import { sliceShape } from './slice-shape';

/** What the cord and what lies round it look like in one image. */
export interface CordIntensities {
  /** Median inside the outline, image units. */
  readonly cord: number;
  /** Median of the brighter half of a ring round the outline: fluid where it is bright. */
  readonly surroundings: number;
  /** Values taken as cord: half way to the surroundings on one side, as far on the other. */
  readonly range: readonly [number, number];
}

/** Voxels this far inside the edge are wholly cord; the ring lies between the other two, mm. */
const INSIDE_MM = 1;
const RING_MM = [0.5, 3] as const;
const FEWEST_VOXELS = 10;

/**
 * Range of values for a threshold brush in an image that is outlined.
 * @param image one value per voxel of the mask's grid
 * @returns null when the outline holds too few voxels, or cord and surroundings look alike
 */
export function cordIntensities(image: ArrayLike<number>, mask: CordMask): CordIntensities | null {
  const { grid } = mask;
  const perSlice = grid.columns * grid.rows;
  const inside: number[] = [];
  const ring: number[] = [];
  for (let slice = 0; slice < grid.slices; slice++) {
    const shape = sliceShape(mask, slice);
    if (!shape) continue;
    const { columns, rows } = shape.bounds(RING_MM[1]);
    for (let row = rows[0]; row <= rows[1]; row++)
      for (let column = columns[0]; column <= columns[1]; column++) {
        const value = image[slice * perSlice + row * grid.columns + column] ?? Number.NaN;
        const distance = shape.distanceMm(column, row);
        if (!Number.isFinite(value)) continue;
        if (distance < -insideMm(grid)) inside.push(value);
        else if (distance > RING_MM[0] && distance < RING_MM[1]) ring.push(value);
      }
  }
  if (inside.length < FEWEST_VOXELS || ring.length < FEWEST_VOXELS) return null;
  const cord = quantile(inside, 0.5);
  // Bone and fluid both lie in the ring: whichever half is further from the cord bounds it on that side.
  const [dark, bright] = [quantile(ring, 0.25), quantile(ring, 0.75)];
  const surroundings = Math.abs(bright - cord) >= Math.abs(dark - cord) ? bright : dark;
  const reach = Math.abs(surroundings - cord) / 2;
  const spread = quantile(inside, 0.84) - quantile(inside, 0.16);
  if (reach === 0 || reach < spread / 4) return null;
  return { cord, surroundings, range: [cord - reach, cord + reach] };
}

/** Half a voxel diagonal and a bit: a centre this deep belongs to a voxel without partial volume. */
function insideMm(grid: CordMask['grid']): number {
  const [column, row] = spacingMm(grid);
  return Math.min(INSIDE_MM, Math.hypot(column, row) / 2);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
}
