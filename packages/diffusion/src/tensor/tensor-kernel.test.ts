import { GradientTable } from '../data/gradient-table';
import { VoxelStatus } from '../data/scalar-map';
import { noiseSource } from '../simulation/rician-noise';
import { simulatedSeries, singleShell } from '../simulation/simulated-series';
import { tensorFit, type TensorFitOptions, type TensorFitResult } from './tensor-fit';
import { axialTensor, tensorSignal } from './tensor-model';

const S0 = 800;
const NOISY = 300;

/** 5 b0 and 32 directions, with b-values as `bOf` says of each. */
function tableWith(bOf: (direction: number) => number): GradientTable {
  const shell = singleShell(5, 32, 1000);
  const directions = [...shell.bValues.keys()].flatMap((volume) => [...shell.direction(volume)]);
  return new GradientTable(
    [...shell.bValues].map((b, volume) => (b === 0 ? 0 : bOf(volume - 5))),
    directions,
  );
}

const TABLES: [string, GradientTable][] = [
  ['one shell', singleShell(5, 30, 800)],
  ['two shells', tableWith((direction) => (direction % 2 === 0 ? 500 : 1000))],
  ['b-values that scatter', tableWith((direction) => 800 + 3 * Math.sin(direction))],
  ['7 volumes', singleShell(1, 6, 800)],
];

const METHODS: [string, Omit<TensorFitOptions, 'engine'>][] = [
  ['ordinary', { method: 'ols' }],
  ['weighted once', { method: 'wls', iterations: 1 }],
  ['weighted as MRtrix does', { method: 'wls', start: 'measured-signal', iterations: 2 }],
  ['weighted by the measured signal', { method: 'wls', start: 'measured-signal', iterations: 0 }],
];

/** Noisy voxels of any shape and direction, discs and spheres among them. */
function phantom(table: GradientTable, voxels: number): Float64Array[] {
  const noise = noiseSource(7);
  return Array.from({ length: voxels }, (_, i) => {
    const z = noise.uniform();
    const turn = 2 * Math.PI * noise.uniform();
    const r = Math.sqrt(1 - z * z);
    const radial = 0.2e-3 + 0.8e-3 * noise.uniform();
    const axial = i % 5 === 0 ? radial : i % 5 === 1 ? 0.5 * radial : radial + 1.2e-3 * noise.uniform();
    const axis = [r * Math.cos(turn), r * Math.sin(turn), z] as const;
    const clean = tensorSignal(table, S0, axialTensor(axis, axial, radial));
    return clean.map((s) => noise.rician(s, i % 3 === 0 ? S0 / 8 : S0 / 30));
  });
}

/** What scanners and masks make of voxels now and then. */
function badVoxels(table: GradientTable): number[][] {
  const clean = [...tensorSignal(table, S0, axialTensor([0, 0, 1], 1.6e-3, 0.5e-3))];
  const changed = (at: number, value: number): number[] => clean.map((s, i) => (i === at ? value : s));
  return [
    clean.map(() => 0),
    clean.map(() => -3),
    clean.map(() => 500),
    changed(2, Number.NaN),
    changed(2, Infinity),
    changed(table.count - 1, 0),
    changed(table.count - 1, -40),
    changed(0, 0),
    changed(table.count - 2, 1e-30),
    changed(0, 3e38),
    clean.map((s) => s * 1e-36),
    clean.map((s) => s * 1e34),
    clean.map((s, i) => (i === 0 ? s : s * 1e-5)),
    clean.map((s, i) => (i % 2 === 0 ? s : 1e-12)),
    // Signal that grows with b: negative eigenvalues.
    clean.map((s) => (S0 * S0) / s),
  ];
}

function largest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let found = 0;
  for (let i = 0; i < a.length; i++) found = Math.max(found, Math.abs(a[i]! - b[i]!));
  return found;
}

function alongDifference(kernel: TensorFitResult, reference: TensorFitResult): number {
  const { values, status } = reference.maps.fa;
  let worst = 0;
  values.forEach((fa, voxel) => {
    // Without a clear largest eigenvalue there is no direction to compare.
    const clear = reference.maps.ad.values[voxel]! > 1.1 * reference.maps.md.values[voxel]!;
    if (status[voxel] !== VoxelStatus.valid || fa < 0.2 || !clear) return;
    const dot = [0, 1, 2].reduce(
      (sum, i) =>
        sum + kernel.principalDirections[3 * voxel + i]! * reference.principalDirections[3 * voxel + i]!,
      0,
    );
    worst = Math.max(worst, 1 - Math.abs(dot));
  });
  return worst;
}

const PRECISIONS = [
  ['double', 1e-7, 1e-10],
  ['single', 2e-6, 3e-9],
] as const;

describe.each(TABLES)('%s', (name, table) => {
  const both = simulatedSeries(table, [
    ...phantom(table, NOISY),
    ...badVoxels(table).map((voxel) => Float64Array.from(voxel)),
  ]);

  it.each(METHODS)(
    '%s: the kernels give what the reference gives, of bad voxels, too',
    async (_, options) => {
      const reference = await tensorFit(both, { ...options, engine: 'reference' });
      expect(reference.report.engine).toBe('reference');
      for (const [precision, fa, mm2] of PRECISIONS) {
        const kernel = await tensorFit(both, { ...options, precision });
        const { engine, ...report } = kernel.report;
        expect(engine).toBe(`WebAssembly kernels, version 1, ${precision} precision`);
        expect(reference.report).toMatchObject(report);
        expect([...kernel.maps.fa.status]).toEqual([...reference.maps.fa.status]);
        const difference = (quantity: 'fa' | 'md' | 'ad' | 'rd' | 's0'): number =>
          largest(
            kernel.maps[quantity].values.subarray(0, NOISY),
            reference.maps[quantity].values.subarray(0, NOISY),
          );
        expect(difference('fa')).toBeLessThan(fa);
        for (const quantity of ['md', 'ad', 'rd'] as const) expect(difference(quantity)).toBeLessThan(mm2);
        expect(difference('s0')).toBeLessThan(1e-5 * S0);
        expect(alongDifference(kernel, reference)).toBeLessThan(1e-6);
        // Seven bad signals and seven unknowns leave either with rounding.
        if (name !== '7 volumes') expect(worstOfBad(kernel, reference)).toBeLessThan(1e-5);
      }
    },
    60_000,
  );
});

/** Largest relative difference over the bad voxels. */
function worstOfBad(kernel: TensorFitResult, reference: TensorFitResult): number {
  let worst = 0;
  for (const quantity of ['fa', 'md', 'ad', 'rd', 's0'] as const)
    reference.maps[quantity].values.forEach((expected, voxel) => {
      if (voxel < NOISY || !Number.isFinite(expected)) return;
      const scale = Math.max(Math.abs(expected), quantity === 'fa' ? 1 : 1e-5);
      worst = Math.max(worst, Math.abs(kernel.maps[quantity].values[voxel]! - expected) / scale);
    });
  return worst;
}

it('details are those of the reference', async () => {
  const table = singleShell(5, 30, 800);
  const series = simulatedSeries(table, [
    ...phantom(table, 300),
    ...badVoxels(table).map((voxel) => Float64Array.from(voxel)),
  ]);
  const options = { method: 'wls', iterations: 2, details: true } as const;
  const kernel = (await tensorFit(series, { ...options, precision: 'double' })).details!;
  const reference = (await tensorFit(series, { ...options, engine: 'reference' })).details!;
  expect(kernel.noise[0]! / reference.noise[0]!).toBeCloseTo(1, 6);
  const { residual, mode, standardErrors } = kernel;
  for (const [one, other] of [
    [residual, reference.residual],
    [mode, reference.mode],
    [standardErrors.fa, reference.standardErrors.fa],
  ] as const) {
    expect(one.status).toEqual(other.status);
    one.values.slice(0, 300).forEach((value, voxel) => {
      expect(Math.abs(value - other.values[voxel]!)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)));
    });
  }
}, 60_000);
