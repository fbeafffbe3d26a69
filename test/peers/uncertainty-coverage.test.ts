import {
  axialTensor,
  bootstrapIvimRegion,
  bootstrapTensorRegion,
  GradientTable,
  ivimFit,
  ivimSignal,
  noiseSource,
  simulatedSeries,
  singleShell,
  tensorFit,
  tensorScalars,
  tensorSignal,
  type IntervalQuantity,
  type IvimFitOptions,
  type IvimParameters,
  type TensorMethod,
} from '@myelon/diffusion';

jest.setTimeout(300_000);

/** Intervals of this many voxels: the share that holds the truth is itself known to +- 1.4 % (2 sd). */
const VOXELS = 1000;

const tensorTable = singleShell(5, 30, 800);
const bValues = [0, 5, 10, 20, 30, 40, 60, 80, 100, 150, 200, 300, 400, 500, 650, 800];
const ivimTable = new GradientTable(
  bValues,
  bValues.flatMap((b) => (b === 0 ? [0, 0, 0] : [1, 0, 0])),
);

/** Cord-like tensors: FA 0.5 to 0.85, within 20 degrees of the axis. */
function cords(seed: number) {
  const random = noiseSource(seed);
  return Array.from({ length: VOXELS }, () => {
    const tilt = 0.35 * random.uniform();
    const axis = [Math.sin(tilt), 0, Math.cos(tilt)] as const;
    const radial = 0.25e-3 + 0.25e-3 * random.uniform();
    const axial = 1.3e-3 + 0.7e-3 * random.uniform();
    return { tensor: axialTensor(axis, axial, radial), ...tensorScalars(axial, radial, radial) };
  });
}

describe.each<[TensorMethod, number, number]>([
  ['wls', 0.93, 0.97],
  ['nlls', 0.93, 0.97],
  ['robust', 0.92, 0.97],
])('95 %% intervals of the tensor, %s', (method, from, to) => {
  it.each([20, 30, 50])('hold the true FA, MD, AD and RD as often at SNR %i', async (snr) => {
    const truth = cords(snr);
    const signals = truth.map(({ tensor }) => tensorSignal(tensorTable, 1000, tensor));
    const series = simulatedSeries(tensorTable, signals, { sigma: 1000 / snr, seed: 3 });
    const { maps, details } = await tensorFit(series, { method, details: true });
    for (const quantity of ['fa', 'md', 'ad', 'rd'] as const) {
      const errors = details!.standardErrors[quantity].values;
      const bias = quantity === 'fa' ? details!.faBias.values : new Float32Array(VOXELS);
      const inside = truth.filter(
        (t, v) => Math.abs(maps[quantity].values[v]! - bias[v]! - t[quantity]) < 1.96 * errors[v]!,
      );
      const share = inside.length / VOXELS;
      expect({ quantity, share, within: share > from && share < to }).toMatchObject({ within: true });
    }
  });
});

describe.each<[string, IvimFitOptions]>([
  ['least squares', { method: 'nlls', details: true }],
  ['Bayesian, weak prior', { method: 'bayesian' }],
  ['Bayesian, flat prior', { method: 'bayesian', prior: 'flat' }],
])('95 %% intervals of IVIM, %s', (_, options) => {
  it.each([10, 20, 50])('hold the true D and f in 93 to 98.5 %% at SNR %i', async (snr) => {
    const random = noiseSource(snr);
    const truth = Array.from({ length: VOXELS }, () => ({
      s0: 1000,
      f: 0.3 * random.uniform(),
      d: 0.3e-3 + 1.7e-3 * random.uniform(),
      dStar: 10e-3 + 80e-3 * random.uniform(),
    }));
    const signals = truth.map((t) => ivimSignal(bValues, t));
    const series = simulatedSeries(ivimTable, signals, { sigma: 1000 / snr, seed: 31 });
    const { intervals } = await ivimFit(series, options);
    const share = (quantity: IntervalQuantity, of: (t: IvimParameters) => number): number =>
      truth.filter(
        (t, v) => intervals![quantity].lower[v]! <= of(t) && of(t) <= intervals![quantity].upper[v]!,
      ).length / VOXELS;
    for (const covered of [share('ivim_d', (t) => t.d), share('ivim_f', (t) => t.f)]) {
      expect(covered).toBeGreaterThan(0.93);
      expect(covered).toBeLessThan(0.985);
    }
  });
});

describe('bootstrap of region means', () => {
  const REGIONS = 60;
  const SIZE = 12;

  /** Whether the share of regions whose interval holds the truth is what 95 % gives with so few regions. */
  function expectCoverage(covered: number): void {
    expect(covered / REGIONS).toBeGreaterThan(0.86);
  }

  it('holds the true mean FA of regions at SNR 20', async () => {
    const tensor = axialTensor([0.2, 0, Math.sqrt(0.96)], 1.6e-3, 0.4e-3);
    const clean = tensorSignal(tensorTable, 1000, tensor);
    const { fa: truth } = tensorScalars(1.6e-3, 0.4e-3, 0.4e-3);
    const copies = new Array<Float64Array>(REGIONS * SIZE).fill(clean);
    const series = simulatedSeries(tensorTable, copies, { sigma: 50, seed: 6 });
    let covered = 0;
    for (let region = 0; region < REGIONS; region++) {
      const voxels = Array.from({ length: SIZE }, (_, v) => region * SIZE + v);
      const options = { seed: region, replicates: 60 };
      const { fa } = await bootstrapTensorRegion(series, voxels, { method: 'wls' }, options);
      if (fa.interval[0] <= truth && truth <= fa.interval[1]) covered++;
    }
    expectCoverage(covered);
  });

  it('holds the true mean D of regions at SNR 30, segmented', async () => {
    const truth = { s0: 1000, f: 0.1, d: 0.9e-3, dStar: 60e-3 };
    const copies = new Array<Float64Array>(REGIONS * SIZE).fill(ivimSignal(bValues, truth));
    const series = simulatedSeries(ivimTable, copies, { sigma: 33, seed: 6 });
    let covered = 0;
    for (let region = 0; region < REGIONS; region++) {
      const voxels = Array.from({ length: SIZE }, (_, v) => region * SIZE + v);
      const options = { seed: region, replicates: 60 };
      const result = await bootstrapIvimRegion(series, voxels, { method: 'segmented' }, options);
      const [lower, upper] = result.ivim_d.interval;
      if (lower <= truth.d && truth.d <= upper) covered++;
    }
    expectCoverage(covered);
  });
});
