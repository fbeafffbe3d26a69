import { B0_LIMIT_S_PER_MM2, type GradientTable } from '../data/gradient-table';
import type { Vector3 } from '../data/voxel-grid';
import { CholeskySolver } from '../fitting/cholesky-solver';
import { BiexponentialModel, D_SCALE } from './biexponential-model';

/** Directions nearer to the cord than this, in degrees, see the diffusion along it instead of its vessels. */
const ALONG_CORD_DEGREES = 45;

/** The cord runs roughly along the patient's axis. */
const SUPERIOR: Vector3 = [0, 0, 1];

/** Tissue for which a table must be able to tell f: D and D* in mm2/s. */
const REFERENCE = { f: 0.1, d: 1e-3, dStar: 15e-3 } as const;

/** SNR of the mean of a region at b 0 that a good scan reaches. */
const REGION_SNR = 100;

/** Largest standard error of f (fraction) at {@link REGION_SNR}: as large as f itself. */
const LARGEST_STANDARD_ERROR = 0.1;

/**
 * Standard error of f, as a fraction, that no unbiased fit of all four IVIM parameters can go below (Cramer-Rao), for cord-like
 * tissue (f 0.1, D 1e-3, D* 15e-3 mm2/s).
 *
 * @param bValues s/mm2, one per measurement
 * @param snr signal at b 0 over the standard deviation of the noise of one measurement
 * @returns Infinity when the b-values do not determine f
 */
export function smallestErrorOfF(bValues: ArrayLike<number>, snr: number): number {
  const model = new BiexponentialModel(Float64Array.from(bValues));
  const rows = model.measurements;
  const jacobian = new Float64Array(4 * rows);
  const { f, d, dStar } = REFERENCE;
  const at = Float64Array.of(f, 1 - f, d * D_SCALE, Math.log(dStar));
  model.evaluate(at, new Float64Array(rows), jacobian);
  const solver = new CholeskySolver(4);
  solver.left.fill(0);
  solver.matrix.fill(0);
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < 4; i++)
      for (let j = 0; j <= i; j++)
        solver.matrix[4 * i + j] =
          (solver.matrix[4 * i + j] ?? 0) + (jacobian[4 * row + i] ?? 0) * (jacobian[4 * row + j] ?? 0);
  if (!solver.solve()) return Infinity;
  const covariance = new Float64Array(16);
  solver.inverseOfFactor(covariance);
  const [pp = 0, pq = 0, , , , qq = 0] = covariance;
  // f = p / (p + q) with p + q = 1 here: its gradient is (1 - f, -f).
  const variance = (1 - f) ** 2 * pp - 2 * f * (1 - f) * pq + f * f * qq;
  return variance >= 0 ? Math.sqrt(variance) / snr : Infinity;
}

/**
 * Why f and D* cannot be told by images with this table, whatever their noise; null when they can. D and ADC do not depend
 * on it.
 *
 * @param along unit vector along the cord, LPS
 */
export function whyNoPerfusion(table: GradientTable, along: Vector3 = SUPERIOR): string | null {
  const weighted = [...table.bValues.keys()].filter(
    (volume) => table.bValue(volume) > B0_LIMIT_S_PER_MM2 && table.hasDirection(volume),
  );
  const limit = Math.cos((ALONG_CORD_DEGREES * Math.PI) / 180);
  const isAlong = (volume: number): boolean => {
    const [x, y, z] = table.direction(volume);
    return Math.abs(x * along[0] + y * along[1] + z * along[2]) > limit;
  };
  if (weighted.length > 0 && weighted.every(isAlong)) {
    return 'every diffusion direction runs along the cord, where fast diffusion of tissue hides the vessels';
  }
  const error = smallestErrorOfF(table.bValues, REGION_SNR);
  if (error <= LARGEST_STANDARD_ERROR) return null;
  const size = Number.isFinite(error) && error < 1 ? `${(100 * error).toFixed(0)} points` : 'unbounded';
  return `these b-values do not tell f: even at SNR ${String(REGION_SNR)} of the region its standard error is ${size}`;
}
