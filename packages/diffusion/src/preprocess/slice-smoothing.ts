/**
 * A slice smoothed by a Gaussian; the outermost voxel goes on beyond the edge.
 *
 * @param slice `[row][column]`
 * @param sigma voxels
 */
export function smoothSlice(slice: Float32Array, columns: number, rows: number, sigma: number): Float32Array {
  const kernel = gaussian(sigma);
  const reach = (kernel.length - 1) / 2;
  const between = new Float32Array(slice.length);
  const out = new Float32Array(slice.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let k = -reach; k <= reach; k++) {
        const at = Math.min(Math.max(column + k, 0), columns - 1);
        sum += (kernel[k + reach] ?? 0) * (slice[row * columns + at] ?? 0);
      }
      between[row * columns + column] = sum;
    }
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let k = -reach; k <= reach; k++) {
        const at = Math.min(Math.max(row + k, 0), rows - 1);
        sum += (kernel[k + reach] ?? 0) * (between[at * columns + column] ?? 0);
      }
      out[row * columns + column] = sum;
    }
  return out;
}

/** By how much smoothing lowers the variance of independent noise. */
export function varianceLeft(sigma: number): number {
  const ofLine = gaussian(sigma).reduce((sum, tap) => sum + tap * tap, 0);
  return ofLine * ofLine;
}

function gaussian(sigma: number): Float64Array {
  const reach = Math.ceil(3 * sigma);
  const taps = Float64Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-0.5 * ((i - reach) / sigma) ** 2),
  );
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => tap / sum);
}
