import { GradientTable } from '../data/gradient-table';
import { VoxelStatus } from '../data/scalar-map';
import { noiseSource } from '../simulation/rician-noise';
import { simulatedSeries } from '../simulation/simulated-series';
import { quantile } from '../statistics/region-statistics';
import { ivimFit, type IvimFitResult } from './ivim-fit';
import { ivimSignal, type IvimParameters } from './ivim-model';

const bValues = [0, 5, 10, 20, 30, 40, 60, 80, 100, 150, 200, 300, 400, 500, 650, 800];

/** One direction (+x) at every b-value. */
function tableOf(b: readonly number[]): GradientTable {
  return new GradientTable(
    b,
    b.flatMap((value) => (value === 0 ? [0, 0, 0] : [1, 0, 0])),
  );
}
const table = tableOf(bValues);

const cord: IvimParameters = { s0: 1000, f: 0.1, d: 0.9e-3, dStar: 30e-3 };
const segmented = { method: 'segmented' } as const;

function expectFinite({ maps }: IvimFitResult): void {
  for (const map of Object.values(maps)) expect(map.values.every(Number.isFinite)).toBe(true);
}

describe('bad input', () => {
  const refused = (b: readonly number[], options = {}): Promise<unknown> =>
    ivimFit(simulatedSeries(tableOf(b), [b.map(() => 100)]), { ...segmented, ...options });

  it.each<[string, readonly number[], RegExp]>([
    ['one volume', [0], /1 different b-value/],
    ['a tensor series', [0, 0, 800, 800, 800], /2 different b-values, IVIM needs at least 4/],
    ['low b-values alone', [0, 10, 20, 50, 100, 150], /fewer than 2 b-values from b 200/],
    ['high b-values alone', [200, 400, 600, 800], /fewer than 2 b-values below b 200/],
    ['b-values in ms/um2', [0, 0.01, 0.05, 0.2, 0.4, 0.8], /1000 s\/mm2/],
  ])('refuses %s with what to do', async (_, b, message) => {
    await expect(refused(b)).rejects.toThrow(message);
  });

  it('refuses masks and volumes of another series', async () => {
    await expect(refused(bValues, { mask: new Uint8Array(7) })).rejects.toThrow(/mask of 7/);
    await expect(refused(bValues, { volumes: [0, 99] })).rejects.toThrow(/volume 99/);
  });

  it('gives no value without usable signal, flags a signal <= 0, and never writes NaN', async () => {
    const good = ivimSignal(bValues, cord);
    const voxels = [
      good.map(() => 0),
      good.map((s, i) => (i === 4 ? Number.NaN : s)),
      good.map((s, i) => (i === 4 ? -2 : s)),
      good,
    ];
    const result = await ivimFit(simulatedSeries(table, voxels), segmented);
    const { nonPositiveSignal, valid } = VoxelStatus;
    expect([...result.maps.ivim_d.status]).toEqual([
      nonPositiveSignal,
      nonPositiveSignal,
      nonPositiveSignal,
      valid,
    ]);
    expect(result.report).toMatchObject({ fittedVoxels: 2, failedVoxels: 2 });
    expectFinite(result);
  });

  it('keeps extremes finite and within bounds', async () => {
    const noise = noiseSource(5);
    const wild = Array.from({ length: 200 }, () => bValues.map(() => 10 ** (40 * noise.uniform() - 20)));
    const result = await ivimFit(simulatedSeries(table, wild), segmented);
    expectFinite(result);
    const { ivim_d, ivim_f, ivim_dstar } = result.maps;
    for (let v = 0; v < wild.length; v++) {
      expect(ivim_f.values[v]).toBeGreaterThanOrEqual(0);
      expect(ivim_f.values[v]).toBeLessThanOrEqual(1);
      if (ivim_dstar.values[v] !== 0) expect(ivim_dstar.values[v]).toBeGreaterThan(ivim_d.values[v]!);
    }
  });

  it('gives D 0 and f 0, at their bounds, for a constant signal', async () => {
    const { maps } = await ivimFit(simulatedSeries(table, [bValues.map(() => 500)]), segmented);
    expect(maps.ivim_d.values[0]).toBeCloseTo(0, 9);
    expect(maps.ivim_f.values[0]).toBeCloseTo(0, 6);
    expect(maps.ivim_s0.values[0]).toBeCloseTo(500, 2);
    expect(maps.adc.values[0]).toBeCloseTo(0, 9);
  });

  it('flags a growing signal as D at its bound', async () => {
    const growing = bValues.map((b) => 100 * Math.exp(1e-4 * b));
    const { maps } = await ivimFit(simulatedSeries(table, [growing]), segmented);
    expect(maps.ivim_d.values[0]).toBe(0);
    expect([maps.ivim_d.status[0], maps.ivim_f.status[0], maps.adc.status[0]]).toEqual([4, 4, 4]);
  });
});

describe('recovery', () => {
  it('is close without noise, where perfusion has gone at the split', async () => {
    const { maps, report } = await ivimFit(simulatedSeries(table, [ivimSignal(bValues, cord)]), segmented);
    expect(maps.ivim_d.values[0]! / cord.d).toBeCloseTo(1, 2);
    expect(maps.ivim_f.values[0]).toBeCloseTo(cord.f, 2);
    expect(Math.abs(maps.ivim_dstar.values[0]! / cord.dStar - 1)).toBeLessThan(0.05);
    expect(maps.ivim_s0.values[0]! / cord.s0).toBeCloseTo(1, 3);
    expect(report.convention).toBe('S = S0 [f exp(-b D*) + (1 - f) exp(-b D)], D* > D');
    expect(report.directions).toBe('one direction');
  });

  it('is exact when the high b-values hold no perfusion at all', async () => {
    const fast = { ...cord, dStar: 0.09 };
    const { maps } = await ivimFit(simulatedSeries(table, [ivimSignal(bValues, fast)]), segmented);
    expect(maps.ivim_d.values[0]! / fast.d).toBeCloseTo(1, 5);
    expect(maps.ivim_f.values[0]).toBeCloseTo(fast.f, 5);
    expect(maps.ivim_dstar.values[0]! / fast.dStar).toBeCloseTo(1, 3);
  });

  it('does not need b0', async () => {
    const noB0 = [5, 10, 20, 30, 50, 75, 150, 250, 600, 700, 800];
    const { maps } = await ivimFit(simulatedSeries(tableOf(noB0), [ivimSignal(noB0, cord)]), segmented);
    expect(maps.ivim_f.values[0]).toBeCloseTo(cord.f, 2);
    expect(maps.ivim_s0.values[0]! / cord.s0).toBeCloseTo(1, 2);
  });

  it('averages directions to the trace: D is the mean of the directional D, f is unchanged', async () => {
    const directional = [1.7e-3, 0.4e-3, 0.3e-3];
    const b3 = bValues.flatMap((b) => [b, b, b]);
    const axes = bValues.flatMap((b) =>
      b === 0 ? new Array<number>(9).fill(0) : [1, 0, 0, 0, 1, 0, 0, 0, 1],
    );
    const signals = bValues.flatMap((b) =>
      directional.map((d) => ivimSignal([b], { ...cord, dStar: 0.09, d })[0]!),
    );
    const { maps, report } = await ivimFit(
      simulatedSeries(new GradientTable(b3, axes), [signals]),
      segmented,
    );
    expect(maps.ivim_d.values[0]! / 0.8e-3).toBeCloseTo(1, 5);
    expect(maps.ivim_f.values[0]).toBeCloseTo(cord.f, 2);
    expect(report.directions).toBe('3 directions, geometric mean per b-value');
  });

  it('finds the median within 3 % for D and 1.5 points for f at SNR 50', async () => {
    const copies = new Array<Float64Array>(2000).fill(ivimSignal(bValues, cord));
    const { maps } = await ivimFit(simulatedSeries(table, copies, { sigma: 20, seed: 3 }), segmented);
    const median = (values: Float32Array): number => quantile(values.slice().sort(), 0.5);
    expect(Math.abs(median(maps.ivim_d.values) / cord.d - 1)).toBeLessThan(0.03);
    expect(Math.abs(median(maps.ivim_f.values) - cord.f)).toBeLessThan(0.015);
    expect(median(maps.ivim_dstar.values)).toBeGreaterThan(15e-3);
    expect(median(maps.ivim_dstar.values)).toBeLessThan(60e-3);
  });

  it('has no D* where there is no perfusion', async () => {
    const none = ivimSignal(bValues, { ...cord, f: 0 });
    const copies = new Array<Float64Array>(500).fill(none);
    const { maps } = await ivimFit(simulatedSeries(table, copies, { sigma: 10, seed: 8 }), segmented);
    const withoutPerfusion = [...maps.ivim_f.values.keys()].filter((v) => maps.ivim_f.values[v] === 0);
    expect(withoutPerfusion.length).toBeGreaterThan(50);
    for (const v of withoutPerfusion) {
      expect([maps.ivim_f.status[v], maps.ivim_dstar.status[v]]).toEqual([
        VoxelStatus.atBound,
        VoxelStatus.singular,
      ]);
    }
  });

  it('fits ADC to a single exponential exactly', async () => {
    const single = bValues.map((b) => 800 * Math.exp(-1.1e-3 * b));
    const { maps } = await ivimFit(simulatedSeries(table, [single]), segmented);
    expect(maps.adc.values[0]).toBeCloseTo(1.1e-3, 9);
  });
});

it('stops when cancelled', async () => {
  const series = simulatedSeries(table, new Array<Float64Array>(50_000).fill(ivimSignal(bValues, cord)));
  const cancel = new AbortController();
  const fit = ivimFit(series, {
    ...segmented,
    signal: cancel.signal,
    onProgress: () => {
      cancel.abort(new Error('stopped'));
    },
  });
  await expect(fit).rejects.toThrow('stopped');
});
