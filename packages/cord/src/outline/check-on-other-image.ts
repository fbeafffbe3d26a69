import { InputRefused, patientToVoxel, sameGrid, type Affine, type VoxelGrid } from '@myelon/diffusion';
import type { OutlineContrast } from './contrast';
import { outlineCord, type CordOutline } from './outline-cord';
import { polygonShape } from './shape';
import { fromPixel, sliceFrame } from './slice-frame';
import type { SliceToCheck } from './slices-to-check';

const { abs, ceil, floor, hypot, max, min, round } = Math;

/** Round the outline this much of the other image is looked at, mm. */
const MARGIN_MM = 12;
/**
 * Differences beyond which a slice is to be looked at. Right outlines of simulated b 0 images (SNR 5 to 30, flattened
 * or not) differed from those of the diffusion images by 0.2 mm and 16 % at most, a healthy volunteer's by 1.2 mm and
 * 19 % (flow voids).
 */
export const LARGEST_DIFFERENCE = { centreMm: 1.5, area: 0.3 } as const;

/** An image that shows the cord clearly in fewer of the slices proves nothing in those either. */
const LEAST_COMPARED = 0.3;

export interface OtherImage {
  /** On the grid of the outline's mask. */
  readonly image: Float32Array;
  readonly contrast: OutlineContrast;
  /** For people: "the unweighted image". */
  readonly name: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The outline with doubts where another image of the same voxels shows the cord elsewhere, or in another size. A slice
 * in which the other outline is doubtful itself proves nothing. Stacks along the neck are not checked.
 */
export async function checkOnOtherImage(outline: CordOutline, other: OtherImage): Promise<CordOutline> {
  const { grid } = outline.mask;
  if (!sameGrid(outline.planes, grid)) return outline;
  const found = await outlineOnOther(outline, other);
  if (!found) return outline;
  const compared = differencesOf(outline, found);
  if (compared.length < LEAST_COMPARED * outline.contours.length) return outline;
  const differing = compared.flatMap((one) => doubts(one, other.name));
  return {
    ...outline,
    slicesToCheck: [...outline.slicesToCheck, ...differing].sort((p, q) => p.slice - q.slice),
  };
}

interface Cropped {
  readonly image: Float32Array;
  readonly grid: VoxelGrid;
  readonly left: number;
  readonly top: number;
}

/** The field round the outline of all slices: a fraction of the whole, and nothing else to mistake for a cord. */
function croppedTo({ contours, planes }: CordOutline, image: Float32Array): Cropped | null {
  const points = contours.flatMap((contour) => contour ?? []).map((point) => patientToVoxel(planes, point));
  if (points.length === 0) return null;
  const frame = sliceFrame(planes);
  const bounds = (axis: 0 | 1, size: number, mm: number) => {
    const values = points.map((point) => point[axis]);
    const margin = MARGIN_MM / mm;
    return [max(floor(min(...values) - margin), 0), min(ceil(max(...values) + margin), size - 1)] as const;
  };
  const [left, right] = bounds(0, planes.columns, frame.columnMm);
  const [top, bottom] = bounds(1, planes.rows, frame.rowMm);
  const [columns, rows] = [right - left + 1, bottom - top + 1];
  const a = planes.affine;
  const moved = [0, 4, 8].flatMap((line) => [
    ...a.slice(line, line + 3),
    (a[line + 3] ?? 0) + left * (a[line] ?? 0) + top * (a[line + 1] ?? 0),
  ]) as unknown as Affine;
  const part = new Float32Array(columns * rows * planes.slices);
  for (let line = 0; line < rows * planes.slices; line++) {
    const from = (floor(line / rows) * planes.rows + top + (line % rows)) * planes.columns + left;
    part.set(image.subarray(from, from + columns), line * columns);
  }
  return { image: part, grid: { ...planes, columns, rows, affine: moved }, left, top };
}

/** Null when the other image shows nothing like a cord there. */
export async function outlineOnOther(
  outline: CordOutline,
  { image: whole, contrast, signal }: OtherImage,
): Promise<CordOutline | null> {
  const near = croppedTo(outline, whole);
  if (!near) return null;
  const { image, grid, left, top } = near;
  const seeds = outline.centreline.flatMap((centre, slice) =>
    centre ? [[centre[0] - left, centre[1] - top, slice] as const] : [],
  );
  try {
    return await outlineCord(image, grid, { contrast, seeds, ...(signal ? { signal } : {}) });
  } catch (error) {
    if (error instanceof InputRefused) return null;
    throw error;
  }
}

/** How two outlines of one slice differ. */
export interface Difference {
  readonly slice: number;
  readonly centreMm: number;
  /** Area of the other one over that of the first, minus 1. */
  readonly area: number;
}

/** Slices that both show, and in which the other outline is not in doubt itself. */
export function differencesOf(outline: CordOutline, other: CordOutline): Difference[] {
  const frame = sliceFrame(outline.planes);
  const doubtful = new Set(other.slicesToCheck.map(({ slice }) => slice));
  const shapeOf = (contour: CordOutline['contours'][number] | undefined) =>
    contour
      ? polygonShape(
          contour.map((point) => {
            const [column, row] = patientToVoxel(outline.planes, point);
            return fromPixel(frame, column, row);
          }),
        )
      : null;
  return outline.contours.flatMap((contour, slice) => {
    const here = shapeOf(contour);
    const there = doubtful.has(slice) ? null : shapeOf(other.contours[slice]);
    if (!here || !there) return [];
    const centreMm = hypot(here.centre.u - there.centre.u, here.centre.v - there.centre.v);
    return [{ slice, centreMm, area: there.areaMm2 / here.areaMm2 - 1 }];
  });
}

function doubts({ slice, centreMm, area }: Difference, name: string): SliceToCheck[] {
  const why = [
    ...(centreMm > LARGEST_DIFFERENCE.centreMm
      ? [`${name} shows the cord ${centreMm.toFixed(1)} mm away`]
      : []),
    ...(abs(area) > LARGEST_DIFFERENCE.area
      ? [`${name} shows the cord ${String(round(100 * abs(area)))} % ${area > 0 ? 'larger' : 'smaller'}`]
      : []),
  ];
  return why.map((reason) => ({ slice, why: reason }));
}
