import { B0_LIMIT_S_PER_MM2, type GradientTable } from '../data/gradient-table';
import { CholeskySolver } from '../fitting/cholesky-solver';

/** Decays in mm2/s that signals of tissue are made of. */
const DECAYS = [0, 0.3e-3, 1e-3, 3e-3, 20e-3] as const;

/** Decay of the part that depends on direction, mm2/s. */
const DIRECTIONAL_DECAY = 1e-3;

/** Added to the diagonal, relative to it, so that columns a table does not tell apart share their signal. */
const RIDGE = 1e-3;

/**
 * What every volume of a voxel should be, judged by all the other volumes: linear in the signal, so that noise and bias of
 * logarithms stay out, and the same for all voxels. Basis: exponential decays in b, and spherical harmonics of order 2 in the
 * direction. Unweighted and weighted volumes of one shell do not predict each other.
 *
 * @returns `[volume][volume]`: prediction of a volume = row x signals; its own signal has weight 0
 */
export function leaveOneOutPrediction(table: GradientTable): Float64Array {
  const n = table.count;
  const columns = basis(table);
  const k = columns.length;
  const solver = new CholeskySolver(k);
  const hat = new Float64Array(n * n);
  const inverse = new Float64Array(k * k);
  solver.left.fill(0);
  for (let i = 0; i < k; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let v = 0; v < n; v++) sum += (columns[i]?.[v] ?? 0) * (columns[j]?.[v] ?? 0);
      solver.matrix[i * k + j] = i === j ? sum * (1 + RIDGE) + RIDGE : sum;
    }
  solver.solve();
  solver.inverseOfFactor(inverse);
  for (let v = 0; v < n; v++)
    for (let w = 0; w < n; w++) {
      let sum = 0;
      for (let i = 0; i < k; i++)
        for (let j = 0; j < k; j++)
          sum += (columns[i]?.[v] ?? 0) * (inverse[i * k + j] ?? 0) * (columns[j]?.[w] ?? 0);
      hat[v * n + w] = sum;
    }
  for (let v = 0; v < n; v++) withoutSelf(hat, v, n);
  return hat;
}

/** Weights of a row without its own volume, made to sum to what they were with it. */
function withoutSelf(hat: Float64Array, v: number, n: number): void {
  const own = hat[v * n + v] ?? 0;
  for (let w = 0; w < n; w++) hat[v * n + w] = w === v ? 0 : (hat[v * n + w] ?? 0) / Math.max(1 - own, 0.05);
}

/**
 * The mean of the other volumes of its group as the prediction of a volume. It does not know contrast, but nothing about it can be
 * mistaken for motion: predictions by direction follow shifts that happen to go with direction.
 *
 * @returns as {@link leaveOneOutPrediction}
 */
export function groupMeanPrediction(count: number, groups: readonly (readonly number[])[]): Float64Array {
  const weights = new Float64Array(count * count);
  for (const group of groups)
    for (const v of group)
      for (const w of group) if (v !== w) weights[v * count + w] = 1 / Math.max(group.length - 1, 1);
  return weights;
}

function basis(table: GradientTable): Float64Array[] {
  const volumes = [...table.bValues.keys()];
  const decays = DECAYS.map((decay) => Float64Array.from(volumes, (v) => Math.exp(-table.bValue(v) * decay)));
  const harmonic = (of: (x: number, y: number, z: number) => number): Float64Array =>
    Float64Array.from(volumes, (v) => {
      const b = table.bValue(v);
      if (b <= B0_LIMIT_S_PER_MM2 || !table.hasDirection(v)) return 0;
      const amplitude = 2 * b * DIRECTIONAL_DECAY * Math.exp(-b * DIRECTIONAL_DECAY);
      return amplitude * of(...table.direction(v));
    });
  return [
    ...decays,
    harmonic((x, y) => 2 * x * y),
    harmonic((x, _, z) => 2 * x * z),
    harmonic((_, y, z) => 2 * y * z),
    harmonic((x, y) => x * x - y * y),
    harmonic((_x, _y, z) => (3 * z * z - 1) / Math.sqrt(3)),
  ];
}
