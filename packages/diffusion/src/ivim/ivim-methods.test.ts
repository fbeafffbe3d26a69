import { GradientTable } from '../data/gradient-table';
import { VoxelStatus } from '../data/scalar-map';
import { noiseSource } from '../simulation/rician-noise';
import { simulatedSeries } from '../simulation/simulated-series';
import { ivimFit, type IvimFitOptions } from './ivim-fit';
import { ivimSignal, type IvimParameters } from './ivim-model';

jest.setTimeout(60_000);

const bValues = [0, 5, 10, 20, 30, 40, 60, 80, 100, 150, 200, 300, 400, 500, 650, 800];
const table = new GradientTable(
  bValues,
  bValues.flatMap((b) => (b === 0 ? [0, 0, 0] : [1, 0, 0])),
);
const cord: IvimParameters = { s0: 1000, f: 0.1, d: 0.9e-3, dStar: 30e-3 };
const METHODS: [string, IvimFitOptions][] = [
  ['least squares', { method: 'nlls', details: true }],
  ['Bayesian, weak prior', { method: 'bayesian', details: true }],
  ['Bayesian, flat prior', { method: 'bayesian', prior: 'flat', details: true }],
];

function tissues(count: number, seed: number): IvimParameters[] {
  const random = noiseSource(seed);
  return Array.from({ length: count }, () => ({
    s0: 1000,
    f: 0.02 + 0.28 * random.uniform(),
    d: 0.3e-3 + 1.7e-3 * random.uniform(),
    dStar: 10e-3 + 80e-3 * random.uniform(),
  }));
}

const rmse = (found: Float32Array, truth: readonly number[]): number =>
  Math.sqrt(truth.reduce((sum, value, i) => sum + (found[i]! - value) ** 2, 0) / truth.length);

describe.each(METHODS)('%s', (_, options) => {
  it('is exact where there is next to no noise', async () => {
    const truth = tissues(15, 2);
    const series = simulatedSeries(
      table,
      truth.map((t) => ivimSignal(bValues, t)),
      { sigma: 0.01, seed: 1 },
    );
    const { maps } = await ivimFit(series, options);
    truth.forEach((t, v) => {
      expect(Math.abs(maps.ivim_d.values[v]! / t.d - 1)).toBeLessThan(2e-3);
      expect(Math.abs(maps.ivim_f.values[v]! - t.f)).toBeLessThan(1e-3);
      expect(Math.abs(maps.ivim_dstar.values[v]! / t.dStar - 1)).toBeLessThan(1e-2);
      expect(Math.abs(maps.ivim_s0.values[v]! / t.s0 - 1)).toBeLessThan(1e-3);
    });
  });

  it('keeps extremes finite, within bounds, and D below D*', async () => {
    const noise = noiseSource(5);
    const wild = [
      ...Array.from({ length: 20 }, () => bValues.map(() => 10 ** (40 * noise.uniform() - 20))),
      bValues.map(() => 500),
      bValues.map((b) => 100 * Math.exp(1e-4 * b)),
      bValues.map(() => 0),
      bValues.map((__, i) => (i === 3 ? Number.NaN : 100)),
      bValues.map((__, i) => (i === 3 ? -1 : 100)),
      bValues.map((b) => 100 * Math.exp(-8e-3 * b)),
    ];
    const { maps, intervals, details } = await ivimFit(simulatedSeries(table, wild), options);
    for (const { values } of Object.values(maps)) expect(values.every(Number.isFinite)).toBe(true);
    for (const { lower, upper } of Object.values(intervals!)) {
      expect(lower.every(Number.isFinite)).toBe(true);
      expect(upper.every((value, v) => value >= lower[v]!)).toBe(true);
    }
    expect(details!.residual.values.every(Number.isFinite)).toBe(true);
    wild.forEach((__, v) => {
      const dStar = maps.ivim_dstar.values[v]!;
      if (dStar > 0) expect(dStar).toBeGreaterThan(maps.ivim_d.values[v]!);
      expect(maps.ivim_f.values[v]).toBeGreaterThanOrEqual(0);
      expect(maps.ivim_f.values[v]).toBeLessThanOrEqual(1);
    });
    const { nonPositiveSignal } = VoxelStatus;
    expect([...maps.ivim_d.status.subarray(22, 25)]).toEqual([
      nonPositiveSignal,
      nonPositiveSignal,
      nonPositiveSignal,
    ]);
  });
});

it('a posterior mean errs less than least squares at SNR 20, and no more at SNR 200', async () => {
  for (const [snr, share] of [
    [20, 0.75],
    [200, 1.05],
  ] as const) {
    const truth = tissues(200, snr);
    const series = simulatedSeries(
      table,
      truth.map((t) => ivimSignal(bValues, t)),
      { sigma: 1000 / snr, seed: 7 },
    );
    const squares = (await ivimFit(series, { method: 'nlls' })).maps;
    const bayes = (await ivimFit(series, { method: 'bayesian' })).maps;
    const f = truth.map((t) => t.f);
    const d = truth.map((t) => t.d);
    expect(rmse(bayes.ivim_f.values, f)).toBeLessThan(share * rmse(squares.ivim_f.values, f));
    expect(rmse(bayes.ivim_d.values, d)).toBeLessThan(share * rmse(squares.ivim_d.values, d));
  }
});

it('finds the noise within 3 %, or takes what it is given', async () => {
  const copies = new Array<Float64Array>(600).fill(ivimSignal(bValues, cord));
  const series = simulatedSeries(table, copies, { sigma: 25, seed: 3 });
  const found = (await ivimFit(series, { method: 'nlls', details: true })).details!;
  expect(Math.abs(found.noise[0]! / 25 - 1)).toBeLessThan(0.03);
  const given = (await ivimFit(series, { method: 'nlls', details: true, noise: [40] })).details!;
  expect(given).toMatchObject({ noise: [40], noiseMethod: 'given' });
  await expect(ivimFit(series, { method: 'bayesian', noise: 0 })).rejects.toThrow(/noise level 0/);
});

describe('several directions', () => {
  const axes = bValues.flatMap((b) => (b === 0 ? new Array<number>(9).fill(0) : [1, 0, 0, 0, 1, 0, 0, 0, 1]));
  const three = new GradientTable(
    bValues.flatMap((b) => [b, b, b]),
    axes,
  );
  const parameters = [
    { ...cord, d: 1.7e-3, f: 0.05 },
    { ...cord, d: 0.4e-3, f: 0.12 },
    { ...cord, d: 0.3e-3, f: 0.13 },
  ];
  const signals = bValues.flatMap((b) => parameters.map((p) => ivimSignal([b], p)[0]!));

  it('are fitted separately and averaged on request: exact where the trace is not', async () => {
    const series = simulatedSeries(three, [signals, signals]);
    const { maps, report } = await ivimFit(series, {
      method: 'nlls',
      directions: 'averaged',
      details: true,
      mask: Uint8Array.of(1, 0),
    });
    expect(maps.ivim_f.values[0]).toBeCloseTo(0.1, 4);
    expect(maps.ivim_d.values[0]! / 0.8e-3).toBeCloseTo(1, 4);
    expect([...maps.ivim_f.status]).toEqual([VoxelStatus.valid, VoxelStatus.outsideMask]);
    expect(report).toMatchObject({
      directions: '3 directions, fitted separately and averaged',
      fittedVoxels: 1,
      failedVoxels: 0,
    });
    expect(report.volumes).toHaveLength(48);
  });

  it('have no value where one direction has none, and stay what they were by default', async () => {
    const broken = signals.map((s, i) => (i === 20 ? Number.NaN : s));
    const series = simulatedSeries(three, [broken]);
    const { maps, report } = await ivimFit(series, { method: 'segmented', directions: 'averaged' });
    expect([maps.ivim_d.values[0], maps.ivim_d.status[0], report.failedVoxels]).toEqual([
      0,
      VoxelStatus.nonPositiveSignal,
      1,
    ]);
    const trace = await ivimFit(simulatedSeries(three, [signals]), { method: 'segmented' });
    expect(trace.report.directions).toBe('3 directions, geometric mean per b-value');
  });
});
