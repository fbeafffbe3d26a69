import { VoxelStatus } from '../data/scalar-map';
import { noiseSource } from '../simulation/rician-noise';
import { simulatedSeries, singleShell } from '../simulation/simulated-series';
import { tensorMode } from './tensor-details';
import { tensorFit, type TensorFitOptions } from './tensor-fit';
import { axialTensor, tensorScalars, tensorSignal } from './tensor-model';

const table = singleShell(5, 30, 800);
const S0 = 1000;
const axis = [0.6, 0, 0.8] as const;
const cord = axialTensor(axis, 1.7e-3, 0.4e-3);

/** Tensors of every direction, FA 0.1 to 0.8, with Rician noise and a share of dropouts to 20-70 % of the signal. */
function field(voxels: number, snr: number, dropouts: number, seed: number) {
  const random = noiseSource(seed);
  const fa: number[] = [];
  const dropped: number[] = [];
  const signals = Array.from({ length: voxels }, (_, voxel) => {
    const z = random.uniform();
    const turn = 2 * Math.PI * random.uniform();
    const r = Math.sqrt(1 - z * z);
    const radial = 0.2e-3 + 0.6e-3 * random.uniform();
    const axial = radial + 1.2e-3 * random.uniform();
    fa.push(tensorScalars(axial, radial, radial).fa);
    const clean = tensorSignal(
      table,
      S0,
      axialTensor([r * Math.cos(turn), r * Math.sin(turn), z], axial, radial),
    );
    return clean.map((s, volume) => {
      const drops = volume >= 5 && random.uniform() < dropouts;
      if (drops) dropped.push(volume * voxels + voxel);
      return random.rician(drops ? s * (0.2 + 0.5 * random.uniform()) : s, S0 / snr);
    });
  });
  return { series: simulatedSeries(table, signals), fa, dropped };
}

const rmse = (found: Float32Array, truth: readonly number[]): number =>
  Math.sqrt(truth.reduce((sum, value, i) => sum + (found[i]! - value) ** 2, 0) / truth.length);

describe.each<[string, TensorFitOptions]>([
  ['non-linear', { method: 'nlls' }],
  ['positive-definite', { method: 'nlls', positiveDefinite: true }],
  ['robust', { method: 'robust' }],
])('%s fit', (_, options) => {
  it('is exact without noise', async () => {
    const { maps, principalDirections, details } = await tensorFit(
      simulatedSeries(table, [tensorSignal(table, S0, cord)]),
      { ...options, details: true },
    );
    expect(maps.ad.values[0]).toBeCloseTo(1.7e-3, 8);
    expect(maps.rd.values[0]).toBeCloseTo(0.4e-3, 8);
    expect(maps.s0.values[0]).toBeCloseTo(S0, 2);
    expect(principalDirections[0]).toBeCloseTo(axis[0], 4);
    expect(details?.residual.values[0]).toBeLessThan(1e-3);
    expect(details?.outliers.values[0]).toBe(0);
  });

  it('flags what cannot be fitted and keeps every number finite', async () => {
    const good = tensorSignal(table, S0, cord);
    const noise = noiseSource(4);
    const voxels = [
      good.map((s, i) => (i === 7 ? Number.NaN : s)),
      good.map((s, i) => (i === 7 ? 0 : s)),
      new Float64Array(table.count),
      new Float64Array(table.count).fill(700),
      ...Array.from({ length: 100 }, () => good.map(() => 10 ** (60 * noise.uniform() - 30))),
    ];
    const { maps, details } = await tensorFit(simulatedSeries(table, voxels), { ...options, details: true });
    const { nonPositiveSignal } = VoxelStatus;
    expect([...maps.fa.status.subarray(0, 3)]).toEqual([
      nonPositiveSignal,
      nonPositiveSignal,
      nonPositiveSignal,
    ]);
    expect(maps.md.values[3]).toBeCloseTo(0, 6);
    for (const map of Object.values(maps)) expect(map.values.every(Number.isFinite)).toBe(true);
    const { mode, residual, chiSquare, outliers } = details!;
    for (const map of [mode, residual, chiSquare, outliers])
      expect(map.values.every(Number.isFinite)).toBe(true);
  });

  it('gives the same answer for a voxel wherever it lies in a tile', async () => {
    const { series } = field(131, 20, 0.05, 3);
    const all = await tensorFit(series, options);
    for (const at of [0, 63, 64, 130]) {
      const signal = Array.from({ length: table.count }, (__, volume) => series.signal[volume * 131 + at]!);
      const one = await tensorFit(simulatedSeries(table, [signal]), options);
      expect(one.maps.fa.values[0]).toBe(all.maps.fa.values[at]);
    }
  });
});

it('the positive-definite fit has no negative eigenvalue where the free one has', async () => {
  const thin = axialTensor([0, 0, 1], 1.8e-3, 0.02e-3);
  const copies = new Array<Float64Array>(300).fill(tensorSignal(table, S0, thin));
  const series = simulatedSeries(table, copies, { sigma: 40, seed: 2 });
  const atBound = async (options: TensorFitOptions): Promise<number> =>
    (await tensorFit(series, options)).maps.fa.status.filter((s) => s === VoxelStatus.atBound).length;
  expect(await atBound({ method: 'nlls' })).toBeGreaterThan(100);
  const { maps } = await tensorFit(series, { method: 'nlls', positiveDefinite: true });
  expect(maps.rd.values.every((rd) => rd >= 0 && rd < 0.3e-3)).toBe(true);
});

describe('dropouts', () => {
  it.each([
    [20, 0.62],
    [50, 0.32],
  ])('at SNR %i the robust fit has less than %f of the FA error of WLS', async (snr, share) => {
    const { series, fa } = field(1500, snr, 0.05, 91);
    const wls = await tensorFit(series, { method: 'wls' });
    const robust = await tensorFit(series, { method: 'robust' });
    expect(rmse(robust.maps.fa.values, fa)).toBeLessThan(share * rmse(wls.maps.fa.values, fa));
  });

  it.each([10, 20, 50])('costs less than 4 %% of FA error at SNR %i where there are none', async (snr) => {
    const { series, fa } = field(1500, snr, 0, 92);
    const wls = await tensorFit(series, { method: 'wls' });
    const robust = await tensorFit(series, { method: 'robust' });
    expect(rmse(robust.maps.fa.values, fa)).toBeLessThan(1.04 * rmse(wls.maps.fa.values, fa));
  });

  it('are found: nearly all at SNR 50, and little else', async () => {
    const voxels = 1000;
    const { series, dropped } = field(voxels, 50, 0.05, 93);
    const { details } = await tensorFit(series, { method: 'robust', details: true });
    const found = details!.outlierVoxels.reduce((sum, n) => sum + n, 0);
    const inB0 = details!.outlierVoxels.subarray(0, 5).reduce((sum, n) => sum + n, 0);
    expect(found).toBeGreaterThan(0.9 * dropped.length);
    expect(found).toBeLessThan(1.25 * dropped.length);
    expect(inB0 / (5 * voxels)).toBeLessThan(0.02);
  });
});

describe('details', () => {
  it('find the noise within 2 % and a chi-square of 1', async () => {
    const copies = new Array<Float64Array>(2000).fill(tensorSignal(table, S0, cord));
    const series = simulatedSeries(table, copies, { sigma: 25, seed: 6 });
    const { details } = await tensorFit(series, { method: 'nlls', details: true });
    const { noise, chiSquare } = details!;
    expect(Math.abs(noise[0]! / 25 - 1)).toBeLessThan(0.02);
    const mean = chiSquare.values.reduce((sum, value) => sum + value, 0) / 2000;
    expect(Math.abs(mean - 1)).toBeLessThan(0.05);
    const given = await tensorFit(series, { method: 'nlls', details: true, noise: 50 });
    expect(given.details!.chiSquare.values[0]! / chiSquare.values[0]!).toBeCloseTo((noise[0]! / 50) ** 2, 4);
  });

  it('show in chi-square where a tensor does not explain the signal', async () => {
    const other = tensorSignal(table, S0, axialTensor([0.8, 0, -0.6], 1.7e-3, 0.1e-3));
    const one = tensorSignal(table, S0, axialTensor(axis, 1.7e-3, 0.1e-3));
    const crossing = one.map((s, i) => (s + other[i]!) / 2);
    const series = simulatedSeries(table, [...new Array<Float64Array>(50).fill(one), crossing], {
      sigma: 10,
      seed: 1,
    });
    const { details } = await tensorFit(series, { method: 'nlls', details: true });
    expect(details!.chiSquare.values[50]).toBeGreaterThan(3);
  });

  it.each([
    [[2, 1, 1], 1],
    [[2, 2, 1], -1],
    [[3, 2, 1], 0],
    [[1, 1, 1], 0],
  ] as const)('the mode of eigenvalues %j is %f', ([l1, l2, l3], mode) => {
    expect(tensorMode(l1, l2, l3)).toBeCloseTo(mode, 12);
  });

  it.each([[0], [[1, 2]], [Number.NaN], [[-1]]])('refuse a noise level of %j', async (noise) => {
    const series = simulatedSeries(table, [tensorSignal(table, S0, cord)]);
    await expect(tensorFit(series, { method: 'nlls', details: true, noise })).rejects.toThrow(/noise level/);
  });
});
