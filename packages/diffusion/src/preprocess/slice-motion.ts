import { signalOfVolume, type DiffusionVolume } from '../data/diffusion-volume';
import { B0_LIMIT_S_PER_MM2 } from '../data/gradient-table';
import { InputRefused } from '../data/refusal';
import { spacingMm } from '../data/voxel-grid';
import { motionVariances, regulariseAlongZ, type MeasuredShifts } from './shift-regularisation';
import { groupMeanPrediction, leaveOneOutPrediction } from './signal-prediction';
import { SliceMatcher } from './slice-matcher';
import { shiftSlice } from './slice-shift';

/** In-plane shifts, mm, `[volume][slice]` along columns and rows: how far the anatomy lies from its place. */
export interface SliceShifts {
  readonly columns: Float64Array;
  readonly rows: Float64Array;
}

export interface SliceMotionOptions {
  /** One number per voxel, non-zero = look here (the cord and a few mm around it); the whole slice without it. */
  readonly region?: Uint8Array | undefined;
  /** Called with 0..1. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Largest shift that is looked for, mm. */
const LARGEST_SHIFT_MM = 5;

/** Rounds of search by whole voxels, of refinement against the mean of the group, and against predictions. */
const SEARCH_ROUNDS = 2;
const MEAN_ROUNDS = 4;
const PREDICTION_ROUNDS = 3;

/**
 * Finds in-plane shifts slice by slice. Each slice is compared with what the other volumes predict for it: first by whole
 * voxels against the mean of its group (unweighted or weighted volumes), then by Gauss-Newton steps against the prediction for
 * its own b-value and direction. Shifts are regularised along z only as far as they are smooth along z (interleaved
 * acquisition is not). Unweighted and weighted volumes each keep their own mean position.
 *
 * Compare Xu et al., NeuroImage 2013;67:64-76 (slice-wise correction of the cord).
 *
 * @throws InputRefused for fewer than 4 volumes, or a region of another grid
 * @throws the reason of `options.signal` when cancelled
 */
export async function findSliceShifts(
  volume: DiffusionVolume,
  options: SliceMotionOptions,
): Promise<SliceShifts> {
  const { grid, gradients } = volume;
  const { columns, rows, slices } = grid;
  const count = gradients.count;
  if (count < 4)
    throw new InputRefused(
      `${String(count)} volumes`,
      volume.name,
      'motion needs 4 volumes or more to compare',
    );
  if (options.region && options.region.length !== columns * rows * slices)
    throw new InputRefused(
      `a region of ${String(options.region.length)} voxels`,
      volume.name,
      'give a mask drawn on these images',
    );
  const shifts: SliceShifts = {
    columns: new Float64Array(count * slices),
    rows: new Float64Array(count * slices),
  };
  const variances: SliceShifts = {
    columns: new Float64Array(count * slices),
    rows: new Float64Array(count * slices),
  };
  const groups = groupsOf(volume);
  const prediction = leaveOneOutPrediction(gradients);
  const groupMean = groupMeanPrediction(count, groups);
  const size = columns * rows;
  for (let slice = 0; slice < slices; slice++) {
    const region = options.region?.subarray(slice * size, (slice + 1) * size);
    const images = Array.from({ length: count }, (_, v) =>
      signalOfVolume(volume, v).subarray(slice * size, (slice + 1) * size),
    );
    const matcher = new SliceMatcher(images, grid, region, LARGEST_SHIFT_MM);
    for (let round = 0; round < SEARCH_ROUNDS; round++) matcher.search(groups);
    for (let round = 0; round < MEAN_ROUNDS; round++) matcher.refine(groupMean, groups);
    for (let round = 0; round < PREDICTION_ROUNDS; round++) matcher.refine(prediction, groups);
    for (let v = 0; v < count; v++) {
      const at = v * slices + slice;
      shifts.columns[at] = matcher.shiftsMm.columns[v] ?? 0;
      shifts.rows[at] = matcher.shiftsMm.rows[v] ?? 0;
      variances.columns[at] = matcher.variancesMm2.columns[v] ?? Infinity;
      variances.rows[at] = matcher.variancesMm2.rows[v] ?? Infinity;
    }
    options.onProgress?.((slice + 1) / slices);
    await Promise.resolve();
    options.signal?.throwIfAborted();
  }
  return {
    columns: regularised(shifts.columns, variances.columns, groups, slices),
    rows: regularised(shifts.rows, variances.rows, groups, slices),
  };
}

function groupsOf({ gradients }: DiffusionVolume): number[][] {
  const all = [...gradients.bValues.keys()];
  const unweighted = all.filter((v) => gradients.bValue(v) <= B0_LIMIT_S_PER_MM2);
  const weighted = all.filter((v) => gradients.bValue(v) > B0_LIMIT_S_PER_MM2);
  return [unweighted, weighted].filter((group) => group.length > 0);
}

function regularised(
  shifts: Float64Array,
  variances: Float64Array,
  groups: readonly (readonly number[])[],
  slices: number,
): Float64Array {
  const result = new Float64Array(shifts.length);
  for (const group of groups) {
    const measured = group.map((v): MeasuredShifts => {
      const part = (of: Float64Array): Float64Array => of.subarray(v * slices, (v + 1) * slices);
      return { shifts: part(shifts), variances: part(variances) };
    });
    const prior = motionVariances(measured);
    measured.forEach((one, i) => {
      result.set(regulariseAlongZ(one, prior), (group[i] ?? 0) * slices);
    });
  }
  return result;
}

/** Shifts smaller than this, mm, are left alone: interpolating would do more harm. */
const SMALLEST_SHIFT_MM = 0.05;

/** The series with every slice moved back by its shift. Gradients stay: shifts do not turn anything. */
export function moveSlicesBack(volume: DiffusionVolume, shifts: SliceShifts): DiffusionVolume {
  const { columns, rows, slices } = volume.grid;
  const [columnMm, rowMm] = spacingMm(volume.grid);
  const size = columns * rows;
  const signal = new Float32Array(volume.signal.length);
  for (let v = 0; v < volume.gradients.count; v++)
    for (let slice = 0; slice < slices; slice++) {
      const at = v * slices + slice;
      const dx = shifts.columns[at] ?? 0;
      const dy = shifts.rows[at] ?? 0;
      const from = volume.signal.subarray(at * size, (at + 1) * size);
      const to = signal.subarray(at * size, (at + 1) * size);
      if (Math.hypot(dx, dy) < SMALLEST_SHIFT_MM) to.set(from);
      else {
        shiftSlice(from, columns, rows, dx / columnMm, dy / rowMm, to);
        // The kernel undershoots beside edges; magnitudes are not negative.
        for (let voxel = 0; voxel < size; voxel++) if ((to[voxel] ?? 0) < 0) to[voxel] = 0;
      }
    }
  return { ...volume, signal };
}
