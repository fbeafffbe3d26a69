import type { DiffusionVolume } from '../data/diffusion-volume';
import { FourierLine, type Complex } from './fourier-line';

export interface UnringOptions {
  /** Called with 0..1. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Shifts tried on either side, up to half a voxel. */
const SHIFTS = 20;

/** Neighbours whose differences tell ringing, on one side of a voxel. */
const WINDOW_FROM = 1;
const WINDOW_TO = 3;

/**
 * Removes Gibbs ringing slice by slice: each voxel is sampled anew at the subvoxel shift where its neighbourhood rings least,
 * and interpolated back. For images as they were acquired (full k-space, before any interpolation).
 *
 * Kellner et al., Magn Reson Med 2016;76:1574-1581.
 *
 * @throws the reason of `options.signal` when cancelled
 */
export async function unring(volume: DiffusionVolume, options: UnringOptions = {}): Promise<DiffusionVolume> {
  const { columns, rows } = volume.grid;
  const size = columns * rows;
  const slices = volume.signal.length / size;
  const unringing = new SliceUnringing(columns, rows);
  const signal = new Float32Array(volume.signal.length);
  for (let slice = 0; slice < slices; slice++) {
    const from = volume.signal.subarray(slice * size, (slice + 1) * size);
    signal.set(unringing.apply(from), slice * size);
    options.onProgress?.((slice + 1) / slices);
    if (slice % 8 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
    options.signal?.throwIfAborted();
  }
  return { ...volume, signal };
}

class SliceUnringing {
  private readonly alongColumns: FourierLine;
  private readonly alongRows: FourierLine;
  private readonly columnShifts: readonly SubvoxelShift[];
  private readonly rowShifts: readonly SubvoxelShift[];

  constructor(
    private readonly columns: number,
    private readonly rows: number,
  ) {
    this.alongColumns = new FourierLine(columns);
    this.alongRows = new FourierLine(rows);
    this.columnShifts = subvoxelShifts(this.alongColumns);
    this.rowShifts = subvoxelShifts(this.alongRows);
  }

  /** @param slice `[row][column]` */
  apply(slice: Float32Array): Float32Array {
    const { columns, rows } = this;
    const spectrum = this.transform2(
      { re: Float64Array.from(slice), im: new Float64Array(slice.length) },
      'forward',
    );
    const partOf = (share: (c: number, r: number) => number): Complex => {
      const re = new Float64Array(slice.length);
      const im = new Float64Array(slice.length);
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++) {
          const at = row * columns + column;
          const weight = share(
            1 + Math.cos((2 * Math.PI * column) / columns),
            1 + Math.cos((2 * Math.PI * row) / rows),
          );
          re[at] = weight * (spectrum.re[at] ?? 0);
          im[at] = weight * (spectrum.im[at] ?? 0);
        }
      return this.transform2({ re, im }, 'inverse');
    };
    // What is sharp along columns is unrung along columns, the rest along rows.
    const first = partOf((c, r) => (c + r > 1e-12 ? r / (c + r) : 0.5)).re;
    const second = partOf((c, r) => (c + r > 1e-12 ? c / (c + r) : 0.5)).re;
    const out = new Float32Array(slice.length);
    const line = new Float64Array(columns);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) line[column] = first[row * columns + column] ?? 0;
      unringLine(line, this.columnShifts, (column, value) => (out[row * columns + column] = value));
    }
    const across = new Float64Array(rows);
    for (let column = 0; column < columns; column++) {
      for (let row = 0; row < rows; row++) across[row] = second[row * columns + column] ?? 0;
      unringLine(across, this.rowShifts, (row, value) => {
        const at = row * columns + column;
        out[at] = (out[at] ?? 0) + value;
      });
    }
    return out;
  }

  private transform2({ re, im }: Complex, way: 'forward' | 'inverse'): Complex {
    const { columns, rows } = this;
    const out = { re: re.slice(), im: im.slice() };
    for (let row = 0; row < rows; row++) {
      const part = {
        re: out.re.subarray(row * columns, (row + 1) * columns),
        im: out.im.subarray(row * columns, (row + 1) * columns),
      };
      const line = this.alongColumns[way](part);
      part.re.set(line.re);
      part.im.set(line.im);
    }
    const line = { re: new Float64Array(rows), im: new Float64Array(rows) };
    for (let column = 0; column < columns; column++) {
      for (let row = 0; row < rows; row++) {
        line.re[row] = out.re[row * columns + column] ?? 0;
        line.im[row] = out.im[row * columns + column] ?? 0;
      }
      const done = this.alongRows[way](line);
      for (let row = 0; row < rows; row++) {
        out.re[row * columns + column] = done.re[row] ?? 0;
        out.im[row * columns + column] = done.im[row] ?? 0;
      }
    }
    return out;
  }
}

/** A shift by a fraction of a voxel, as circular convolution. */
interface SubvoxelShift {
  /** Voxels. */
  readonly shift: number;
  /** `kernel[n + i - j]` is the weight of voxel `j` in voxel `i`. */
  readonly kernel: Float64Array;
}

/** All shifts that are tried on lines of one length; the smallest first, for where nothing rings nothing is moved. */
function subvoxelShifts(fourier: FourierLine): SubvoxelShift[] {
  const n = fourier.length;
  return Array.from({ length: 2 * SHIFTS }, (_, step) => {
    const shift = (step % 2 === 0 ? step / 2 + 1 : -(step + 1) / 2) / (2 * SHIFTS);
    const re = new Float64Array(n);
    const im = new Float64Array(n);
    for (let k = 0; k < n; k++) {
      // The highest frequency of an even length has no sign, and no shift.
      if (2 * k === n) continue;
      const angle = (2 * Math.PI * (k < n / 2 ? k : k - n) * shift) / n;
      re[k] = Math.cos(angle);
      im[k] = Math.sin(angle);
    }
    const once = fourier.inverse({ re, im }).re;
    return { shift, kernel: Float64Array.from({ length: 2 * n }, (__, i) => once[i % n] ?? 0) };
  });
}

function unringLine(
  line: Float64Array,
  shifts: readonly SubvoxelShift[],
  write: (at: number, value: number) => void,
): void {
  const n = line.length;
  const best = Float64Array.from(line, (_, i) => leastVariation(line, i));
  const value = Float64Array.from(line);
  const shifted = new Float64Array(n);
  for (const { shift, kernel } of shifts) {
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += (kernel[n + i - j] ?? 0) * (line[j] ?? 0);
      shifted[i] = sum;
    }
    for (let i = 0; i < n; i++) {
      const variation = leastVariation(shifted, i);
      if (variation >= (best[i] ?? 0)) continue;
      best[i] = variation;
      const here = shifted[i] ?? 0;
      const next = shifted[(i + (shift > 0 ? n - 1 : 1)) % n] ?? 0;
      value[i] = here + Math.abs(shift) * (next - here);
    }
  }
  value.forEach((one, i) => {
    write(i, one);
  });
}

/** Sum of absolute differences of neighbours on the quieter side of a voxel. */
function leastVariation(line: Float64Array, at: number): number {
  const n = line.length;
  let left = 0;
  let right = 0;
  for (let t = WINDOW_FROM; t <= WINDOW_TO; t++) {
    left += Math.abs((line[(at - t + n) % n] ?? 0) - (line[(at - t - 1 + n) % n] ?? 0));
    right += Math.abs((line[(at + t) % n] ?? 0) - (line[(at + t + 1) % n] ?? 0));
  }
  return Math.min(left, right);
}
