import { patientToVoxel, type VoxelGrid } from '@myelon/diffusion';
import { RAYS, rayDirection, type Contour } from '../outline/polar';
import { fromPixel, toPatient, type PlanePoint, type SliceFrame } from '../outline/slice-frame';
import type { SliceImage } from '../outline/slice-image';
import { fractionAt, type CordFraction } from './cord-fraction';

const { ceil, floor, hypot, max, min, sqrt } = Math;

/** Cord that should be in one slice, on a fine lattice in its plane. */
export interface SliceTemplate {
  /** u and v of lattice point (0, 0), mm. */
  readonly u0: number;
  readonly v0: number;
  readonly stepMm: number;
  readonly width: number;
  readonly height: number;
  /** Cord fraction at each lattice point, averaged through the slice. */
  readonly fine: Float32Array;
  /** The same averaged over the width of an image voxel: what the image should look like. */
  readonly blurred: Float32Array;
  readonly centre: PlanePoint;
  /** Semi-axes of the ellipse of the same second moments, mm. */
  readonly halfWidth: number;
  readonly halfDepth: number;
}

/** Lattice points per image voxel. */
const FINER = 3;
/** Room round the outline on the lattice, mm. */
const MARGIN_MM = 3;
/** Where a slice is sampled through its thickness, as a share of it. */
const THROUGH = [-1 / 3, 0, 1 / 3];
/** The outline with this much round it is compared with the image, mm. */
const RING_MM = 3;
const LEAST_AREA_MM2 = 8;

/** @returns null when the outline has (next to) no cord in the slice */
export function sliceTemplate(
  cord: CordFraction,
  grid: VoxelGrid,
  frame: SliceFrame,
  slice: number,
): SliceTemplate | null {
  const bounds = boundsInSlice(cord, grid, frame, slice);
  if (!bounds) return null;
  const stepMm = sqrt(frame.columnMm * frame.rowMm) / FINER;
  const [u0, v0] = [bounds.left - MARGIN_MM, bounds.front - MARGIN_MM];
  const width = ceil((bounds.right - bounds.left + 2 * MARGIN_MM) / stepMm) + 1;
  const height = ceil((bounds.back - bounds.front + 2 * MARGIN_MM) / stepMm) + 1;
  const fine = Float32Array.from({ length: width * height }, (_, at) => {
    const point = { u: u0 + (at % width) * stepMm, v: v0 + floor(at / width) * stepMm };
    const sum = THROUGH.reduce(
      (total, share) => total + fractionAt(cord, toPatient(grid, frame, point, slice + share)),
      0,
    );
    return sum / THROUGH.length;
  });
  const lattice = { u0, v0, stepMm, width, height, fine };
  const moments = momentsOf(lattice);
  return moments && { ...lattice, ...moments, blurred: averaged(fine, width, height) };
}

/** Where in the plane of the slice the outline can be at all: its voxels in the slices nearby. */
function boundsInSlice(cord: CordFraction, grid: VoxelGrid, frame: SliceFrame, slice: number) {
  let [left, right, front, back] = [Infinity, -Infinity, Infinity, -Infinity];
  const origin = fromPixel(frame, 0, 0);
  const perSlice = cord.grid.columns * cord.grid.rows;
  const reach = 0.5 + (cord.grid.slices > 1 ? spanInSlices(cord, grid) : 0.5);
  cord.fraction.forEach((value, at) => {
    if (value < 0.25) return;
    const column = at % cord.grid.columns;
    const row = floor(at / cord.grid.columns) % cord.grid.rows;
    const [i, j, k] = patientToVoxel(grid, voxelCentre(cord.grid, column, row, floor(at / perSlice)));
    if (Math.abs(k - slice) > reach) return;
    const { u, v } = fromPixel(frame, i, j);
    [left, right] = [min(left, u - origin.u), max(right, u - origin.u)];
    [front, back] = [min(front, v - origin.v), max(back, v - origin.v)];
  });
  return right < left ? null : { left, right, front, back };
}

/** Distance between neighbouring voxels of the outline along its slice axis, in slices of the other grid. */
function spanInSlices(cord: CordFraction, grid: VoxelGrid): number {
  const p = patientToVoxel(grid, voxelCentre(cord.grid, 0, 0, 0));
  const q = patientToVoxel(grid, voxelCentre(cord.grid, 0, 0, 1));
  return Math.abs(q[2] - p[2]);
}

function voxelCentre({ affine: a }: VoxelGrid, i: number, j: number, k: number) {
  return [
    a[0] * i + a[1] * j + a[2] * k + a[3],
    a[4] * i + a[5] * j + a[6] * k + a[7],
    a[8] * i + a[9] * j + a[10] * k + a[11],
  ] as const;
}

type Lattice = Pick<SliceTemplate, 'u0' | 'v0' | 'stepMm' | 'width' | 'height' | 'fine'>;

function momentsOf({ u0, v0, stepMm, width, fine }: Lattice) {
  let [sum, u, v, uu, vv] = [0, 0, 0, 0, 0];
  fine.forEach((value, at) => {
    const [x, y] = [u0 + (at % width) * stepMm, v0 + floor(at / width) * stepMm];
    sum += value;
    u += value * x;
    v += value * y;
    uu += value * x * x;
    vv += value * y * y;
  });
  if (sum * stepMm * stepMm < LEAST_AREA_MM2) return null;
  const centre = { u: u / sum, v: v / sum };
  return {
    centre,
    halfWidth: 2 * sqrt(max(uu / sum - centre.u ** 2, 0.1)),
    halfDepth: 2 * sqrt(max(vv / sum - centre.v ** 2, 0.1)),
  };
}

/** Mean over 3 x 3 lattice points: one image voxel. */
function averaged(fine: Float32Array, width: number, height: number): Float32Array {
  const reach = floor(FINER / 2);
  return fine.map((_, at) => {
    const [column, row] = [at % width, floor(at / width)];
    let sum = 0;
    for (let v = max(row - reach, 0); v <= min(row + reach, height - 1); v++)
      for (let u = max(column - reach, 0); u <= min(column + reach, width - 1); u++)
        sum += fine[v * width + u] ?? 0;
    return sum / FINER ** 2;
  });
}

function sampled(
  { u0, v0, stepMm, width, height }: SliceTemplate,
  values: Float32Array,
  u: number,
  v: number,
) {
  const [x, y] = [(u - u0) / stepMm, (v - v0) / stepMm];
  if (x < 0 || y < 0 || x > width - 1 || y > height - 1) return 0;
  const [c, r] = [min(floor(x), width - 2), min(floor(y), height - 2)];
  const [fx, fy] = [x - c, y - r];
  const at = r * width + c;
  const top = (values[at] ?? 0) * (1 - fx) + (values[at + 1] ?? 0) * fx;
  const bottom = (values[at + width] ?? 0) * (1 - fx) + (values[at + width + 1] ?? 0) * fx;
  return top * (1 - fy) + bottom * fy;
}

/**
 * Correlation between what the slice should look like with the outline put aside by (du, dv) mm and what it looks
 * like, over the cord and a ring round it; -1 to 1, 1 a perfect fit of a bright cord.
 */
export function correlationAt(template: SliceTemplate, image: SliceImage, du: number, dv: number): number {
  const { frame, columns, rows, values } = image;
  const { centre, halfWidth, halfDepth } = template;
  const [a, b] = [halfWidth + RING_MM, halfDepth + RING_MM];
  const [cu, cv] = [centre.u + du, centre.v + dv];
  const reach = max(a, b) / min(frame.columnMm, frame.rowMm);
  const middleColumn = frame.columnPerU * cu + frame.columnPerV * cv;
  const middleRow = frame.rowPerU * cu + frame.rowPerV * cv;
  let [n, t, i, tt, ii, ti] = [0, 0, 0, 0, 0, 0];
  for (let row = max(ceil(middleRow - reach), 0); row <= min(middleRow + reach, rows - 1); row++)
    for (
      let column = max(ceil(middleColumn - reach), 0);
      column <= min(middleColumn + reach, columns - 1);
      column++
    ) {
      const u = frame.uPerColumn * column + frame.uPerRow * row;
      const v = frame.vPerColumn * column + frame.vPerRow * row;
      if (((u - cu) / a) ** 2 + ((v - cv) / b) ** 2 > 1) continue;
      const expected = sampled(template, template.blurred, u - du, v - dv);
      const seen = values[row * columns + column] ?? 0;
      n += 1;
      t += expected;
      i += seen;
      tt += expected * expected;
      ii += seen * seen;
      ti += expected * seen;
    }
  const spread = sqrt(max(tt - (t * t) / n, 0) * max(ii - (i * i) / n, 0));
  return n < 10 || spread === 0 ? -1 : (ti - (t * i) / n) / spread;
}

/** The line along which the cord fraction is one half, put aside by (du, dv) mm. */
export function templateContour(template: SliceTemplate, du: number, dv: number): Contour {
  const { centre, halfWidth, halfDepth, stepMm } = template;
  const step = stepMm / 4;
  const radiiMm = Float64Array.from({ length: RAYS }, (_, ray) => {
    const [cos, sin] = rayDirection(ray);
    const length = hypot(halfWidth * cos, halfDepth * sin);
    const [x, y] = [(halfWidth * cos) / length, (halfDepth * sin) / length];
    const value = (radius: number) =>
      sampled(template, template.fine, centre.u + radius * x, centre.v + radius * y);
    let radius = max(halfWidth, halfDepth) + MARGIN_MM;
    while (radius > step && value(radius) < 0.5) radius -= step;
    const [inner, outer] = [value(radius), value(radius + step)];
    return inner === outer ? radius : radius + (step * (inner - 0.5)) / (inner - outer);
  });
  return { ellipse: { centre: { u: centre.u + du, v: centre.v + dv }, a: halfWidth, b: halfDepth }, radiiMm };
}
