import { simulatedSeries, singleShell } from '../simulation/simulated-series';
import { tensorFit, type TensorMethod } from '../tensor/tensor-fit';
import { axialTensor, tensorSignal } from '../tensor/tensor-model';
import { bootstrapTensorRegion } from './bootstrap-region';

jest.setTimeout(60_000);

const table = singleShell(5, 30, 800);
const cord = axialTensor([0.6, 0, 0.8], 1.7e-3, 0.4e-3);
const truth = { fa: 1.3 / Math.sqrt(1.7 ** 2 + 2 * 0.4 ** 2), md: 2.5e-3 / 3, ad: 1.7e-3, rd: 0.4e-3 };
const clean = tensorSignal(table, 1000, cord);

function copies(count: number, snr: number, seed: number) {
  const signals = new Array<Float64Array>(count).fill(clean);
  return simulatedSeries(table, signals, { sigma: 1000 / snr, seed });
}

describe.each<[TensorMethod]>([['ols'], ['wls'], ['nlls'], ['robust']])('standard errors of %s', (method) => {
  it('are the scatter of the fit, and their intervals hold the truth', async () => {
    const n = 1000;
    const { maps, details } = await tensorFit(copies(n, 30, 8), { method, details: true });
    for (const quantity of ['fa', 'md', 'ad', 'rd'] as const) {
      const { values } = maps[quantity];
      const mean = values.reduce((sum, value) => sum + value, 0) / n;
      const scatter = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n);
      const errors = details!.standardErrors[quantity].values;
      const expected = errors.reduce((sum, error) => sum + error, 0) / n;
      expect(Math.abs(expected / scatter - 1)).toBeLessThan(0.12);
      const inside = values.filter((value, v) => Math.abs(value - truth[quantity]) < 1.96 * errors[v]!);
      expect(inside.length / n).toBeGreaterThan(0.92);
      expect(inside.length / n).toBeLessThan(0.975);
    }
  });
});

it('the bias of FA by noise is foreseen where FA is low', async () => {
  const round = axialTensor([0, 0, 1], 1.2e-3, 0.85e-3);
  const n = 1500;
  const fa = 0.35 / Math.sqrt(1.2 ** 2 + 2 * 0.85 ** 2);
  const signals = new Array<Float64Array>(n).fill(tensorSignal(table, 1000, round));
  const series = simulatedSeries(table, signals, { sigma: 40, seed: 5 });
  const { maps, details } = await tensorFit(series, { method: 'wls', details: true });
  const bias = maps.fa.values.reduce((sum, value) => sum + value, 0) / n - fa;
  const foreseen = details!.faBias.values.reduce((sum, value) => sum + value, 0) / n;
  expect(bias).toBeGreaterThan(0.004);
  expect(Math.abs(foreseen - bias)).toBeLessThan(0.5 * bias);
});

describe('bootstrap', () => {
  it('is the same for a seed, another for another', async () => {
    const series = copies(20, 20, 1);
    const voxels = [...series.signal.subarray(0, 20).keys()];
    const run = (seed: number) =>
      bootstrapTensorRegion(series, voxels, { method: 'wls' }, { seed, replicates: 25 });
    const first = await run(3);
    expect(await run(3)).toEqual(first);
    expect((await run(4)).fa.standardError).not.toBe(first.fa.standardError);
  });

  it('finds the standard error of a region mean within a quarter', async () => {
    const regions = 40;
    const size = 15;
    const series = copies(regions * size, 20, 12);
    const { maps } = await tensorFit(series, { method: 'wls' });
    const means = Array.from({ length: regions }, (_, r) => {
      const part = maps.fa.values.subarray(r * size, (r + 1) * size);
      return part.reduce((sum, value) => sum + value, 0) / size;
    });
    const centre = means.reduce((sum, value) => sum + value, 0) / regions;
    const scatter = Math.sqrt(means.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (regions - 1));
    const voxels = Array.from({ length: size }, (_, v) => v);
    const { fa } = await bootstrapTensorRegion(
      series,
      voxels,
      { method: 'wls' },
      { seed: 1, replicates: 100 },
    );
    expect(fa.mean).toBeCloseTo(means[0]!, 6);
    expect(fa.standardError / scatter).toBeGreaterThan(0.7);
    expect(fa.standardError / scatter).toBeLessThan(1.4);
    expect(fa.interval[0]).toBeLessThan(fa.mean);
    expect(fa.interval[1]).toBeGreaterThan(fa.mean - fa.bias);
  });

  it('refuses empty regions, voxels outside and too few replicates', async () => {
    const series = copies(3, 20, 1);
    const run = (voxels: number[], replicates = 20): Promise<unknown> =>
      bootstrapTensorRegion(series, voxels, { method: 'wls' }, { seed: 1, replicates });
    await expect(run([])).rejects.toThrow(/no voxels/);
    await expect(run([7])).rejects.toThrow(/voxel 7 is outside/);
    await expect(run([0], 5)).rejects.toThrow(/5 replicates/);
  });

  it('stops when cancelled', async () => {
    const series = copies(50, 20, 1);
    const cancel = new AbortController();
    const run = bootstrapTensorRegion(
      series,
      [0, 1, 2],
      { method: 'wls' },
      {
        seed: 1,
        signal: cancel.signal,
        onProgress: () => {
          cancel.abort(new Error('enough'));
        },
      },
    );
    await expect(run).rejects.toThrow('enough');
  });
});
