import {
  B0_LIMIT_S_PER_MM2,
  GradientTable,
  InputRefused,
  checkGrid,
  type VoxelGrid,
} from '@myelon/diffusion';
import { string } from '../dataset/access';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { Tag } from '../dataset/tags';
import { classicFrame } from './classic';
import type { DiffusionFrame, FrameScaling, LeftOut } from './diffusion-frame';
import { enhancedFrames, frameTypes, hasFunctionalGroups } from './enhanced';
import { groupVolumes, type FrameGroup } from './group-volumes';
import { seriesName } from './image-name';
import { reasonToLeaveOut, saysDerived } from './left-out';
import { sliceStack, type SliceStack } from './slice-stack';
import { withoutDuplicates } from './duplicates';
import { isTiled, tiledFrames } from './tiled-frames';

/** A diffusion series as its headers describe it: everything but the pixels. */
export interface DiffusionSeries {
  /** What a person calls it. */
  readonly name: string;
  readonly studyInstanceUID: string;
  readonly seriesInstanceUIDs: readonly string[];
  readonly grid: VoxelGrid;
  readonly gradients: GradientTable;
  /** `[volume][slice]`. */
  readonly frames: readonly FrameScaling[];
  readonly leftOut: readonly LeftOut[];
  readonly warnings: readonly string[];
}

/**
 * Reads the headers of one diffusion acquisition: classic or enhanced MR, one series or several of one acquisition.
 * The order of `datasets` means nothing.
 * @param name what to call the series; its number and description when absent
 * @throws InputRefused when there is no diffusion weighting, no geometry, or no complete volume
 */
export function readDiffusionSeries(datasets: readonly DicomJsonDataset[], name?: string): DiffusionSeries {
  const [first] = datasets;
  const called = name ?? nameOf(datasets);
  if (!first) throw new InputRefused('no images', called, 'choose a diffusion series');
  const unique = uniqueInstances(datasets);
  const { frames: all, leftOut } = measuredFrames(unique, called);
  const { frames, dropped } = withoutDuplicates(all);
  const weighted = withWeighting(frames, called);
  const stack = sliceStack(weighted.frames, called);
  const groups = groupVolumes(weighted.frames, (frame) => stack.sliceOf(frame), stack.grid.slices);
  const { volumes, incomplete } = completeVolumes(groups, stack, called);
  const directed = withoutIsotropic(volumes);
  checkGrid(stack.grid, called);
  const gradients = gradientTable(directed.volumes, called);
  return {
    name: called,
    studyInstanceUID: string(first, Tag.StudyInstanceUID) ?? '',
    seriesInstanceUIDs: [...new Set(directed.volumes.flat().map((frame) => frame.seriesInstanceUID))],
    grid: stack.grid,
    gradients,
    frames: directed.volumes.flat().map(frameScaling),
    leftOut: [...leftOut, ...dropped, ...weighted.leftOut, ...incomplete, ...directed.leftOut],
    warnings: [...new Set([...warningsOf(unique, directed.volumes.flat()), ...tableWarnings(gradients)])],
  };
}

/** Name of the first series that holds measured images, so that an appended map does not name the whole. */
function nameOf(datasets: readonly DicomJsonDataset[]): string {
  const measured = datasets.find((dataset) => reasonToLeaveOut(dataset) === undefined) ?? datasets[0];
  return measured ? seriesName(measured) : 'series';
}

function uniqueInstances(datasets: readonly DicomJsonDataset[]): DicomJsonDataset[] {
  const seen = new Set<string>();
  return datasets.filter((dataset) => {
    const uid = string(dataset, Tag.SOPInstanceUID);
    if (uid === undefined) return true;
    const fresh = !seen.has(uid);
    seen.add(uid);
    return fresh;
  });
}

function measuredFrames(
  datasets: readonly DicomJsonDataset[],
  name: string,
): { frames: DiffusionFrame[]; leftOut: LeftOut[] } {
  const frames: DiffusionFrame[] = [];
  const reasons = new Map<string, number>();
  const leave = (dataset: DicomJsonDataset, why: string) => {
    const key = `${seriesName(dataset)}\n${why}`;
    reasons.set(key, (reasons.get(key) ?? 0) + 1);
  };
  for (const dataset of datasets) {
    const enhanced = hasFunctionalGroups(dataset);
    const types = enhanced ? frameTypes(dataset) : [[]];
    const why = types.map((type) => reasonToLeaveOut(dataset, type));
    for (const reason of why) if (reason !== undefined) leave(dataset, reason);
    if (why.every((reason) => reason !== undefined)) continue;
    const slices = slicesOf(dataset);
    for (const [index, slice] of slices.entries())
      if (why[enhanced ? index : 0] === undefined) frames.push(slice);
  }
  const leftOut = [...reasons].map(([key, count]) => {
    const [series = '', why = ''] = key.split('\n');
    return { what: `${images(count)} of ${series}`, why };
  });
  if (frames.length === 0)
    throw new InputRefused(
      `only images that cannot enter a fit (${[...new Set(leftOut.map((one) => one.why))].join('; ')})`,
      name,
      'choose the series with the measured diffusion images',
    );
  return { frames, leftOut };
}

function slicesOf(dataset: DicomJsonDataset): DiffusionFrame[] {
  if (hasFunctionalGroups(dataset)) return enhancedFrames(dataset);
  return isTiled(dataset) ? tiledFrames(dataset) : [classicFrame(dataset)];
}

/** Frames that carry a diffusion weighting. Where only some lack one, those are left out and named. */
function withWeighting(
  frames: readonly DiffusionFrame[],
  name: string,
): { frames: DiffusionFrame[]; leftOut: LeftOut[] } {
  const weighted = frames.filter((frame) => frame.gradient !== undefined);
  if (!weighted.some((frame) => frame.gradient?.assumed !== true))
    throw new InputRefused(
      'no diffusion b-value in any image (0018,9087 or the vendor elements)',
      name,
      'choose a diffusion series; if it is one, its private elements were stripped: send it again from the scanner',
    );
  const lacking = weighted.find(
    (frame) => frame.gradient?.directionality === 'directional' && frame.gradient.direction === null,
  );
  if (lacking)
    throw new InputRefused(
      'the header says that the image has a diffusion direction (0018,9075) but holds none',
      lacking.name,
      'send the series again from the scanner, or give the table as .bval and .bvec',
    );
  const without = frames.length - weighted.length;
  const leftOut =
    without === 0 ? [] : [{ what: `${images(without)} of ${name}`, why: 'no b-value in the header' }];
  return { frames: weighted, leftOut };
}

function completeVolumes(
  groups: readonly FrameGroup[],
  stack: SliceStack,
  name: string,
): { volumes: DiffusionFrame[][]; incomplete: LeftOut[] } {
  const { slices } = stack.grid;
  const volumes: DiffusionFrame[][] = [];
  const incomplete: LeftOut[] = [];
  for (const [index, group] of groups.entries()) {
    const volume = [...Array(slices).keys()].flatMap((slice) => group.frames.get(slice) ?? []);
    if (volume.length === slices) volumes.push(volume);
    else if (volume.length > 0) incomplete.push(missingSlices(index, group, volume, slices));
    if (group.surplus.length > 0)
      incomplete.push({
        what: `${images(group.surplus.length)} of volume ${String(index + 1)} (${group.surplus[0]?.name ?? ''})`,
        why: 'a slice that this volume already has, or a position outside the stack',
      });
  }
  if (volumes.length === 0)
    throw new InputRefused(
      `no complete volume of ${String(slices)} slices`,
      name,
      'images are missing: fetch the whole series',
    );
  return { volumes, incomplete };
}

function missingSlices(
  index: number,
  group: FrameGroup,
  volume: readonly DiffusionFrame[],
  slices: number,
): LeftOut {
  const absent = [...Array(slices).keys()]
    .filter((slice) => !group.frames.has(slice))
    .map((slice) => slice + 1);
  const named = absent.slice(0, 5).join(', ') + (absent.length > 5 ? ' ...' : '');
  const b = volume[0]?.gradient?.bValue ?? Number.NaN;
  return {
    what: `volume ${String(index + 1)} (b ${b.toFixed(0)}, ${images(volume.length)})`,
    why: `incomplete: ${String(absent.length)} of ${String(slices)} slices missing (slice ${named})`,
  };
}

/** Isotropic volumes beside directional ones are the scanner's averages; a series that has only them is kept. */
function withoutIsotropic(volumes: readonly DiffusionFrame[][]): {
  volumes: readonly DiffusionFrame[][];
  leftOut: LeftOut[];
} {
  const kind = (volume: readonly DiffusionFrame[]) => volume[0]?.gradient?.directionality;
  if (!volumes.some((volume) => kind(volume) === 'directional')) return { volumes, leftOut: [] };
  const isotropic = volumes.filter((volume) => kind(volume) === 'isotropic');
  const leftOut = isotropic.map((volume) => ({
    what: `volume with b ${(volume[0]?.gradient?.bValue ?? 0).toFixed(0)} without direction (${volume[0]?.name ?? ''})`,
    why: 'isotropic image beside directional ones: averaged over directions by the scanner',
  }));
  return { volumes: volumes.filter((volume) => kind(volume) !== 'isotropic'), leftOut };
}

function gradientTable(volumes: readonly DiffusionFrame[][], name: string): GradientTable {
  const readings = volumes.map((volume) => volume[0]?.gradient);
  return new GradientTable(
    readings.map((reading) => reading?.bValue ?? Number.NaN),
    readings.flatMap((reading) => reading?.direction ?? [0, 0, 0]),
    name,
  );
}

function frameScaling(frame: DiffusionFrame): FrameScaling {
  const { sopInstanceUID, seriesInstanceUID, slope, intercept, pixelFormat, tile } = frame;
  return { sopInstanceUID, frame: frame.frame, seriesInstanceUID, slope, intercept, pixelFormat, tile };
}

function warningsOf(datasets: readonly DicomJsonDataset[], frames: readonly DiffusionFrame[]): string[] {
  const used = new Set(frames.map((frame) => frame.sopInstanceUID));
  const derived = datasets.some(
    (dataset) => saysDerived(dataset) && used.has(string(dataset, Tag.SOPInstanceUID) ?? ''),
  );
  return [
    ...(derived ? ['Image Type says DERIVED: the scanner processed these images'] : []),
    ...frames.flatMap((frame) => frame.gradient?.warnings ?? []),
  ];
}

function tableWarnings(table: GradientTable): string[] {
  const directed = [...Array(table.count).keys()].some((volume) => table.hasDirection(volume));
  return [
    ...(table.b0Volumes().length === 0 ? [`no volume with b up to ${String(B0_LIMIT_S_PER_MM2)} s/mm²`] : []),
    ...(directed ? [] : ['no diffusion directions: a tensor cannot be fitted']),
  ];
}

function images(count: number): string {
  return count === 1 ? '1 image' : `${String(count)} images`;
}
