/** Half-width of the interpolation kernel, voxels. */
const REACH = 4;

/**
 * Lanczos kernel of a shift, `2 REACH` taps that sum to 1.
 *
 * @param fraction 0 <= fraction < 1
 */
function lanczosTaps(fraction: number): Float64Array {
  const taps = new Float64Array(2 * REACH);
  let sum = 0;
  for (let i = 0; i < taps.length; i++) {
    const x = i - (REACH - 1) - fraction;
    const tap = Math.abs(x) < REACH ? sinc(x) * sinc(x / REACH) : 0;
    taps[i] = tap;
    sum += tap;
  }
  return taps.map((tap) => tap / sum);
}

function sinc(x: number): number {
  return Math.abs(x) < 1e-9 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/**
 * A slice sampled at positions moved by a shift: `out(column, row) = slice(column + dx, row + dy)`. Beyond the edge the
 * outermost voxel goes on. Windowed sinc (Lanczos, 8 taps), which blurs less than linear or cubic interpolation.
 *
 * @param slice `[row][column]`
 * @param dx voxels along columns
 * @param dy voxels along rows
 */
export function shiftSlice(
  slice: Float32Array,
  columns: number,
  rows: number,
  dx: number,
  dy: number,
  out: Float32Array,
): void {
  if (dx === 0 && dy === 0) {
    out.set(slice);
    return;
  }
  const between = new Float32Array(slice.length);
  shiftLines(slice, between, { lines: rows, length: columns, line: columns, step: 1 }, dx);
  shiftLines(between, out, { lines: columns, length: rows, line: 1, step: columns }, dy);
}

interface Lines {
  readonly lines: number;
  readonly length: number;
  /** Distance in the array from line to line, and from voxel to voxel of a line. */
  readonly line: number;
  readonly step: number;
}

function shiftLines(
  from: Float32Array,
  to: Float32Array,
  { lines, length, line, step }: Lines,
  by: number,
): void {
  const whole = Math.floor(by);
  const taps = lanczosTaps(by - whole);
  const exact = by === whole;
  for (let l = 0; l < lines; l++)
    for (let i = 0; i < length; i++) {
      const centre = i + whole;
      let sum = 0;
      if (exact) sum = from[l * line + step * clamp(centre, length)] ?? 0;
      else
        for (let tap = 0; tap < taps.length; tap++)
          sum += (taps[tap] ?? 0) * (from[l * line + step * clamp(centre + tap - (REACH - 1), length)] ?? 0);
      to[l * line + step * i] = sum;
    }
}

function clamp(at: number, length: number): number {
  return at < 0 ? 0 : at >= length ? length - 1 : at;
}
