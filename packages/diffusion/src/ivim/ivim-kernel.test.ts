import { GradientTable } from '../data/gradient-table';
import { noiseSource } from '../simulation/rician-noise';
import { simulatedSeries } from '../simulation/simulated-series';
import { ivimFit, type IvimFitOptions, type IvimFitResult } from './ivim-fit';
import { ivimSignal } from './ivim-model';

/** An odd number of b-values, for kernels that take two at a time. */
const B_VALUES = [0, 5, 10, 20, 30, 50, 80, 120, 200, 300, 400, 500, 600, 700, 800];
const table = new GradientTable(
  B_VALUES,
  B_VALUES.flatMap((b) => (b === 0 ? [0, 0, 0] : [1, 0, 0])),
);
const NOISY = 150;

function series(): ReturnType<typeof simulatedSeries> {
  const noise = noiseSource(2);
  const noisy = Array.from({ length: NOISY }, () =>
    ivimSignal(B_VALUES, {
      s0: 700,
      f: 0.3 * noise.uniform(),
      d: 0.3e-3 + 1.7e-3 * noise.uniform(),
      dStar: 8e-3 + 60e-3 * noise.uniform(),
    }).map((s) => noise.rician(s, 20)),
  );
  const clean = [...ivimSignal(B_VALUES, { s0: 500, f: 0.1, d: 1e-3, dStar: 15e-3 })];
  const bad = [
    clean.map(() => 0),
    clean.map(() => -1),
    clean.map(() => 300),
    clean.map((s, i) => (i === 4 ? Number.NaN : s)),
    clean.map((s, i) => (i === 4 ? 0 : s)),
    clean.map((s, i) => (i === 4 ? -9 : s)),
    clean.map((_, i) => 100 + i),
    clean.map((s) => s * 1e-30),
    clean.map((s) => s * 1e30),
    clean,
  ];
  return simulatedSeries(table, [...noisy, ...bad.map((voxel) => Float64Array.from(voxel))]);
}

const QUANTITIES = ['ivim_d', 'ivim_f', 'ivim_dstar', 'ivim_s0', 'adc'] as const;

async function both(
  options: Omit<IvimFitOptions, 'engine'>,
): Promise<Record<'kernel' | 'reference', IvimFitResult>> {
  const kernel = await ivimFit(series(), options);
  const reference = await ivimFit(series(), { ...options, engine: 'reference' });
  expect(kernel.report.engine).toBe('WebAssembly kernels, version 1, double precision');
  expect(reference.report.engine).toBe('reference');
  return { kernel, reference };
}

/** Largest difference of any quantity, relative to its size. */
function worst(kernel: IvimFitResult, reference: IvimFitResult): number {
  let found = 0;
  for (const quantity of QUANTITIES)
    reference.maps[quantity].values.forEach((expected, voxel) => {
      const size = Math.max(Math.abs(expected), quantity === 'ivim_f' ? 1e-2 : 1e-35);
      found = Math.max(found, Math.abs(kernel.maps[quantity].values[voxel]! - expected) / size);
    });
  return found;
}

it('least squares by the kernels is that of the reference, of bad voxels, too', async () => {
  const { kernel, reference } = await both({ method: 'nlls' });
  for (const quantity of QUANTITIES)
    expect([...kernel.maps[quantity].status]).toEqual([...reference.maps[quantity].status]);
  expect(worst(kernel, reference)).toBeLessThan(1e-4);
  expect(kernel.report.failedVoxels).toBe(reference.report.failedVoxels);
}, 60_000);

it('intervals, residuals and noise are those of the reference', async () => {
  const { kernel, reference } = await both({ method: 'nlls', details: true });
  expect(kernel.details!.noise[0]! / reference.details!.noise[0]!).toBeCloseTo(1, 6);
  const { lower, upper } = kernel.intervals!.ivim_d;
  const expected = reference.intervals!.ivim_d;
  for (let voxel = 0; voxel < NOISY; voxel++) {
    expect(Math.abs(lower[voxel]! - expected.lower[voxel]!)).toBeLessThan(5e-6);
    expect(Math.abs(upper[voxel]! - expected.upper[voxel]!)).toBeLessThan(5e-6);
    expect(kernel.details!.residual.values[voxel]!).toBeCloseTo(
      reference.details!.residual.values[voxel]!,
      3,
    );
  }
}, 60_000);

it.each(['weak', 'flat'] as const)(
  'posterior means and intervals by the kernels are those of the reference: %s prior',
  async (prior) => {
    const { kernel, reference } = await both({ method: 'bayesian', prior, noise: 20 });
    for (const quantity of QUANTITIES)
      expect([...kernel.maps[quantity].status]).toEqual([...reference.maps[quantity].status]);
    // Which grid is the last hangs on a threshold: a rounding more or less changes a voxel by as much as a finer grid does.
    expect(worst(kernel, reference)).toBeLessThan(1e-2);
    const { lower, upper } = kernel.intervals!.ivim_f;
    const expected = reference.intervals!.ivim_f;
    for (let voxel = 0; voxel < NOISY; voxel++) {
      expect(Math.abs(lower[voxel]! - expected.lower[voxel]!)).toBeLessThan(1e-2);
      expect(Math.abs(upper[voxel]! - expected.upper[voxel]!)).toBeLessThan(1e-2);
    }
  },
  60_000,
);
