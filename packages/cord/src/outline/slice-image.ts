import { toPixel, type PlanePoint, type SliceFrame } from './slice-frame';

// Local names: in a sandboxed context a look-up of the global Math costs more than the function.
const { exp, floor, max, min } = Math;

/** One slice, ready to be sampled anywhere. */
export interface SliceImage {
  readonly frame: SliceFrame;
  readonly columns: number;
  readonly rows: number;
  /** `[row][column]`, scaled so that the 99.5th percentile of the slice is 1. */
  readonly values: Float32Array;
}

/** Share of the voxels of a slice below its reference brightness. */
const REFERENCE_PERCENTILE = 0.995;

/**
 * Scales a slice by its bright end, and replaces what is not a number by the darkest value.
 * @returns null when the slice holds nothing (constant, or no number at all)
 */
export function sliceImage(
  values: Float32Array,
  columns: number,
  rows: number,
  frame: SliceFrame,
): SliceImage | null {
  const sorted = values.filter(Number.isFinite).sort();
  const low = sorted[0] ?? 0;
  const high = sorted[floor(REFERENCE_PERCENTILE * (sorted.length - 1))] ?? 0;
  if (!(high > low) || high <= 0) return null;
  return {
    frame,
    columns,
    rows,
    values: values.map((value) => (Number.isFinite(value) ? value / high : low / high)),
  };
}

/** Weight of each neighbour in {@link smoothed}: three taps of a Gaussian of half a voxel. */
const SIDE_WEIGHT = exp(-2) / (1 + 2 * exp(-2));
/** Variance of {@link smoothed}, squared voxels. */
export const SMOOTHING_VARIANCE_VOXELS = 2 * SIDE_WEIGHT;

/** Gaussian smoothing with half a voxel, the same along rows and columns. */
export function smoothed(image: SliceImage): SliceImage {
  const { columns, rows, values } = image;
  const side = SIDE_WEIGHT;
  const along = (source: Float32Array, step: number, length: number, strideOf: (at: number) => number) =>
    source.map((value, at) => {
      const position = strideOf(at);
      const before = position > 0 ? (source[at - step] ?? value) : value;
      const after = position < length - 1 ? (source[at + step] ?? value) : value;
      return (1 - 2 * side) * value + side * (before + after);
    });
  const rowsDone = along(values, 1, columns, (at) => at % columns);
  return { ...image, values: along(rowsDone, columns, rows, (at) => floor(at / columns)) };
}

/** Linear interpolation; NaN outside the centres of the outermost voxels (half a voxel is forgiven). */
export function sampleLinear(image: SliceImage, point: PlanePoint): number {
  const [column, row] = toPixel(image.frame, point);
  if (column < -0.5 || row < -0.5 || column > image.columns - 0.5 || row > image.rows - 0.5)
    return Number.NaN;
  const c0 = min(max(floor(column), 0), max(image.columns - 2, 0));
  const r0 = min(max(floor(row), 0), max(image.rows - 2, 0));
  const fc = min(max(column - c0, 0), 1);
  const fr = min(max(row - r0, 0), 1);
  const at = r0 * image.columns + c0;
  const right = image.columns > 1 ? 1 : 0;
  const down = image.rows > 1 ? image.columns : 0;
  const v = image.values;
  const top = (v[at] ?? 0) * (1 - fc) + (v[at + right] ?? 0) * fc;
  const bottom = (v[at + down] ?? 0) * (1 - fc) + (v[at + down + right] ?? 0) * fc;
  return top * (1 - fr) + bottom * fr;
}

/** Cubic interpolation (Catmull-Rom), edge voxels repeated outside. */
export function sampleCubic(image: SliceImage, u: number, v: number): number {
  const { frame, columns, rows, values } = image;
  const column = frame.columnPerU * u + frame.columnPerV * v;
  const row = frame.rowPerU * u + frame.rowPerV * v;
  const c0 = floor(column);
  const r0 = floor(row);
  const fc = column - c0;
  const fr = row - r0;
  let total = 0;
  for (let j = -1; j <= 2; j++) {
    const r = r0 + j;
    const line = (r < 0 ? 0 : r >= rows ? rows - 1 : r) * columns;
    let sum = 0;
    for (let i = -1; i <= 2; i++) {
      const c = c0 + i;
      sum += cubicWeight(i, fc) * (values[line + (c < 0 ? 0 : c >= columns ? columns - 1 : c)] ?? 0);
    }
    total += cubicWeight(j, fr) * sum;
  }
  return total;
}

function cubicWeight(tap: number, t: number): number {
  if (tap === -1) return 0.5 * t * (-1 + t * (2 - t));
  if (tap === 0) return 1 + 0.5 * t * t * (3 * t - 5);
  if (tap === 1) return 0.5 * t * (1 + t * (4 - 3 * t));
  return 0.5 * t * t * (t - 1);
}
