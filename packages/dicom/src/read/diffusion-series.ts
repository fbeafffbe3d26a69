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
import { acquisitionOrder, compareOrder } from './acquisition-order';
import { classicFrame } from './classic';
import { completeVolumes, images } from './complete-volumes';
import type { DiffusionFrame, FrameScaling, LeftOut } from './diffusion-frame';
import { enhancedFrames, frameTypes, hasFunctionalGroups } from './enhanced';
import { groupVolumes } from './group-volumes';
import { seriesName } from './image-name';
import { reasonToLeaveOut, saysDerived } from './left-out';
import { acquisitionDifference, repetitionTimeWarning } from './same-acquisition';
import type { ReplacedTable } from './replace-gradient-table';
import { sliceStack } from './slice-stack';
import { tableWarnings } from './table-warnings';
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
  /** Files the table was taken from instead of the headers; see {@link replaceGradientTable}. */
  readonly replacedTable?: ReplacedTable;
}

/**
 * Reads the headers of one diffusion acquisition: classic or enhanced MR, one series or several of one acquisition.
 * The order of `datasets` means nothing.
 * @param name what to call the series; its number and description when absent
 * @throws InputRefused when there is no diffusion weighting, no geometry, or no complete volume
 */
export function readDiffusionSeries(datasets: readonly DicomJsonDataset[], name?: string): DiffusionSeries {
  const unique = inAcquisitionOrder(uniqueInstances(datasets));
  const [first] = unique;
  const called = name ?? nameOf(unique);
  if (!first) throw new InputRefused('no images', called, 'choose a diffusion series');
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

/** So that nothing in the result follows from the order in which files or answers came. */
function inAcquisitionOrder(datasets: readonly DicomJsonDataset[]): DicomJsonDataset[] {
  return datasets
    .map((dataset) => ({
      dataset,
      order: acquisitionOrder(dataset),
      uid: string(dataset, Tag.SOPInstanceUID) ?? '',
    }))
    .sort((p, q) => compareOrder(p.order, q.order) || (p.uid < q.uid ? -1 : p.uid > q.uid ? 1 : 0))
    .map(({ dataset }) => dataset);
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
    frames.push(
      ...measuredSlices(dataset, (reason) => {
        leave(dataset, reason);
      }),
    );
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

/**
 * The slices of one object that are measured images.
 * @param leave told why, once for each image that is none
 * @throws InputRefused when the header lacks what places an image or its pixels
 */
export function measuredSlices(
  dataset: DicomJsonDataset,
  leave: (reason: string) => void = () => undefined,
): DiffusionFrame[] {
  const enhanced = hasFunctionalGroups(dataset);
  const types = enhanced ? frameTypes(dataset) : [[]];
  const reasons = new Map(types.map((type) => [type.join('\\'), type]));
  const reasonOf = new Map([...reasons].map(([key, type]) => [key, reasonToLeaveOut(dataset, type)]));
  const why = types.map((type) => reasonOf.get(type.join('\\')));
  for (const reason of why) if (reason !== undefined) leave(reason);
  if (why.every((reason) => reason !== undefined)) return [];
  return slicesOf(dataset).filter((_, index) => why[enhanced ? index : 0] === undefined);
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
  const unweighted = frames.filter((frame) => frame.gradient === undefined);
  const assumed = assumedB0(unweighted, weighted);
  if (unweighted.length === 0 || assumed.length > 0)
    return { frames: [...weighted, ...assumed], leftOut: [] };
  const what = `${images(unweighted.length)} of ${name}`;
  return { frames: weighted, leftOut: [{ what, why: 'no b-value in the header' }] };
}

/**
 * Some software writes no b-value into images without diffusion weighting (Siemens XA10, GE from release 27). Images
 * without one are the b0 of a series that has none, if they are of the same acquisition; it is said.
 */
function assumedB0(
  unweighted: readonly DiffusionFrame[],
  weighted: readonly DiffusionFrame[],
): DiffusionFrame[] {
  const [first] = weighted;
  const hasB0 = weighted.some((frame) => (frame.gradient?.bValue ?? 0) <= B0_LIMIT_S_PER_MM2);
  if (!first || hasB0) return [];
  if (unweighted.some((frame) => acquisitionDifference(first, frame) !== undefined)) return [];
  const warnings = ['images without a b-value in the header are taken as b 0'];
  return unweighted.map((frame) => ({
    ...frame,
    gradient: { bValue: 0, direction: null, directionality: 'none', warnings, assumed: true },
  }));
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
  const timing = repetitionTimeWarning(frames);
  const derived = datasets.some(
    (dataset) => saysDerived(dataset) && used.has(string(dataset, Tag.SOPInstanceUID) ?? ''),
  );
  return [
    ...(derived ? ['Image Type says DERIVED: the scanner processed these images'] : []),
    ...joinedSeries(datasets, used),
    ...(timing === undefined ? [] : [timing]),
    ...frames.flatMap((frame) => frame.gradient?.warnings ?? []),
  ];
}

/** Volumes of several series are never put together in silence. */
function joinedSeries(datasets: readonly DicomJsonDataset[], used: ReadonlySet<string>): string[] {
  const names = new Map<string, string>();
  for (const dataset of datasets)
    if (used.has(string(dataset, Tag.SOPInstanceUID) ?? ''))
      names.set(string(dataset, Tag.SeriesInstanceUID) ?? '', seriesName(dataset));
  if (names.size < 2) return [];
  const shown = [...new Set(names.values())];
  const more = shown.length > 6 ? ` and ${String(shown.length - 6)} more` : '';
  return [`${String(names.size)} series joined into one: ${shown.slice(0, 6).join(', ')}${more}`];
}
