import type { VoxelGrid } from '@myelon/diffusion';
import type { EdgeSeen } from './edge-support';
import type { ContourShape } from './shape';
import { RAYS } from './polar';
import { toPixel, type PlanePoint, type SliceFrame } from './slice-frame';

export interface SliceToCheck {
  /** From 0. */
  readonly slice: number;
  /** For people: "edge seen on 55 % of the contour". */
  readonly why: string;
}

/** Below this share of the contour with a visible edge a person has to look. */
const LEAST_SUPPORT = 0.7;
/** An edge missing over a longer way round has to be looked at, wherever else it is seen. */
const LONGEST_GAP = 1 / 8;
/** A cord fewer voxels deep than this, in an image noisier than this, may be off by a fifth of its area. */
const THIN_VOXELS = 5;
const THIN_SNR = 12;
/** Change of area between neighbouring slices, per 5 mm, beyond which a person has to look. */
const MOST_AREA_STEP = 0.35;
/** Below this signal-to-noise ratio outlines are off by up to a third of the area. */
const LEAST_SNR = 4;
/** Areas no cervical cord has, mm2. */
const PLAUSIBLE_AREA_MM2 = [25, 140] as const;

interface Found {
  readonly grid: VoxelGrid;
  readonly frame: SliceFrame;
  readonly polygons: readonly (readonly PlanePoint[] | null)[];
  readonly shapes: readonly (ContourShape | null)[];
  readonly edges: readonly (EdgeSeen | null)[];
  readonly image: Float32Array;
  /** Slices that are outlined only because somebody clicked there. */
  readonly clickedOnly: ReadonlySet<number>;
  /** Another place in the image looks as much like a cord. */
  readonly rival: boolean;
  /** Signal of the cord over noise in the whole stack, null when unknown. */
  readonly snr: number | null;
}

/** The self-check of an outline: nothing doubtful is drawn silently. */
export function slicesToCheck(found: Found): SliceToCheck[] {
  return Array.from({ length: found.grid.slices }, (_, slice) =>
    reasons(found, slice).map((why) => ({ slice, why })),
  ).flat();
}

function reasons(found: Found, slice: number): string[] {
  const shape = found.shapes[slice];
  const polygon = found.polygons[slice];
  if (!shape || !polygon) return ['no cord found'];
  const why: string[] = [];
  if (found.clickedOnly.has(slice))
    why.push('nothing here looks like a cord: it is outlined because of the click');
  if (found.rival) why.push('another place looks as much like a cord: click on the one that is meant');
  if (found.snr !== null && found.snr < LEAST_SNR)
    why.push(`the image is noisy (signal-to-noise ratio of the cord about ${found.snr.toFixed(1)})`);
  const { support, gap, gapRay } = found.edges[slice] ?? { support: 0, gap: 1, gapRay: 0 };
  if (support < LEAST_SUPPORT)
    why.push(`edge of the cord visible on only ${(100 * support).toFixed(0)} % of the outline`);
  else if (gap > LONGEST_GAP) why.push(`no edge to see ${sideOf(gapRay)}`);
  why.push(...thinness(found, shape));
  const [least, most] = PLAUSIBLE_AREA_MM2;
  if (shape.areaMm2 < least || shape.areaMm2 > most)
    why.push(`area ${shape.areaMm2.toFixed(0)} mm² is unusual for a cord`);
  const step = areaStep(found, slice);
  if (step > MOST_AREA_STEP) why.push(`area differs by ${(100 * step).toFixed(0)} % from its neighbours`);
  if (touchesBorder(found, polygon)) why.push('the outline reaches the border of the image');
  if (holdsGaps(found, slice)) why.push('the image holds voxels without a value');
  return why;
}

/** Rays run from the patient's left over the back to the right and the front. */
function sideOf(ray: number): string {
  const sides = ['on the left', 'at the back', 'on the right', 'at the front'] as const;
  return sides[Math.round((4 * ray) / RAYS) % 4] ?? 'on one side';
}

function thinness({ frame, snr }: Found, { halfDepth }: ContourShape): string[] {
  const voxels = (2 * halfDepth) / Math.max(frame.columnMm, frame.rowMm);
  if (snr === null || snr >= THIN_SNR || voxels >= THIN_VOXELS) return [];
  return [
    `the cord is only ${voxels.toFixed(1)} voxels deep here, at a signal-to-noise ratio of about ${snr.toFixed(0)}`,
  ];
}

/** Difference to the mean of the neighbouring slices, per 5 mm. */
function areaStep({ shapes, frame }: Found, slice: number): number {
  const area = shapes[slice]?.areaMm2 ?? 0;
  const near = [shapes[slice - 1], shapes[slice + 1]].flatMap((shape) => (shape ? [shape.areaMm2] : []));
  if (near.length === 0) return 0;
  const mean = near.reduce((sum, one) => sum + one, 0) / near.length;
  return (Math.abs(area - mean) / mean) * Math.min(5 / frame.sliceMm, 1);
}

function touchesBorder({ grid, frame }: Found, polygon: readonly PlanePoint[]): boolean {
  return polygon.some((point) => {
    const [column, row] = toPixel(frame, point);
    return column < 0 || row < 0 || column > grid.columns - 1 || row > grid.rows - 1;
  });
}

function holdsGaps({ grid, image }: Found, slice: number): boolean {
  const perSlice = grid.columns * grid.rows;
  return !image.subarray(slice * perSlice, (slice + 1) * perSlice).every(Number.isFinite);
}
