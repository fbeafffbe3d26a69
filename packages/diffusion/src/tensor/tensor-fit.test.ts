import { GradientTable } from '../data/gradient-table';
import { InputRefused } from '../data/refusal';
import { VoxelStatus } from '../data/scalar-map';
import { noiseSource } from '../simulation/rician-noise';
import { simulatedSeries, singleShell, spreadDirections } from '../simulation/simulated-series';
import { tensorFit, type TensorFitOptions, type TensorFitResult } from './tensor-fit';
import { axialTensor, tensorSignal, type DiffusionTensor } from './tensor-model';

const table = singleShell(5, 30, 800);
const S0 = 1000;
/** Cord-like: FA 0.73. */
const axis = [0.6, 0, 0.8] as const;
const cord = axialTensor(axis, 1.7e-3, 0.4e-3);
const cordFa = 1.3 / Math.sqrt(1.7 ** 2 + 2 * 0.4 ** 2);

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

/** Fits copies of one tensor with noise. */
async function fitNoisy(
  tensor: DiffusionTensor,
  snr: number,
  options: TensorFitOptions,
  copies = 2000,
): Promise<TensorFitResult> {
  const clean = tensorSignal(table, S0, tensor);
  const series = simulatedSeries(table, new Array<Float64Array>(copies).fill(clean), {
    sigma: S0 / snr,
    seed: 20,
  });
  return tensorFit(series, options);
}

/** Expects every number of every map to be finite, whatever the status. */
function expectFinite({ maps, principalDirections }: TensorFitResult): void {
  for (const map of Object.values(maps)) expect(map.values.every(Number.isFinite)).toBe(true);
  expect(principalDirections.every(Number.isFinite)).toBe(true);
}

describe('bad input', () => {
  const good = tensorSignal(table, S0, cord);
  const withSignal = (index: number, value: number): Float64Array =>
    good.map((s, i) => (i === index ? value : s));

  it.each([
    ['not a number', Number.NaN],
    ['infinite', Number.POSITIVE_INFINITY],
  ])('gives no value where one signal is %s', async (_, value) => {
    const result = await tensorFit(simulatedSeries(table, [withSignal(7, value), good]), { method: 'wls' });
    expect([...result.maps.fa.status]).toEqual([VoxelStatus.nonPositiveSignal, VoxelStatus.valid]);
    expect(result.maps.fa.values[0]).toBe(0);
    expect(result.report).toMatchObject({ fittedVoxels: 1, failedVoxels: 1 });
    expectFinite(result);
  });

  it.each([
    ['zero', 0],
    ['negative', -3],
  ])('flags a voxel with one signal that is %s, with a finite value', async (_, value) => {
    const result = await tensorFit(simulatedSeries(table, [withSignal(7, value)]), { method: 'wls' });
    expect(result.maps.md.status[0]).toBe(VoxelStatus.nonPositiveSignal);
    expect(result.report.failedVoxels).toBe(0);
    expectFinite(result);
  });

  it('gives no value for a voxel of zeros, and for one of negatives', async () => {
    const zeros = new Float64Array(table.count);
    const result = await tensorFit(simulatedSeries(table, [zeros, zeros.map(() => -5)]), { method: 'ols' });
    expect([...result.maps.fa.status]).toEqual([
      VoxelStatus.nonPositiveSignal,
      VoxelStatus.nonPositiveSignal,
    ]);
    expect(result.report.failedVoxels).toBe(2);
    expectFinite(result);
  });

  it('fits no diffusion to a constant signal', async () => {
    const constant = new Float64Array(table.count).fill(700);
    const result = await tensorFit(simulatedSeries(table, [constant]), { method: 'wls' });
    expect(result.maps.md.values[0]).toBeCloseTo(0, 8);
    expect(result.maps.s0.values[0]).toBeCloseTo(700, 3);
    expectFinite(result);
  });

  it('survives saturation and extremes', async () => {
    const noise = noiseSource(4);
    const wild = Array.from({ length: 50 }, () =>
      Float64Array.from({ length: table.count }, () => 10 ** (60 * noise.uniform() - 30)),
    );
    expectFinite(await tensorFit(simulatedSeries(table, wild), { method: 'wls', iterations: 5 }));
  });

  it('takes a negative eigenvalue as next to 0 and says so', async () => {
    const negative = axialTensor([0, 0, 1], 1.5e-3, -0.1e-3);
    const { maps } = await tensorFit(simulatedSeries(table, [tensorSignal(table, S0, negative)]), {
      method: 'wls',
    });
    expect(maps.rd.status[0]).toBe(VoxelStatus.atBound);
    expect(maps.rd.values[0]).toBeCloseTo(0, 8);
    expect(maps.fa.values[0]).toBeCloseTo(1, 5);
  });

  const refused = (gradients: GradientTable, options: Partial<TensorFitOptions> = {}): Promise<unknown> =>
    tensorFit(simulatedSeries(gradients, [new Float64Array(gradients.count).fill(100)]), {
      method: 'wls',
      ...options,
    });

  it.each<[string, GradientTable, RegExp]>([
    ['one volume', new GradientTable([0], [0, 0, 0]), /no diffusion directions/],
    ['no b0 and one shell', singleShell(0, 30, 800), /no volume with b below 50/],
    ['2 directions', new GradientTable([0, 800, 800], [0, 0, 0, 1, 0, 0, 0, 1, 0]), /2 different/],
    ['b-values in ms/um2', singleShell(5, 30, 0.8), /1 ms\/um2 = 1000 s\/mm2/],
    ['trace images', new GradientTable([0, 800, 1000], new Array<number>(9).fill(0)), /trace/],
    [
      'directions in one plane',
      new GradientTable(
        [0, ...new Array<number>(12).fill(800)],
        [0, 0, 0, ...Array.from({ length: 12 }, (_, i) => [Math.cos(i / 4), Math.sin(i / 4), 0]).flat()],
      ),
      /do not determine a tensor/,
    ],
  ])('refuses %s with what to do', async (_, gradients, message) => {
    const refusal = refused(gradients);
    await expect(refusal).rejects.toThrow(InputRefused);
    await expect(refusal).rejects.toThrow(message);
  });

  it.each<[string, Partial<TensorFitOptions>, RegExp]>([
    ['a mask of another size', { mask: new Uint8Array(3) }, /mask of 3 voxels/],
    ['an empty mask', { mask: new Uint8Array(1) }, /no voxels/],
    ['a volume that does not exist', { volumes: [0, 1, 35] }, /volume 35/],
    ['a volume chosen twice', { volumes: [0, 6, 6] }, /twice/],
    ['too few volumes', { volumes: [0, 6, 7] }, /2 different/],
    ['no volumes', { volumes: [] }, /no volumes/],
    ['a fractional number of iterations', { iterations: 1.5 }, /1.5 iterations/],
    ['weights that are never computed', { iterations: 0 }, /0 iterations/],
  ])('refuses %s', async (_, options, message) => {
    await expect(refused(table, options)).rejects.toThrow(message);
  });
});

describe('recovery', () => {
  it.each(['ols', 'wls'] as const)('is exact without noise (%s)', async (method) => {
    const { maps, principalDirections, report } = await tensorFit(
      simulatedSeries(table, [tensorSignal(table, S0, cord)]),
      { method },
    );
    expect(maps.fa.values[0]).toBeCloseTo(Math.sqrt(1.3e-3 ** 2 / (1.7e-3 ** 2 + 2 * 0.4e-3 ** 2)), 6);
    expect(maps.md.values[0]).toBeCloseTo(2.5e-3 / 3, 9);
    expect(maps.ad.values[0]).toBeCloseTo(1.7e-3, 9);
    expect(maps.rd.values[0]).toBeCloseTo(0.4e-3, 9);
    expect(maps.s0.values[0]).toBeCloseTo(S0, 2);
    expect(principalDirections[0]).toBeCloseTo(axis[0], 5);
    expect(principalDirections[1]).toBeCloseTo(axis[1], 5);
    expect(principalDirections[2]).toBeCloseTo(axis[2], 5);
    expect(maps.fa.status[0]).toBe(VoxelStatus.valid);
    expect(report.volumes).toHaveLength(35);
  });

  it('uses b-values as they are: a table with scatter and two shells is fitted exactly', async () => {
    const bValues = [0, 5, 0, ...Array.from({ length: 24 }, (_, i) => (i % 2 ? 790 + i : 1190 + i))];
    const scattered = new GradientTable(bValues, [0, 0, 0, 0, 0, 1, 0, 0, 0, ...spreadDirections(24)]);
    const { maps } = await tensorFit(simulatedSeries(scattered, [tensorSignal(scattered, S0, cord)]), {
      method: 'wls',
    });
    expect(maps.ad.values[0]).toBeCloseTo(1.7e-3, 9);
    expect(maps.rd.values[0]).toBeCloseTo(0.4e-3, 9);
  });

  it('keeps the mean within 1 % at SNR 30 for WLS', async () => {
    const { maps } = await fitNoisy(cord, 30, { method: 'wls' });
    expect(mean(maps.fa.values)).toBeCloseTo(cordFa, 2);
    expect(Math.abs(mean(maps.md.values) / (2.5e-3 / 3) - 1)).toBeLessThan(0.01);
    expect(mean(maps.s0.values) / S0).toBeCloseTo(1, 2);
  });

  it('biases MD low with measured weights, and not with predicted ones', async () => {
    const isotropic = axialTensor([0, 0, 1], 1e-3, 1e-3);
    const measured = await fitNoisy(isotropic, 15, {
      method: 'wls',
      start: 'measured-signal',
      iterations: 0,
    });
    const predicted = await fitNoisy(isotropic, 15, { method: 'wls' });
    const truth = 1e-3;
    expect(mean(measured.maps.md.values) / truth).toBeLessThan(0.975);
    expect(Math.abs(mean(predicted.maps.md.values) / truth - 1)).toBeLessThan(0.01);
  });

  it('scatters less weighted than ordinary where weighted signals differ', async () => {
    const spread = (values: Float32Array): number =>
      Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));
    const wls = await fitNoisy(cord, 20, { method: 'wls' }, 400);
    const ols = await fitNoisy(cord, 20, { method: 'ols' }, 400);
    expect(spread(wls.maps.ad.values)).toBeLessThan(0.95 * spread(ols.maps.ad.values));
  });
});

describe('running', () => {
  it('fits the mask only and leaves 0 and "outside" elsewhere', async () => {
    const clean = tensorSignal(table, S0, cord);
    const { maps, report } = await tensorFit(simulatedSeries(table, [clean, clean, clean]), {
      method: 'wls',
      mask: Uint8Array.from([0, 1, 0]),
    });
    expect([...maps.fa.status]).toEqual([1, 0, 1]);
    expect([maps.fa.values[0], maps.fa.values[2]]).toEqual([0, 0]);
    expect(report.fittedVoxels).toBe(1);
  });

  it('gives the same answer for a voxel wherever it lies in a tile', async () => {
    const noise = noiseSource(9);
    const clean = tensorSignal(table, S0, cord);
    const voxels = Array.from({ length: 131 }, () => clean.map((s) => noise.rician(s, 40)));
    const all = await tensorFit(simulatedSeries(table, voxels), { method: 'wls' });
    for (const at of [0, 63, 64, 130]) {
      const one = await tensorFit(simulatedSeries(table, [voxels[at]!]), { method: 'wls' });
      expect(one.maps.fa.values[0]).toBe(all.maps.fa.values[at]);
    }
  });

  it('reports progress, and stops within 100 ms of a cancel', async () => {
    const clean = tensorSignal(table, S0, cord);
    const series = simulatedSeries(table, new Array<Float64Array>(150_000).fill(clean));
    const fractions: number[] = [];
    const cancel = new AbortController();
    let cancelled = 0;
    const fit = tensorFit(series, {
      method: 'wls',
      iterations: 10,
      signal: cancel.signal,
      onProgress: (fraction) => {
        fractions.push(fraction);
        if (fractions.length !== 2) return;
        cancelled = performance.now();
        cancel.abort(new Error('the reader went on'));
      },
    });
    await expect(fit).rejects.toThrow('the reader went on');
    expect(performance.now() - cancelled).toBeLessThan(100);
    expect(fractions.at(-1)).toBeLessThan(1);
  });

  it('does not start when cancelled before', async () => {
    const series = simulatedSeries(table, [tensorSignal(table, S0, cord)]);
    await expect(tensorFit(series, { method: 'ols', signal: AbortSignal.abort() })).rejects.toThrow(/abort/);
  });
});
