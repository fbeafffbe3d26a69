import type { Affine, VoxelGrid } from '@myelon/diffusion';

/** A cord with what lies round it, for tests of this package: ellipses, sub-voxel edges, Gaussian noise. */
export interface SimulatedStack {
  readonly image: Float32Array;
  readonly grid: VoxelGrid;
  /** 1 where most of the voxel is cord. */
  readonly labels: Uint8Array;
  readonly areasMm2: readonly number[];
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
  readonly noise?: number;
  /** Centre in mm from the middle of the field, left and back. */
  readonly centre?: (slice: number) => readonly [number, number];
  readonly axes?: (slice: number) => readonly [number, number];
  readonly ringMm?: number;
}

const SAMPLES = 5;

export function simulatedStack(options: StackOptions = {}): SimulatedStack {
  const { columns = 48, rows = 48, slices = 7, columnMm = 0.9, rowMm = 0.9, sliceMm = 5 } = options;
  const { cord = 100, ring = 40, outside = 15, noise = 0, ringMm = 2.5 } = options;
  const centre = options.centre ?? (() => [0, 0]);
  const axes = options.axes ?? (() => [6, 4]);
  const affine: Affine = [
    ...[columnMm, 0, 0, (-columnMm * (columns - 1)) / 2],
    ...[0, rowMm, 0, (-rowMm * (rows - 1)) / 2],
    ...[0, 0, sliceMm, 0],
  ] as unknown as Affine;
  const image = new Float32Array(columns * rows * slices);
  const labels = new Uint8Array(image.length);
  const random = normalStream(7);
  let at = 0;
  for (let slice = 0; slice < slices; slice++) {
    const [[cx, cy], [a, b]] = [centre(slice), axes(slice)];
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++, at++) {
        let sum = 0;
        let inCord = 0;
        for (let sample = 0; sample < SAMPLES * SAMPLES; sample++) {
          const dx = ((sample % SAMPLES) + 0.5) / SAMPLES - 0.5;
          const dy = (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES - 0.5;
          const x = (column + dx - (columns - 1) / 2) * columnMm - cx;
          const y = (row + dy - (rows - 1) / 2) * rowMm - cy;
          const isCord = squared(x / a) + squared(y / b) <= 1;
          const isRing = squared(x / (a + ringMm)) + squared(y / (b + ringMm)) <= 1;
          sum += isCord ? cord : isRing ? ring : outside;
          inCord += isCord ? 1 : 0;
        }
        image[at] = sum / SAMPLES ** 2 + noise * random();
        labels[at] = inCord > SAMPLES ** 2 / 2 ? 1 : 0;
      }
  }
  const areasMm2 = Array.from({ length: slices }, (_, slice) => Math.PI * axes(slice)[0] * axes(slice)[1]);
  return { image, grid: { columns, rows, slices, affine }, labels, areasMm2 };
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
