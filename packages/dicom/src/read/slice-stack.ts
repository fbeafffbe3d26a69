import { InputRefused, type Affine, type Vector3, type VoxelGrid } from '@myelon/diffusion';
import type { DiffusionFrame } from './diffusion-frame';
import { acquisitionDifference } from './same-acquisition';
import { cross, distance, dot, length, minus, plus, scaled } from './vectors';

/** Slices closer together than this are the same slice. */
const SAME_SLICE_MM = 0.02;
/** A gap between slices may differ from the mean by this much, or by 1 %. */
const GAP_TOLERANCE_MM = 0.05;
const OFF_AXIS_TOLERANCE_MM = 0.1;
/** Slices that fewer than this part of all volumes hold do not belong to the stack. */
const LEAST_PART_OF_VOLUMES = 0.5;

/** The slice positions of a series, ascending along the slice normal, and what lies where. */
export interface SliceStack {
  readonly grid: VoxelGrid;
  /** Slice index of a frame; undefined for a frame outside the stack. */
  sliceOf(frame: DiffusionFrame): number | undefined;
}

/**
 * Finds the stack that all frames share. Order comes from the positions alone; instance numbers and Slice Location
 * are not asked.
 * @throws InputRefused when frames differ in matrix, orientation or spacing, when a slice is missing, or when slices
 * do not lie on one straight line along their normal
 */
export function sliceStack(frames: readonly DiffusionFrame[], name: string): SliceStack {
  const [first] = frames;
  if (!first) throw new InputRefused('no images', name, 'choose a diffusion series');
  for (const frame of frames) checkSameAcquisition(first, frame, name);
  const { normal } = first.plane;
  const along = (frame: DiffusionFrame) => dot(frame.plane.position, normal);
  const clusters = clustered(frames, along);
  const most = Math.max(...clusters.map((cluster) => cluster.frames.length));
  const kept = clusters.filter((cluster) => cluster.frames.length >= LEAST_PART_OF_VOLUMES * most);
  const origins = kept.map((cluster) => cluster.frames[0]?.plane.position ?? first.plane.position);
  const step = sliceStep(origins, first, name);
  checkStraight(kept, origins[0] ?? first.plane.position, step, name);
  const slices = new Map(kept.flatMap((cluster, slice) => cluster.frames.map((frame) => [frame, slice])));
  return { grid: gridOf(first, origins, step), sliceOf: (frame) => slices.get(frame) };
}

interface Cluster {
  readonly at: number;
  readonly frames: DiffusionFrame[];
}

function clustered(frames: readonly DiffusionFrame[], along: (frame: DiffusionFrame) => number): Cluster[] {
  const clusters: Cluster[] = [];
  const placed = frames.map((frame) => ({ frame, at: along(frame) })).sort((p, q) => p.at - q.at);
  for (const { frame, at } of placed) {
    const last = clusters.at(-1);
    if (last && at - last.at <= SAME_SLICE_MM) last.frames.push(frame);
    else clusters.push({ at, frames: [frame] });
  }
  return clusters;
}

function checkSameAcquisition(first: DiffusionFrame, frame: DiffusionFrame, name: string): void {
  const what = acquisitionDifference(first, frame);
  if (what === undefined) return;
  throw new InputRefused(
    `${what} differs between images (${first.name}; ${frame.name})`,
    name,
    'these are separate acquisitions: choose one of them',
  );
}

/** Vector from one slice to the next, from the outermost positions. */
function sliceStep(origins: readonly Vector3[], first: DiffusionFrame, name: string): Vector3 {
  const [bottom, top] = [origins[0], origins.at(-1)];
  const { normal } = first.plane;
  if (!bottom || !top || origins.length === 1) {
    const spacing = first.sliceSpacingMm;
    if (spacing !== undefined && spacing > 0) return scaled(normal, spacing);
    throw new InputRefused(
      'a single slice without Slice Thickness or Spacing Between Slices',
      name,
      'send the series again from the scanner',
    );
  }
  const gaps = origins.slice(1).map((origin, index) => dot(minus(origin, origins[index] ?? origin), normal));
  checkEvenGaps(gaps, origins, name);
  return scaled(minus(top, bottom), 1 / (origins.length - 1));
}

/** @param gaps mm from each slice to the next */
function checkEvenGaps(gaps: readonly number[], origins: readonly Vector3[], name: string): void {
  const usual = [...gaps].sort((p, q) => p - q)[Math.floor(gaps.length / 2)] ?? 0;
  const tolerance = Math.max(GAP_TOLERANCE_MM, 0.01 * usual);
  for (const [index, gap] of gaps.entries()) {
    if (Math.abs(gap - usual) <= tolerance) continue;
    const where = (origins[index + 1] ?? []).map((coordinate) => coordinate.toFixed(1)).join(', ');
    throw new InputRefused(
      `gap of ${gap.toFixed(2)} mm below slice ${String(index + 2)} (${where}) where slices lie ${usual.toFixed(2)} mm apart`,
      name,
      'a slice is missing, or two stacks are mixed: send the whole series again',
    );
  }
}

function checkStraight(clusters: readonly Cluster[], origin: Vector3, step: Vector3, name: string): void {
  const normal = clusters[0]?.frames[0]?.plane.normal ?? step;
  const sheared = length(cross(step, normal)) / length(step) > 0.01;
  for (const [slice, cluster] of clusters.entries()) {
    const expected = plus(origin, scaled(step, slice));
    for (const frame of cluster.frames) {
      const off = distance(frame.plane.position, expected);
      if (off > OFF_AXIS_TOLERANCE_MM || sheared)
        throw new InputRefused(
          `slices do not lie on a straight line along their normal (${frame.name} is ${off.toFixed(2)} mm away)`,
          name,
          'the images are of more than one acquisition, or their positions are wrong: choose one acquisition',
        );
    }
  }
}

function gridOf(first: DiffusionFrame, origins: readonly Vector3[], step: Vector3): VoxelGrid {
  const { row, column, rowSpacingMm, columnSpacingMm, position } = first.plane;
  const origin = origins[0] ?? position;
  const [u, v] = [scaled(row, columnSpacingMm), scaled(column, rowSpacingMm)];
  const affine: Affine = [
    u[0], v[0], step[0], origin[0],
    u[1], v[1], step[1], origin[1],
    u[2], v[2], step[2], origin[2],
  ]; // prettier-ignore
  return {
    columns: first.columns,
    rows: first.rows,
    slices: origins.length,
    affine,
    ...(first.frameOfReferenceUID === undefined ? {} : { frameOfReferenceUID: first.frameOfReferenceUID }),
  };
}
