import { createHash } from 'node:crypto';
import { outlineCord, type CordOutline } from '@myelon/cord';
import { meanOfVolumes, type DiffusionVolume, type VoxelGrid } from '@myelon/diffusion';
import { cervicalCordPhantom, type Phantom } from '@myelon/phantom';
import { dice, normalStream } from '../support/outline-comparison';

export const SHAPES = ['round', 'flattened', 'kinked', 'off-centre', 'fluid missing'] as const;
export type Shape = (typeof SHAPES)[number];

/** One simulated stack to outline, mean diffusion-weighted image. */
export interface OutlineCase {
  readonly shape: Shape;
  /** Signal of the cord over the noise of the image that is outlined. */
  readonly snr: number;
  readonly seed: number;
}

/** How one slice of a case came out. */
export interface SliceResult {
  readonly case: OutlineCase;
  readonly slice: number;
  readonly dice: number;
  /** Found over true area, minus 1. */
  readonly areaError: number;
  /** Flattened by the compression; `ordinary` otherwise. */
  readonly kind: 'ordinary' | 'flattened';
  /** The slice was marked for a look. */
  readonly marked: boolean;
}

/** What is outlined, and what is really there. */
export interface SimulatedImage {
  readonly image: Float32Array;
  readonly grid: VoxelGrid;
  readonly cordFraction: Float32Array;
  readonly areasMm2: readonly number[];
}

/** Share of the way round the cord without fluid in `fluid missing`, and the slices where it is missing. */
const MISSING_DEGREES = 126;
const MISSING_FROM = 5;
const MISSING_TO = 10;
/** Depth left in `flattened`; `round` has no compression. */
const FLATTENED_TO = 0.4;

/** A seed that nobody has chosen: a hash of what the case is. */
export function unseenSeed(...name: readonly (string | number)[]): number {
  return createHash('sha256').update(name.join('/')).digest().readUInt32BE(0) >>> 1;
}

export function weightedVolumes({ gradients }: DiffusionVolume): number[] {
  return [...Array(gradients.count).keys()].filter((volume) => gradients.bValue(volume) > 50);
}

/** The clean mean diffusion-weighted image of the simulated patient, changed as the shape asks. */
export function simulatedImage({ shape, seed }: Omit<OutlineCase, 'snr'>): SimulatedImage {
  const phantom = cervicalCordPhantom({
    seed,
    snr: Infinity,
    compression: shape === 'flattened',
    ...(shape === 'flattened' && { remainingDepth: FLATTENED_TO }),
  });
  const clean = cleanImage(phantom);
  if (shape === 'kinked') return kinked(clean);
  if (shape === 'off-centre') return offCentre(clean);
  if (shape === 'fluid missing') return withFluidMissing(clean, seed);
  return clean;
}

function cleanImage({ dti, truth }: Phantom): SimulatedImage {
  const image = meanOfVolumes(dti, weightedVolumes(dti));
  const { grid, cordFraction, areasMm2 } = truth;
  return { image, grid, cordFraction, areasMm2 };
}

/** Rician noise of a known level. */
export function withNoise({ image, cordFraction }: SimulatedImage, snr: number, seed: number): Float32Array {
  const sigma = cordSignal(image, cordFraction) / snr;
  const normal = normalStream(seed);
  return image.map((value) => Math.hypot(value + sigma * normal(), sigma * normal()));
}

function cordSignal(image: Float32Array, cordFraction: Float32Array): number {
  return mean([...image.filter((_, voxel) => (cordFraction[voxel] ?? 0) > 0.99)]);
}

export async function outlinedCase(one: OutlineCase): Promise<SliceResult[]> {
  const simulated = simulatedImage(one);
  const found = await outlineCord(withNoise(simulated, one.snr, one.seed), simulated.grid, {
    contrast: 'dwi',
    seeds: [],
  });
  return comparedSlices(one, simulated, found);
}

function comparedSlices(
  one: OutlineCase,
  { grid, cordFraction, areasMm2 }: SimulatedImage,
  found: CordOutline,
): SliceResult[] {
  const perSlice = grid.columns * grid.rows;
  const truth = Uint8Array.from(cordFraction, (fraction) => (fraction >= 0.5 ? 1 : 0));
  const marked = new Set(found.slicesToCheck.map(({ slice }) => slice));
  const typical = [...areasMm2].sort((p, q) => p - q)[Math.floor(areasMm2.length / 2)] ?? 1;
  return areasMm2.map((area, slice) => ({
    case: one,
    slice,
    dice: dice(
      found.mask.labels.subarray(slice * perSlice, (slice + 1) * perSlice),
      truth.subarray(slice * perSlice, (slice + 1) * perSlice),
    ),
    areaError: (found.areasMm2[slice] ?? 0) / area - 1,
    kind: one.shape === 'flattened' && area < 0.9 * typical ? 'flattened' : 'ordinary',
    marked: marked.has(slice),
  }));
}

/** Slices put aside by up to 4.5 mm, a voxel from slice to slice, and back. */
function kinked(clean: SimulatedImage): SimulatedImage {
  const middle = Math.floor(clean.grid.slices / 2);
  const shift = (slice: number) => Math.max(5 - Math.abs(slice - middle), 0);
  return {
    ...clean,
    image: shifted(clean.image, clean.grid, shift),
    cordFraction: shifted(clean.cordFraction, clean.grid, shift),
  };
}

/** A field of 45 mm with the cord 10 mm from its middle. */
function offCentre({ image, grid, cordFraction, areasMm2 }: SimulatedImage): SimulatedImage {
  const size = 50;
  const [left, top] = [0, 14];
  const cropped = (values: Float32Array) => {
    const part = new Float32Array(size * size * grid.slices);
    part.forEach((_, at) => {
      const [column, row] = [at % size, Math.floor(at / size) % size];
      const slice = Math.floor(at / (size * size));
      part[at] = values[(slice * grid.rows + row + top) * grid.columns + column + left] ?? 0;
    });
    return part;
  };
  return {
    image: cropped(shifted(image, grid, () => 4)),
    cordFraction: cropped(shifted(cordFraction, grid, () => 4)),
    grid: { ...grid, columns: size, rows: size },
    areasMm2,
  };
}

/** Whole voxels towards higher columns; the border is repeated. */
function shifted(values: Float32Array, { columns, rows }: VoxelGrid, by: (slice: number) => number) {
  return values.map((_, at) => {
    const column = at % columns;
    const from = Math.max(column - by(Math.floor(at / (columns * rows))), 0);
    return values[at - column + from] ?? 0;
  });
}

/** Tissue half as bright as the cord where there was fluid, over a third of the way round. */
function withFluidMissing(clean: SimulatedImage, seed: number): SimulatedImage {
  const { grid, cordFraction } = clean;
  const perSlice = grid.columns * grid.rows;
  const cord = cordSignal(clean.image, cordFraction);
  const from = (seed % 360) - 180;
  const image = clean.image.map((value, at) => {
    const slice = Math.floor(at / perSlice);
    const fraction = cordFraction[at] ?? 0;
    if (slice < MISSING_FROM || slice >= MISSING_TO || fraction === 1) return value;
    const centre = centreOf(cordFraction, grid, slice);
    const [dx, dy] = [
      (at % grid.columns) - centre[0],
      (Math.floor(at / grid.columns) % grid.rows) - centre[1],
    ];
    const turn = ((Math.atan2(dy, dx) * 180) / Math.PI - from + 720) % 360;
    const nearCord = Math.hypot(dx / 10.5, dy / 8.5) < 1;
    return turn < MISSING_DEGREES && nearCord ? fraction * cord + (1 - fraction) * 0.5 * cord : value;
  });
  return { ...clean, image };
}

const centres = new WeakMap<Float32Array, Map<number, readonly [number, number]>>();

function centreOf(cordFraction: Float32Array, grid: VoxelGrid, slice: number): readonly [number, number] {
  const known = centres.get(cordFraction) ?? new Map<number, readonly [number, number]>();
  centres.set(cordFraction, known);
  const found = known.get(slice);
  if (found) return found;
  let [sum, x, y] = [0, 0, 0];
  for (let at = 0; at < grid.columns * grid.rows; at++) {
    const fraction = cordFraction[slice * grid.columns * grid.rows + at] ?? 0;
    sum += fraction;
    x += fraction * (at % grid.columns);
    y += fraction * Math.floor(at / grid.columns);
  }
  const centre = [x / sum, y / sum] as const;
  known.set(slice, centre);
  return centre;
}

export const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
