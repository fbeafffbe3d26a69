import type { Affine, VoxelGrid } from '@myelon/diffusion';

/** A cord with what lies round it, for tests of this package: ellipses, sub-voxel edges, noise. */
export interface SimulatedStack {
  readonly image: Float32Array;
  readonly grid: VoxelGrid;
  /** 1 where most of the voxel is cord. */
  readonly labels: Uint8Array;
  readonly areasMm2: readonly number[];
}

/** A point of a slice, mm. */
export interface StackPoint {
  readonly slice: number;
  /** From the middle of the field, to the left and to the back. */
  readonly x: number;
  readonly y: number;
  /** From the middle of the cord. */
  readonly dx: number;
  readonly dy: number;
  /** Below 1 inside the cord, and inside cord and fluid together. */
  readonly inCord: number;
  readonly inRing: number;
}

export interface StackOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly slices?: number;
  readonly columnMm?: number;
  readonly rowMm?: number;
  readonly sliceMm?: number;
  /** Intensities. */
  readonly cord?: number;
  readonly ring?: number;
  readonly outside?: number;
  /** Standard deviation. */
  readonly noise?: number;
  /** Noise of a magnitude image, not Gaussian. */
  readonly rician?: boolean;
  readonly seed?: number;
  /** Centre in mm from the middle of the field, left and back. */
  readonly centre?: (slice: number) => readonly [number, number];
  readonly axes?: (slice: number) => readonly [number, number];
  readonly ringMm?: number;
  /** What is at a point, where that differs from cord, ring and outside. */
  readonly signalAt?: (point: StackPoint) => number | undefined;
  /** Factor on the clean signal of a voxel: coil sensitivity, dropout. */
  readonly gain?: (x: number, y: number, slice: number) => number;
}

const SAMPLES = 5;

export function simulatedStack(options: StackOptions = {}): SimulatedStack {
  const { columns = 48, rows = 48, slices = 7, columnMm = 0.9, rowMm = 0.9, sliceMm = 5 } = options;
  const { noise = 0, rician = false, seed = 7, gain = () => 1 } = options;
  const axes = options.axes ?? (() => [6, 4] as const);
  const affine: Affine = [
    ...[columnMm, 0, 0, (-columnMm * (columns - 1)) / 2],
    ...[0, rowMm, 0, (-rowMm * (rows - 1)) / 2],
    ...[0, 0, sliceMm, 0],
  ] as unknown as Affine;
  const image = new Float32Array(columns * rows * slices);
  const labels = new Uint8Array(image.length);
  const random = normalStream(seed);
  let at = 0;
  for (let slice = 0; slice < slices; slice++) {
    const tissue = tissueOf(options, slice);
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++, at++) {
        let sum = 0;
        let inCord = 0;
        const [x0, y0] = [(column - (columns - 1) / 2) * columnMm, (row - (rows - 1) / 2) * rowMm];
        for (let sample = 0; sample < SAMPLES * SAMPLES; sample++) {
          const dx = ((sample % SAMPLES) + 0.5) / SAMPLES - 0.5;
          const dy = (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES - 0.5;
          const { signal, isCord } = tissue(x0 + dx * columnMm, y0 + dy * rowMm);
          sum += signal;
          inCord += isCord ? 1 : 0;
        }
        const clean = (sum / SAMPLES ** 2) * gain(x0, y0, slice);
        image[at] = noise === 0 ? clean : withNoise(clean, noise, rician, random);
        labels[at] = inCord > SAMPLES ** 2 / 2 ? 1 : 0;
      }
  }
  const areasMm2 = Array.from({ length: slices }, (_, slice) => Math.PI * axes(slice)[0] * axes(slice)[1]);
  return { image, grid: { columns, rows, slices, affine }, labels, areasMm2 };
}

function tissueOf(options: StackOptions, slice: number) {
  const { cord = 100, ring = 40, outside = 15, ringMm = 2.5, signalAt } = options;
  const [cx, cy] = options.centre?.(slice) ?? [0, 0];
  const [a, b] = options.axes?.(slice) ?? [6, 4];
  return (x: number, y: number) => {
    const [dx, dy] = [x - cx, y - cy];
    const inCord = squared(dx / a) + squared(dy / b);
    const inRing = squared(dx / (a + ringMm)) + squared(dy / (b + ringMm));
    const usual = inCord <= 1 ? cord : inRing <= 1 ? ring : outside;
    return {
      signal: signalAt?.({ slice, x, y, dx, dy, inCord, inRing }) ?? usual,
      isCord: inCord <= 1,
    };
  };
}

function withNoise(clean: number, sigma: number, rician: boolean, random: () => number): number {
  const real = clean + sigma * random();
  return rician ? Math.hypot(real, sigma * random()) : real;
}

const squared = (value: number) => value * value;

/** Standard normal numbers, always the same for a seed (linear congruential, Box-Muller). */
export function normalStream(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Dice coefficient of two labellings. */
export function dice(p: Uint8Array, q: Uint8Array): number {
  let both = 0;
  let total = 0;
  p.forEach((label, at) => {
    const other = q[at] ?? 0;
    both += label > 0 && other > 0 ? 1 : 0;
    total += (label > 0 ? 1 : 0) + (other > 0 ? 1 : 0);
  });
  return (2 * both) / total;
}
