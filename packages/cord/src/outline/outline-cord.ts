import {
  InputRefused,
  patientToVoxel,
  voxelToPatient,
  type Vector3,
  type VoxelGrid,
} from '@myelon/diffusion';
import { cordMask, type CordMask } from '../cord-mask';
import { axialView, whyNoSections } from './axial-view';
import type { PlaneSeed } from './centreline';
import type { OutlineContrast } from './contrast';
import { outlinePlanes } from './outline-planes';
import { fromPixel, sliceFrame, type SliceFrame } from './slice-frame';
import type { SliceToCheck } from './slices-to-check';

export interface OutlineOptions {
  /** Kind of image: the mean diffusion-weighted image is `dwi`. */
  readonly contrast: OutlineContrast;
  /** Voxel indices (column, row, slice) of clicks on the cord; empty = fully automatic. */
  readonly seeds: readonly Vector3[];
  /**
   * How far inside the edge of the image the line is drawn, mm (default 0). Raters draw the cord of some contrasts
   * smaller than its edge: a convention, not physics, so it is stated beside every area. Negative: outside the edge.
   */
  readonly offsetMm?: number;
  /** 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
  /** Slice to draw first, of the grid of the image: the one on screen. Default: the middle one. */
  readonly firstSlice?: number;
  /** A first line round the cord of each slice as soon as there is one, {@link firstSlice} before all others. */
  readonly onDraft?: (draft: SliceDraft) => void;
  readonly signal?: AbortSignal;
}

/** A line to look at while the outline is made; what {@link outlineCord} returns may lie a little elsewhere. */
export interface SliceDraft {
  /** Slice of the planes across the neck: of the grid of the image, except in stacks that run along the neck. */
  readonly slice: number;
  /** Closed, LPS mm. */
  readonly contour: readonly Vector3[];
}

/** Outline of the cord and how far to trust it. */
export interface CordOutline {
  readonly mask: CordMask;
  /**
   * Planes across the neck in which the outline was drawn; everything below is per slice of this grid. It is the
   * grid of the image, except for stacks that run along the neck (sagittal), whose axes it has in another order.
   */
  readonly planes: VoxelGrid;
  /** Per slice the closed sub-voxel contour, LPS mm, in order round the cord; null where no cord was found. */
  readonly contours: readonly (readonly Vector3[] | null)[];
  /** Per slice the centre of the contour, [column, row], fractional. */
  readonly centreline: readonly (readonly [number, number] | null)[];
  /** Slices a person must look at, and why. Empty = nothing found to doubt. */
  readonly slicesToCheck: readonly SliceToCheck[];
  /** Cross-section in the slice plane from the contour (not from voxels), mm2. */
  readonly areasMm2: readonly (number | null)[];
  /** Why there is no area in any slice; absent when there is. */
  readonly areasMissing?: string;
  /** How far inside the edge of the image the contours are drawn by choice, mm; absent: 0. */
  readonly offsetMm?: number;
}

/** Smallest field in which a cord with its surroundings can be recognised, mm. */
const SMALLEST_FIELD_MM = 16;
/** Offsets beyond this are no convention of any rater, mm. */
const MOST_OFFSET_MM = 1;

/**
 * Outlines the spinal cord in an axial stack: centreline by elliptical matched filters and a path through all slices,
 * then a closed sub-voxel line round the cord in each slice (De Leener et al. 2014, NeuroImage 98:528, for the idea of
 * following the cord; the method is ours).
 *
 * @param image one value per voxel, `[slice][row][column]`; for diffusion the mean diffusion-weighted image
 * @throws InputRefused when sizes do not agree, the slices do not cross the cord, the field is too small, seeds lie
 * outside, or nothing in the stack looks like a cord
 * @throws the reason of `signal` when aborted
 */
export async function outlineCord(
  image: Float32Array,
  grid: VoxelGrid,
  options: OutlineOptions,
): Promise<CordOutline> {
  checkSizes(image, grid);
  checkOffset(options.offsetMm ?? 0);
  const view = axialView(image, grid);
  const frame = checkedFrame(view.grid);
  const seeds = options.seeds.map((seed) => patientToVoxel(view.grid, voxelToPatient(grid, seed)));
  const outline = await outlinePlanes(view, frame, {
    ...options,
    seeds: planeSeeds(seeds, view.grid, frame),
    firstSlice: view.grid === grid ? options.firstSlice : undefined,
  });
  const labels = view.backToOriginal(outline.mask.labels);
  const mask = cordMask({ grid, labels, method: 'automatic' });
  const areasMissing = whyNoSections(view.grid);
  if (areasMissing === null) return { ...outline, mask };
  return { ...outline, mask, areasMm2: outline.areasMm2.map(() => null), areasMissing };
}

function checkSizes(image: Float32Array, grid: VoxelGrid): void {
  const expected = grid.columns * grid.rows * grid.slices;
  if (image.length !== expected) {
    throw new InputRefused(
      `${String(image.length)} values for ${String(expected)} voxels`,
      'cord outline',
      'report this as a defect',
    );
  }
}

function checkOffset(offsetMm: number): void {
  if (Math.abs(offsetMm) <= MOST_OFFSET_MM) return;
  throw new InputRefused(
    `an offset of ${String(offsetMm)} mm`,
    'cord outline',
    `give ${String(MOST_OFFSET_MM)} mm at most: outlines of raters differ by tenths of a millimetre`,
  );
}

function checkedFrame(grid: VoxelGrid): SliceFrame {
  const frame = sliceFrame(grid);
  const fieldMm = Math.min(grid.columns * frame.columnMm, grid.rows * frame.rowMm);
  if (fieldMm < SMALLEST_FIELD_MM) {
    throw new InputRefused(
      `the field is ${fieldMm.toFixed(0)} mm wide`,
      'cord outline',
      `a cord needs ${String(SMALLEST_FIELD_MM)} mm or more: outline by hand`,
    );
  }
  return frame;
}

function planeSeeds(seeds: readonly Vector3[], grid: VoxelGrid, frame: SliceFrame): PlaneSeed[] {
  return seeds.map(([column, row, slice]) => {
    const inside =
      column >= -0.5 &&
      row >= -0.5 &&
      slice >= -0.5 &&
      column <= grid.columns - 0.5 &&
      row <= grid.rows - 0.5 &&
      slice < grid.slices - 0.5;
    if (!inside) {
      throw new InputRefused(
        `the point (${[column, row, slice].join(', ')}) lies outside the image`,
        'cord outline',
        'click inside the image',
      );
    }
    return { ...fromPixel(frame, column, row), slice: Math.round(slice) };
  });
}
