import { diffusionVolume, type DiffusionVolume } from '../data/diffusion-volume';
import { noiseSource } from '../simulation/rician-noise';
import { singleShell } from '../simulation/simulated-series';
import { tensorFit } from '../tensor/tensor-fit';
import { axialTensor, tensorSignal } from '../tensor/tensor-model';
import { correctRicianBias } from './rician-correction';
import { findSliceShifts, moveSlicesBack, type SliceShifts } from './slice-motion';
import { replaceOutlierSlices } from './slice-outliers';

jest.setTimeout(300_000);

const COLUMNS = 40;
const SLICES = 2;
const SIZE = COLUMNS * COLUMNS;
const MM = 0.9;
const table = singleShell(5, 30, 800);
const count = table.count;
const cord = tensorSignal(table, 1000, axialTensor([0.1, 0, Math.sqrt(0.99)], 1.7e-3, 0.4e-3));
const csf = tensorSignal(table, 1600, axialTensor([0, 0, 1], 3e-3, 3e-3));
const muscle = tensorSignal(table, 450, axialTensor([1, 0, 0], 1.6e-3, 1.2e-3));

/** 0 outside to 1 inside of an ellipse with a soft edge, centre and half-axes in mm. */
function inside(x: number, y: number, cx: number, cy: number, a: number, b: number): number {
  const r = Math.hypot((x - cx) / a, (y - cy) / b);
  return 1 / (1 + Math.exp((r - 1) * 8 * Math.min(a, b) * 0.35));
}

/** A cord in its canal within muscle, every slice of every volume moved by its shift, Rician noise. */
function neck(snr: number, shifts: SliceShifts | null, seed: number): DiffusionVolume {
  const signal = new Float32Array(SIZE * SLICES * count);
  const random = noiseSource(seed);
  for (let v = 0; v < count; v++)
    for (let z = 0; z < SLICES; z++) {
      const at = v * SLICES + z;
      const dx = shifts?.columns[at] ?? 0;
      const dy = shifts?.rows[at] ?? 0;
      for (let i = 0; i < SIZE; i++) {
        const x = ((i % COLUMNS) - COLUMNS / 2) * MM - dx;
        const y = (Math.floor(i / COLUMNS) - COLUMNS / 2) * MM - dy;
        const c = inside(x, y, 0, 0.3 * z, 6.5, 4.5);
        const canal = inside(x, y, 0, 0.3 * z, 9, 7) - c;
        const left = inside(x, y, -13, 6, 4, 7) + inside(x, y, 13, 6, 4, 7);
        const clean = c * cord[v]! + canal * csf[v]! + left * muscle[v]!;
        signal[at * SIZE + i] = random.rician(clean, 1000 / snr);
      }
    }
  const grid = {
    columns: COLUMNS,
    rows: COLUMNS,
    slices: SLICES,
    affine: [MM, 0, 0, 0, 0, MM, 0, 0, 0, 0, 5, 0],
  } as const;
  return diffusionVolume({ grid, gradients: table, signal, sources: [], name: 'neck' });
}

/** Up to 3 mm along each axis, each slice by itself. */
function randomShifts(seed: number): SliceShifts {
  const random = noiseSource(seed);
  const axis = (): Float64Array =>
    Float64Array.from({ length: count * SLICES }, () => 6 * random.uniform() - 3);
  return { columns: axis(), rows: axis() };
}

/** Root mean square error of found shifts, mm; each group and slice has its own mean position. */
function errorOf(found: Float64Array, truth: Float64Array, volumes: readonly number[]): number {
  let squares = 0;
  for (let z = 0; z < SLICES; z++) {
    const errors = volumes.map((v) => found[v * SLICES + z]! - truth[v * SLICES + z]!);
    const mean = errors.reduce((sum, e) => sum + e, 0) / errors.length;
    squares += errors.reduce((sum, e) => sum + (e - mean) ** 2, 0);
  }
  return Math.sqrt(squares / (SLICES * volumes.length));
}

const unweighted = [0, 1, 2, 3, 4];
const weighted = Array.from({ length: 30 }, (_, i) => i + 5);
const cordMask = (): Uint8Array =>
  Uint8Array.from({ length: SIZE * SLICES }, (_, i) => {
    const at = i % SIZE;
    const x = ((at % COLUMNS) - COLUMNS / 2) * MM;
    const y = (Math.floor(at / COLUMNS) - COLUMNS / 2) * MM - 0.3 * Math.floor(i / SIZE);
    return Math.hypot(x / 4.5, y / 3) < 1 ? 1 : 0;
  });

async function meanFa(volume: DiffusionVolume): Promise<number> {
  const mask = cordMask();
  const { maps } = await tensorFit(volume, { method: 'wls', mask });
  let sum = 0;
  let n = 0;
  mask.forEach((one, voxel) => {
    if (one === 0) return;
    sum += maps.fa.values[voxel]!;
    n++;
  });
  return sum / n;
}

describe('slice-wise motion', () => {
  it('of up to 3 mm in every slice is found within 0.2 mm at SNR 10, and FA comes back', async () => {
    const truth = randomShifts(5);
    const moved = neck(10, truth, 6);
    const found = await findSliceShifts(moved, {});
    for (const axis of ['columns', 'rows'] as const) {
      expect(errorOf(found[axis], truth[axis], unweighted)).toBeLessThan(0.05);
      expect(errorOf(found[axis], truth[axis], weighted)).toBeLessThan(0.2);
    }
    const still = await meanFa(neck(10, null, 6));
    const before = await meanFa(moved);
    const after = await meanFa(moveSlicesBack(moved, found));
    expect(Math.abs(before - still)).toBeGreaterThan(0.05);
    expect(Math.abs(after - still)).toBeLessThan(0.25 * Math.abs(before - still));
  });

  it('is not made up: on still images at SNR 10 mean FA changes by less than 0.005', async () => {
    const still = neck(10, null, 8);
    const found = await findSliceShifts(still, {});
    const change = (await meanFa(moveSlicesBack(still, found))) - (await meanFa(still));
    expect(Math.abs(change)).toBeLessThan(0.005);
  });

  it('refuses too few volumes and a region of another grid, and stops when cancelled', async () => {
    const volume = neck(30, null, 1);
    await expect(findSliceShifts(volume, { region: new Uint8Array(3) })).rejects.toThrow(/region of 3/);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(findSliceShifts(volume, { signal })).rejects.toThrow('enough');
  });
});

describe('outlier slices', () => {
  it('are found, nothing else is, and FA comes back', async () => {
    const volume = neck(15, null, 3);
    const dropped = [
      [7, 1],
      [20, 1],
      [31, 0],
    ] as const;
    for (const [v, z] of dropped)
      for (let i = 0; i < SIZE; i++) volume.signal[(v * SLICES + z) * SIZE + i]! *= 0.4;
    const { volume: cleaned, outliers } = replaceOutlierSlices(volume);
    expect(outliers.map(({ volume: v, slice }) => [v, slice])).toEqual(
      expect.arrayContaining(dropped.map((pair) => [...pair])),
    );
    expect(outliers).toHaveLength(dropped.length);
    const truth = await meanFa(neck(15, null, 3));
    expect(Math.abs((await meanFa(cleaned)) - truth)).toBeLessThan(
      0.3 * Math.abs((await meanFa(volume)) - truth),
    );
    expect(replaceOutlierSlices(neck(15, null, 4)).outliers).toEqual([]);
  });
});

it('Rician correction brings the mean signal in noise back', () => {
  const volume = neck(10, null, 2);
  const random = noiseSource(4);
  volume.signal.forEach((_, i) => (volume.signal[i] = random.rician(250, 100)));
  const mean = (signal: Float32Array): number => signal.reduce((sum, s) => sum + s, 0) / signal.length;
  const corrected = correctRicianBias(volume, new Array<number>(SLICES).fill(100));
  expect(mean(volume.signal)).toBeGreaterThan(268);
  expect(Math.abs(mean(corrected.signal) - 250)).toBeLessThan(5);
});
