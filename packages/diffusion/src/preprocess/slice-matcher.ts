import { spacingMm, type VoxelGrid } from '../data/voxel-grid';
import { shiftSlice } from './slice-shift';
import { smoothSlice, varianceLeft } from './slice-smoothing';

/**
 * Images are compared after smoothing by this, voxels: else the slopes of the prediction are mostly noise at low SNR, which
 * both scatters shifts and draws them to 0.
 */
const SMOOTHING = 1.3;

interface Pair {
  readonly columns: Float64Array;
  readonly rows: Float64Array;
}

/** Voxels at the edge of a slice that are not compared: interpolation has nothing beyond. */
const EDGE = 2;

/** Longest Gauss-Newton step, voxels: the linearisation holds about that far. */
const LONGEST_STEP = 0.7;

/** All volumes of one slice, being brought into line. */
export class SliceMatcher {
  /** Found shifts per volume, mm. */
  readonly shiftsMm: Pair;
  /** Error variance of each shift, mm2; Infinity where a slice tells nothing. */
  readonly variancesMm2: Pair;
  private readonly images: readonly Float32Array[];
  private readonly moved: Float32Array[];
  private readonly weights: Uint8Array;
  private readonly columns: number;
  private readonly rows: number;
  private readonly columnMm: number;
  private readonly rowMm: number;

  constructor(
    images: readonly Float32Array[],
    grid: VoxelGrid,
    region: Uint8Array | undefined,
    private readonly largestMm: number,
  ) {
    this.columns = grid.columns;
    this.rows = grid.rows;
    [this.columnMm, this.rowMm] = spacingMm(grid);
    const n = images.length;
    this.shiftsMm = { columns: new Float64Array(n), rows: new Float64Array(n) };
    this.variancesMm2 = { columns: new Float64Array(n), rows: new Float64Array(n) };
    this.images = images.map((image) => smoothSlice(image, grid.columns, grid.rows, SMOOTHING));
    this.moved = this.images.map((image) => Float32Array.from(image));
    this.weights = Uint8Array.from({ length: grid.columns * grid.rows }, (_, at) => {
      const column = at % grid.columns;
      const row = Math.floor(at / grid.columns);
      const inside = column >= EDGE && row >= EDGE && column < grid.columns - EDGE && row < grid.rows - EDGE;
      return inside && (region === undefined || region[at] !== 0) ? 1 : 0;
    });
  }

  /** Moves every volume by whole voxels to where it is most like the mean of the others of its group. */
  search(groups: readonly (readonly number[])[]): void {
    for (const group of groups) {
      if (group.length < 2) continue;
      const sum = new Float64Array(this.weights.length);
      for (const v of group) addTo(sum, this.moved[v], 1);
      for (const v of group) {
        addTo(sum, this.moved[v], -1);
        this.moveToBest(v, sum);
        addTo(sum, this.moved[v], 1);
      }
      this.centre(group);
    }
  }

  /** One Gauss-Newton step of every volume towards what the others predict for it. */
  refine(prediction: Float64Array, groups: readonly (readonly number[])[]): void {
    const n = this.images.length;
    const size = this.weights.length;
    const predicted = this.images.map((_, v) => {
      const sum = new Float64Array(size);
      for (let w = 0; w < n; w++) {
        const weight = prediction[v * n + w] ?? 0;
        if (weight !== 0) addTo(sum, this.moved[w], weight);
      }
      return sum;
    });
    this.images.forEach((_, v) => {
      const target = predicted[v];
      if (target) this.step(v, target);
    });
    for (const group of groups) this.centre(group);
  }

  private moveToBest(v: number, target: Float64Array): void {
    const image = this.moved[v];
    if (!image) return;
    const reach = [
      Math.floor(this.largestMm / this.columnMm),
      Math.floor(this.largestMm / this.rowMm),
    ] as const;
    let best = { dx: 0, dy: 0, correlation: -Infinity };
    for (let dy = -reach[1]; dy <= reach[1]; dy++)
      for (let dx = -reach[0]; dx <= reach[0]; dx++) {
        const correlation = this.correlation(image, target, dx, dy);
        if (correlation > best.correlation) best = { dx, dy, correlation };
      }
    this.setShift(
      v,
      (this.shiftsMm.columns[v] ?? 0) + best.dx * this.columnMm,
      (this.shiftsMm.rows[v] ?? 0) + best.dy * this.rowMm,
    );
  }

  /** Correlation of an image moved by whole voxels with the target, over voxels that both have. */
  private correlation(image: Float32Array, target: Float64Array, dx: number, dy: number): number {
    const { columns, rows, weights } = this;
    let n = 0;
    let p1 = 0;
    let q1 = 0;
    let pp = 0;
    let qq = 0;
    let pq = 0;
    for (let row = Math.max(0, -dy); row < Math.min(rows, rows - dy); row++)
      for (let column = Math.max(0, -dx); column < Math.min(columns, columns - dx); column++) {
        const at = row * columns + column;
        if (weights[at] === 0) continue;
        const p = image[(row + dy) * columns + column + dx] ?? 0;
        const q = target[at] ?? 0;
        n++;
        p1 += p;
        q1 += q;
        pp += p * p;
        qq += q * q;
        pq += p * q;
      }
    const spread = Math.sqrt(Math.max(pp - (p1 * p1) / n, 0) * Math.max(qq - (q1 * q1) / n, 0));
    return spread > 0 ? (pq - (p1 * q1) / n) / spread : -Infinity;
  }

  /** Least squares of `moved = gain x target + gradient x shift + level`. */
  private step(v: number, target: Float64Array): void {
    const image = this.moved[v];
    if (!image) return;
    const { columns, weights } = this;
    const normal = new Float64Array(16);
    const right = new Float64Array(4);
    const row = new Float64Array(4);
    let squares = 0;
    let n = 0;
    for (let at = 0; at < weights.length; at++) {
      if (weights[at] === 0) continue;
      row[0] = ((target[at + 1] ?? 0) - (target[at - 1] ?? 0)) / 2;
      row[1] = ((target[at + columns] ?? 0) - (target[at - columns] ?? 0)) / 2;
      row[2] = target[at] ?? 0;
      row[3] = 1;
      const s = image[at] ?? 0;
      squares += s * s;
      n++;
      for (let i = 0; i < 4; i++) {
        right[i] = (right[i] ?? 0) + (row[i] ?? 0) * s;
        for (let j = 0; j < 4; j++)
          normal[4 * i + j] = (normal[4 * i + j] ?? 0) + (row[i] ?? 0) * (row[j] ?? 0);
      }
    }
    const solved = solve4(normal, right);
    const gain = solved ? (solved.solution[2] ?? 0) : 0;
    if (!solved || !(gain > 0)) {
      this.variancesMm2.columns[v] = Infinity;
      this.variancesMm2.rows[v] = Infinity;
      return;
    }
    const explained = solved.solution.reduce((sum, value, i) => sum + value * (right[i] ?? 0), 0);
    const noise =
      Math.max(squares - explained, 0) / Math.max(n - 4, 1) / (gain * gain) / varianceLeft(SMOOTHING);
    this.variancesMm2.columns[v] = noise * (solved.inverse[0] ?? 0) * this.columnMm ** 2;
    this.variancesMm2.rows[v] = noise * (solved.inverse[5] ?? 0) * this.rowMm ** 2;
    // moved(x) = target(x + s) means that the anatomy lies at -s.
    const dx = -clampStep((solved.solution[0] ?? 0) / gain) * this.columnMm;
    const dy = -clampStep((solved.solution[1] ?? 0) / gain) * this.rowMm;
    this.setShift(v, (this.shiftsMm.columns[v] ?? 0) + dx, (this.shiftsMm.rows[v] ?? 0) + dy);
  }

  private setShift(v: number, columnsMm: number, rowsMm: number): void {
    const limit = (value: number): number => Math.min(Math.max(value, -this.largestMm), this.largestMm);
    this.shiftsMm.columns[v] = limit(columnsMm);
    this.shiftsMm.rows[v] = limit(rowsMm);
    this.place(v);
  }

  private place(v: number): void {
    const image = this.images[v];
    const moved = this.moved[v];
    if (!image || !moved) return;
    const dx = (this.shiftsMm.columns[v] ?? 0) / this.columnMm;
    const dy = (this.shiftsMm.rows[v] ?? 0) / this.rowMm;
    shiftSlice(image, this.columns, this.rows, dx, dy, moved);
  }

  /** A group keeps its mean position. */
  private centre(group: readonly number[]): void {
    for (const axis of [this.shiftsMm.columns, this.shiftsMm.rows]) {
      const mean = group.reduce((sum, v) => sum + (axis[v] ?? 0), 0) / group.length;
      for (const v of group) axis[v] = (axis[v] ?? 0) - mean;
    }
    for (const v of group) this.place(v);
  }
}

function addTo(sum: Float64Array, image: Float32Array | undefined, weight: number): void {
  for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] ?? 0) + weight * (image?.[at] ?? 0);
}

function clampStep(step: number): number {
  return Math.min(Math.max(step, -LONGEST_STEP), LONGEST_STEP);
}

/** Solution and inverse of a symmetric positive-definite 4 x 4 system; null when it is singular. */
function solve4(
  matrix: Float64Array,
  right: Float64Array,
): { solution: Float64Array; inverse: Float64Array } | null {
  const a = matrix.slice();
  const trace = (a[0] ?? 0) + (a[5] ?? 0) + (a[10] ?? 0) + (a[15] ?? 0);
  for (let k = 0; k < 4; k++) {
    const pivot = a[5 * k] ?? 0;
    if (!(pivot > 1e-14 * trace)) return null;
    a[5 * k] = 1;
    for (let j = 0; j < 4; j++) a[4 * k + j] = (a[4 * k + j] ?? 0) / pivot;
    for (let i = 0; i < 4; i++) {
      if (i === k) continue;
      const factor = a[4 * i + k] ?? 0;
      a[4 * i + k] = 0;
      for (let j = 0; j < 4; j++) a[4 * i + j] = (a[4 * i + j] ?? 0) - factor * (a[4 * k + j] ?? 0);
    }
  }
  const solution = Float64Array.from({ length: 4 }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < 4; j++) sum += (a[4 * i + j] ?? 0) * (right[j] ?? 0);
    return sum;
  });
  return { solution, inverse: a };
}
