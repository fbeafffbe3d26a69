import {
  diffusionVolume,
  InputRefused,
  type DiffusionVolume,
  type GradientTable,
  type Vector3,
  type VoxelGrid,
} from '@myelon/diffusion';
import { cervicalAnatomy, type Anatomy } from './anatomy';
import { seededUID } from './seeded-uid';
import { AXIAL_AXES, dtiGradients, ivimGradients, PROTOCOLS, SAGITTAL_AXES, stackGrid } from './protocols';
import { sampleTissues, type TissueFractions } from './sampling';
import { acquire, CORD_B0_SIGNAL, CSF_T2_SIGNAL, diffusionSignal, t2Signal } from './signals';
import { TISSUES, Tissue } from './tissues';
import { cordTruth, type CordTruth } from './truth';

export interface PhantomOptions {
  /** Same seed, same phantom, to the last bit. Default 1. */
  readonly seed?: number;
  /** Signal of the cord without diffusion weighting over sigma of the noise; Infinity = no noise. Default 30. */
  readonly snr?: number;
  /** `small`: 24 x 24 x 5 voxels, for fast tests. Default `full`. */
  readonly size?: 'full' | 'small';
  /** A compression at C5/6 with lower FA and f. Default true. */
  readonly compression?: boolean;
  /** Front-back diameter of the cord left at the compression, as a fraction of normal. Default 0.6. */
  readonly remainingDepth?: number;
  /** Rotation of every stack about x, then y, then z, degrees. Default none. */
  readonly turnDegrees?: Vector3;
}

/** One 3-D image, whole numbers, `[slice][row][column]`. */
export interface AnatomicalImage {
  readonly name: string;
  readonly grid: VoxelGrid;
  readonly values: Float32Array;
}

/** A simulated patient with everything known. */
export interface Phantom {
  readonly options: Required<PhantomOptions>;
  readonly anatomy: Anatomy;
  readonly dti: DiffusionVolume;
  readonly ivim: DiffusionVolume;
  readonly sagittalT2: AnatomicalImage;
  readonly axialT2: AnatomicalImage;
  /** On the grid of `dti` and `ivim`. */
  readonly truth: CordTruth;
  /** Cord fraction of every voxel of the axial T2. */
  readonly axialT2CordFraction: Float32Array;
  /** Diffusion slices that lie wholly in the compression, and those wholly outside it. */
  readonly compressedSlices: readonly number[];
  readonly healthySlices: readonly number[];
}

/**
 * Simulates a cervical cord: DTI, IVIM, sagittal and axial T2 of one body in one frame of reference.
 * @throws InputRefused for a noise level or a compression that no body can have
 */
export function cervicalCordPhantom(options: PhantomOptions = {}): Phantom {
  const chosen = withDefaults(options);
  const { seed, snr } = chosen;
  const anatomy = cervicalAnatomy(chosen);
  const protocol = PROTOCOLS[chosen.size];
  const frame = seededUID(seed, 'frame of reference');
  const diffusionGrid = stackGrid(protocol.diffusion, AXIAL_AXES, chosen.turnDegrees, frame);
  const axialGrid = stackGrid(protocol.axialT2, AXIAL_AXES, chosen.turnDegrees, frame);
  const sagittalGrid = stackGrid(protocol.sagittalT2, SAGITTAL_AXES, chosen.turnDegrees, frame);
  const tissues = sampleTissues(anatomy, diffusionGrid);
  const truth = cordTruth(tissues);
  // A series is simulated when somebody asks for it: most tests need one of four.
  const dti = once(() => acquireDiffusion(tissues, dtiGradients(), chosen, 'DTI 30 directions'));
  const ivim = once(() => acquireDiffusion(tissues, ivimGradients(), chosen, 'IVIM 16 b-values'));
  const axialTissues = once(() => sampleTissues(anatomy, axialGrid));
  const axialT2 = once(() => acquireT2(axialTissues(), seed, snr, 'T2 TSE axial'));
  const sagittalT2 = once(() =>
    acquireT2(sampleTissues(anatomy, sagittalGrid), seed, snr, 'T2 TSE sagittal'),
  );
  return {
    options: chosen,
    anatomy,
    get dti() {
      return dti();
    },
    get ivim() {
      return ivim();
    },
    get sagittalT2() {
      return sagittalT2();
    },
    get axialT2() {
      return axialT2();
    },
    truth,
    get axialT2CordFraction() {
      return axialTissues().fractions[Tissue.cord] ?? new Float32Array(0);
    },
    compressedSlices: slicesWhere(truth, (weight) => weight > 0.99),
    healthySlices: slicesWhere(truth, (weight) => weight < 0.001),
  };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

function withDefaults(options: PhantomOptions): Required<PhantomOptions> {
  const chosen: Required<PhantomOptions> = {
    seed: options.seed ?? 1,
    snr: options.snr ?? 30,
    size: options.size ?? 'full',
    compression: options.compression ?? true,
    remainingDepth: options.remainingDepth ?? 0.6,
    turnDegrees: options.turnDegrees ?? [0, 0, 0],
  };
  if (!(chosen.snr > 0)) {
    throw new InputRefused(`signal-to-noise ratio ${String(chosen.snr)}`, 'phantom', 'give a number above 0');
  }
  if (!(chosen.remainingDepth > 0.1 && chosen.remainingDepth <= 1)) {
    throw new InputRefused(
      `${String(chosen.remainingDepth)} of the cord's depth left`,
      'phantom',
      'give a fraction above 0.1, up to 1',
    );
  }
  return chosen;
}

function acquireDiffusion(
  tissues: TissueFractions,
  gradients: GradientTable,
  { seed, snr }: Required<PhantomOptions>,
  name: string,
): DiffusionVolume {
  const signal = acquire(diffusionSignal(tissues, gradients), CORD_B0_SIGNAL / snr, seed, `${name} noise`);
  return diffusionVolume({ grid: tissues.grid, gradients, signal, sources: [], name });
}

function acquireT2(tissues: TissueFractions, seed: number, snr: number, name: string): AnatomicalImage {
  const cordSignal = CSF_T2_SIGNAL * (TISSUES[Tissue.cord]?.t2 ?? 0);
  return {
    name,
    grid: tissues.grid,
    values: acquire(t2Signal(tissues), cordSignal / snr, seed, `${name} noise`),
  };
}

function slicesWhere(truth: CordTruth, accept: (lesionWeight: number) => boolean): number[] {
  return [...truth.lesionWeights.keys()].filter(
    (slice) => (truth.areasMm2[slice] ?? 0) > 0 && accept(truth.lesionWeights[slice] ?? 0),
  );
}
