import {
  axialTensor,
  GradientTable,
  ivimSignal,
  noiseSource,
  tensorScalars,
  tensorSignal,
  voxelCount,
  type DiffusionVolume,
  type IvimParameters,
  type NoiseSource,
  type VoxelGrid,
} from '@myelon/diffusion';

export const S0 = 1000;

export const IVIM_B_VALUES = [0, 5, 10, 20, 30, 40, 60, 80, 100, 150, 200, 300, 400, 500, 650, 800];

export interface TensorTruth {
  readonly fa: Float64Array;
  readonly md: Float64Array;
}

const gridOf = (slices: number, side: number): VoxelGrid => ({
  columns: side,
  rows: side,
  slices,
  affine: [-2, 0, 0, side, 0, -2, 0, side, 0, 0, 3, 0],
});

/** A field of voxels; `signalsOf` gives the measured signals of a voxel. */
function field(
  grid: VoxelGrid,
  gradients: GradientTable,
  signalsOf: (voxel: number) => ArrayLike<number>,
): DiffusionVolume {
  const size = voxelCount(grid);
  const signal = new Float32Array(size * gradients.count);
  for (let voxel = 0; voxel < size; voxel++) {
    const signals = signalsOf(voxel);
    for (let volume = 0; volume < gradients.count; volume++)
      signal[volume * size + voxel] = signals[volume] ?? Number.NaN;
  }
  return { grid, gradients, signal, sources: [], name: 'benchmark field' };
}

/**
 * Axially symmetric tensors of every direction, RD 0.2 to 0.8e-3 and AD up to 1.2e-3 mm2/s more, Rician noise.
 *
 * @param dropouts share of the weighted signals that falls to 20-70 %
 */
export function tensorField(
  table: GradientTable,
  {
    slices,
    side = 96,
    snr,
    dropouts = 0,
    seed = 11,
  }: {
    slices: number;
    side?: number;
    snr: number;
    dropouts?: number;
    seed?: number;
  },
): { volume: DiffusionVolume; truth: TensorTruth } {
  const grid = gridOf(slices, side);
  const size = voxelCount(grid);
  const random = noiseSource(seed);
  const truth = { fa: new Float64Array(size), md: new Float64Array(size) };
  const volume = field(grid, table, (voxel) => {
    const z = random.uniform();
    const turn = 2 * Math.PI * random.uniform();
    const r = Math.sqrt(1 - z * z);
    const radial = 0.2e-3 + 0.6e-3 * random.uniform();
    const axial = radial + 1.2e-3 * random.uniform();
    truth.fa[voxel] = tensorScalars(axial, radial, radial).fa;
    truth.md[voxel] = (axial + 2 * radial) / 3;
    const clean = tensorSignal(
      table,
      S0,
      axialTensor([r * Math.cos(turn), r * Math.sin(turn), z], axial, radial),
    );
    return clean.map((s, at) => {
      const drops = table.bValue(at) > 0 && dropouts > 0 && random.uniform() < dropouts;
      return random.rician(drops ? s * (0.2 + 0.5 * random.uniform()) : s, S0 / snr);
    });
  });
  return { volume, truth };
}

/** A table of b-values along one direction. */
export function oneDirection(bValues: readonly number[]): GradientTable {
  return new GradientTable(
    bValues,
    bValues.flatMap((b) => (b > 0 ? [1, 0, 0] : [0, 0, 0])),
  );
}

/** Tissues at 16 b-values: f 0 to 0.3, D 0.3 to 2e-3, D* 10 to 90e-3 mm2/s. */
export const anyTissue = (random: NoiseSource): IvimParameters => ({
  s0: S0,
  f: 0.3 * random.uniform(),
  d: 0.3e-3 + 1.7e-3 * random.uniform(),
  dStar: 10e-3 + 80e-3 * random.uniform(),
});

/** IVIM voxels with Rician noise, SNR that of b 0. */
export function ivimField(
  bValues: readonly number[],
  { slices, side = 96, snr, seed = 11 }: { slices: number; side?: number; snr: number; seed?: number },
  tissueOf: (random: NoiseSource, voxel: number) => IvimParameters,
): { volume: DiffusionVolume; truth: IvimParameters[] } {
  const grid = gridOf(slices, side);
  const random = noiseSource(seed);
  const truth: IvimParameters[] = [];
  const volume = field(grid, oneDirection(bValues), (voxel) => {
    const tissue = tissueOf(random, voxel);
    truth.push(tissue);
    return ivimSignal(bValues, tissue).map((s) => random.rician(s, tissue.s0 / snr));
  });
  return { volume, truth };
}

/** The first voxels of a series, one after the other, `[voxel][volume]`, as peers in Python read them. */
export function voxelMajor({ signal, gradients }: DiffusionVolume, voxels: number): Float64Array {
  const size = signal.length / gradients.count;
  return Float64Array.from(
    { length: voxels * gradients.count },
    (_, i) => signal[(i % gradients.count) * size + Math.floor(i / gradients.count)] ?? Number.NaN,
  );
}

export function rootMeanSquare(
  found: ArrayLike<number>,
  truth: ArrayLike<number>,
  from = 0,
  to = truth.length,
): number {
  let squares = 0;
  for (let i = from; i < to; i++) squares += ((found[i] ?? Number.NaN) - (truth[i] ?? Number.NaN)) ** 2;
  return Math.sqrt(squares / (to - from));
}
