import { spacingMm, voxelCount, type QuantityId, type VoxelGrid } from '@myelon/diffusion';
import { CORD_B0_SIGNAL } from './signals';
import { cordDiffusion } from './microstructure';
import type { TissueFractions } from './sampling';
import { Tissue } from './tissues';

export type TruthQuantity = Exclude<QuantityId, 'adc'>;

/** What is really there, on the grid of the diffusion series. */
export interface CordTruth {
  readonly grid: VoxelGrid;
  /** Share of each voxel that is cord, 0 to 1. */
  readonly cordFraction: Float32Array;
  /** 1 where at least half of the voxel is cord. */
  readonly labels: Uint8Array;
  /**
   * Parameters of the cord itself in every voxel that holds any cord (0 elsewhere): mm2/s, fractions, signal units.
   * FA, MD, AD and RD are those of the apparent tensor that b 0 and b 800 measure, D, D* and f those of the
   * perfusion model; D is the mean over directions.
   */
  readonly maps: Readonly<Record<TruthQuantity, Float32Array>>;
  /** Direction of the cord, `[voxel][x, y, z]` LPS; the principal direction of the tensor. */
  readonly principalDirections: Float32Array;
  /** Cross-section of the cord in each slice plane, mm2, averaged over the slice thickness. */
  readonly areasMm2: readonly number[];
  /** Mean lesion weight of the cord in each slice: 0 healthy, 1 fully compressed. */
  readonly lesionWeights: readonly number[];
}

const QUANTITIES_OF_TRUTH: readonly TruthQuantity[] = [
  'fa',
  'md',
  'ad',
  'rd',
  's0',
  'ivim_d',
  'ivim_dstar',
  'ivim_f',
  'ivim_s0',
];

/** Reads the truth off the sampled tissues. */
export function cordTruth(tissues: TissueFractions): CordTruth {
  const { grid } = tissues;
  const count = voxelCount(grid);
  const cordFraction = tissues.fractions[Tissue.cord] ?? new Float32Array(count);
  const maps = Object.fromEntries(
    QUANTITIES_OF_TRUTH.map((quantity) => [quantity, new Float32Array(count)]),
  ) as Record<TruthQuantity, Float32Array>;
  for (let voxel = 0; voxel < count; voxel++) {
    if ((cordFraction[voxel] ?? 0) === 0) continue;
    for (const [quantity, value] of Object.entries(parametersAt(tissues.lesionWeight[voxel] ?? 0)))
      maps[quantity as TruthQuantity][voxel] = value;
  }
  const [columnMm, rowMm] = spacingMm(grid);
  const slices = Array.from({ length: grid.slices }, (_, slice) => sliceTruth(tissues, cordFraction, slice));
  return {
    grid,
    cordFraction,
    labels: Uint8Array.from(cordFraction, (fraction) => (fraction >= 0.5 ? 1 : 0)),
    maps,
    principalDirections: tissues.cordDirection,
    areasMm2: slices.map(({ voxels }) => voxels * columnMm * rowMm),
    lesionWeights: slices.map(({ lesionWeight }) => lesionWeight),
  };
}

function parametersAt(lesionWeight: number): Record<TruthQuantity, number> {
  const cord = cordDiffusion(lesionWeight);
  const [ad, rd] = [cord.apparentAxial, cord.apparentRadial];
  return {
    fa: (ad - rd) / Math.sqrt(ad * ad + 2 * rd * rd),
    md: (ad + 2 * rd) / 3,
    ad,
    rd,
    s0: CORD_B0_SIGNAL,
    ivim_d: (cord.axial + 2 * cord.radial) / 3,
    ivim_dstar: cord.dStar,
    ivim_f: cord.f,
    ivim_s0: CORD_B0_SIGNAL,
  };
}

function sliceTruth(tissues: TissueFractions, cordFraction: Float32Array, slice: number) {
  const perSlice = tissues.grid.columns * tissues.grid.rows;
  let voxels = 0;
  let lesion = 0;
  for (let voxel = slice * perSlice; voxel < (slice + 1) * perSlice; voxel++) {
    const fraction = cordFraction[voxel] ?? 0;
    voxels += fraction;
    lesion += fraction * (tissues.lesionWeight[voxel] ?? 0);
  }
  return { voxels, lesionWeight: voxels === 0 ? 0 : lesion / voxels };
}
