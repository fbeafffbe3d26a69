import type { PlanePoint } from './slice-frame';
import { insidePolygon, polygonShape } from './shape';
import { fromPixel } from './slice-frame';
import type { SliceImage } from './slice-image';

const { abs, SQRT1_2 } = Math;
/** Size of the part of the outline that is looked at. */
const CORE = 0.75;
/** Median of the absolute value of a standard normal. */
const MEDIAN_OF_NORMAL = 0.6745;

/**
 * Signal of the cord over noise, from differences of neighbouring voxels inside the outlines of a stack. What varies
 * in the cord itself counts as noise, so a clean image may be called less clean than it is, never the other way.
 * @returns null when the outlines hold too few voxels to tell
 */
export function cordSignalToNoise(
  slices: readonly (SliceImage | null)[],
  polygons: readonly (readonly PlanePoint[] | null)[],
): number | null {
  const differences: number[] = [];
  let sum = 0;
  slices.forEach((image, slice) => {
    const whole = polygons[slice];
    if (!image || !whole) return;
    const polygon = core(whole);
    const { frame, columns, rows, values } = image;
    const inside = (column: number, row: number) => {
      const { u, v } = fromPixel(frame, column, row);
      return insidePolygon(polygon, u, v);
    };
    for (let row = 0; row < rows; row++)
      for (let column = 0; column + 1 < columns; column++) {
        if (!inside(column, row) || !inside(column + 1, row)) continue;
        const [p, q] = [values[row * columns + column] ?? 0, values[row * columns + column + 1] ?? 0];
        differences.push(abs(p - q));
        sum += p;
      }
  });
  if (differences.length < 50) return null;
  differences.sort((p, q) => p - q);
  const typical = differences[Math.floor(differences.length / 2)] ?? 0;
  const sigma = (typical / MEDIAN_OF_NORMAL) * SQRT1_2;
  return sigma === 0 ? Infinity : sum / differences.length / sigma;
}

/** The inner part of an outline, away from what mixes at its edge. */
function core(polygon: readonly PlanePoint[]): PlanePoint[] {
  const { centre } = polygonShape(polygon);
  return polygon.map(({ u, v }) => ({
    u: centre.u + CORE * (u - centre.u),
    v: centre.v + CORE * (v - centre.v),
  }));
}
