import {
  InputRefused,
  patientToVoxel,
  voxelToPatient,
  type Vector3,
  type VoxelGrid,
} from '@myelon/diffusion';
import { cordMask, type CordMask } from '../cord-mask';
import { axialView, type AxialView } from './axial-view';
import { firstContour, refineContours, type SliceSearch } from './boundary';
import { centreline, type PlaneSeed } from './centreline';
import { CONTRAST_RULES, type ContrastRules, type OutlineContrast } from './contrast';
import { edgesSeen, edgeSteps } from './edge-support';
import { scoreMap, type ScoreMap } from './matched-filter';
import { breathing } from './breathing';
import { cordSignalToNoise } from './noise';
import { contourPoints, type Contour } from './polar';
import { insidePolygon, polygonShape } from './shape';
import { fromPixel, sliceFrame, toPatient, toPixel, type PlanePoint, type SliceFrame } from './slice-frame';
import { sliceImage, smoothed, type SliceImage } from './slice-image';
import { slicesToCheck, type SliceToCheck } from './slices-to-check';

export interface OutlineOptions {
  /** Kind of image: the mean diffusion-weighted image is `dwi`. */
  readonly contrast: OutlineContrast;
  /** Voxel indices (column, row, slice) of clicks on the cord; empty = fully automatic. */
  readonly seeds: readonly Vector3[];
  /** 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
  readonly signal?: AbortSignal;
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
}

/** Smallest field in which a cord with its surroundings can be recognised, mm. */
const SMALLEST_FIELD_MM = 16;
/** Below this score nothing in a slice looks like a cord. */
const LEAST_SCORE = 0.1;

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
  const view = axialView(image, grid);
  const outline = await outlinePlanes(view, {
    ...options,
    seeds: options.seeds.map((seed) => patientToVoxel(view.grid, voxelToPatient(grid, seed))),
  });
  const labels = view.backToOriginal(outline.mask.labels);
  return { ...outline, mask: cordMask({ grid, labels, method: 'automatic' }) };
}

async function outlinePlanes({ image, grid }: AxialView, options: OutlineOptions): Promise<CordOutline> {
  const frame = checkedFrame(grid);
  const rules = CONTRAST_RULES[options.contrast];
  const seeds = planeSeeds(options.seeds, grid, frame);
  const breathe = breathing(options.signal);
  const report = options.onProgress ?? (() => undefined);
  const perSlice = grid.columns * grid.rows;
  const slices = Array.from({ length: grid.slices }, (_, slice) =>
    sliceImage(image.subarray(slice * perSlice, (slice + 1) * perSlice), grid.columns, grid.rows, frame),
  );

  const maps: (ScoreMap | null)[] = [];
  for (const [index, slice] of slices.entries()) {
    maps.push(slice && scoreMap(smoothed(slice), rules));
    report((0.6 * (index + 1)) / slices.length);
    await breathe();
  }
  const path = centreline(maps, frame.sliceMm, seeds);
  const clickedOnly = new Set<number>();
  const searches = slices.map((slice, index): SliceSearch | null => {
    const start = path[index];
    const likely = start !== undefined && scoreAt(maps[index], start) >= LEAST_SCORE;
    const seeded = seeds.some((seed) => seed.slice === index);
    if (seeded && !likely) clickedOnly.add(index);
    return slice && start && (seeded || likely) ? { image: smoothed(slice), start } : null;
  });
  if (searches.every((search) => search === null)) {
    throw new InputRefused(
      'nothing in this image looks like a spinal cord',
      'cord outline',
      'choose another image, click on the cord, or outline by hand',
    );
  }
  let contours = searches.map((search) => search && firstContour(search, rules));
  report(0.75);
  for (let pass = 0; pass < 2; pass++) {
    await breathe();
    contours = refineContours(searches, contours, rules);
    report(0.85 + 0.1 * pass);
  }
  await breathe();
  const outline = assemble({ grid, frame, slices, contours, rules, image, clickedOnly });
  report(1);
  return outline;
}

function scoreAt(map: ScoreMap | null | undefined, point: PlanePoint): number {
  if (!map) return -Infinity;
  return map.scores[Math.round(point.v - map.v0) * map.width + Math.round(point.u - map.u0)] ?? -Infinity;
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

interface Drawn {
  readonly grid: VoxelGrid;
  readonly frame: SliceFrame;
  readonly slices: readonly (SliceImage | null)[];
  readonly contours: readonly (Contour | null)[];
  readonly rules: ContrastRules;
  readonly image: Float32Array;
  readonly clickedOnly: ReadonlySet<number>;
}

function assemble(drawn: Drawn): CordOutline {
  const { grid, frame, slices, contours, rules, image, clickedOnly } = drawn;
  const polygons = contours.map((contour) => contour && contourPoints(contour));
  const shapes = polygons.map((polygon) => polygon && polygonShape(polygon));
  const steps = contours.map((contour, slice) => {
    const of = slices[slice];
    return contour && of ? edgeSteps(of, contour, rules) : null;
  });
  return {
    planes: grid,
    mask: cordMask({ grid, labels: rasterised(grid, frame, polygons), method: 'automatic' }),
    contours: polygons.map(
      (polygon, slice) => polygon && polygon.map((point) => toPatient(grid, frame, point, slice)),
    ),
    centreline: shapes.map((shape) => shape && toPixel(frame, shape.centre)),
    areasMm2: shapes.map((shape) => shape && shape.areaMm2),
    slicesToCheck: slicesToCheck({
      grid,
      frame,
      polygons,
      shapes,
      edges: edgesSeen(steps),
      image,
      clickedOnly,
      snr: rules.region === 1 ? cordSignalToNoise(slices, polygons) : null,
    }),
  };
}

/** Voxels whose centre lies inside the contour of their slice. */
function rasterised(
  grid: VoxelGrid,
  frame: SliceFrame,
  polygons: readonly (readonly PlanePoint[] | null)[],
): Uint8Array {
  const labels = new Uint8Array(grid.columns * grid.rows * grid.slices);
  polygons.forEach((polygon, slice) => {
    if (!polygon) return;
    const pixels = polygon.map((point) => toPixel(frame, point));
    const bounds = (axis: 0 | 1, size: number) => {
      const values = pixels.map((pixel) => pixel[axis]);
      return [
        Math.max(Math.floor(Math.min(...values)), 0),
        Math.min(Math.ceil(Math.max(...values)), size - 1),
      ];
    };
    const [left = 0, right = -1] = bounds(0, grid.columns);
    const [top = 0, bottom = -1] = bounds(1, grid.rows);
    for (let row = top; row <= bottom; row++)
      for (let column = left; column <= right; column++) {
        const { u, v } = fromPixel(frame, column, row);
        if (insidePolygon(polygon, u, v)) labels[(slice * grid.rows + row) * grid.columns + column] = 1;
      }
  });
  return labels;
}
